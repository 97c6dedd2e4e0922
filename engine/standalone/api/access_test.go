package api_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func contextThatEnded(t *testing.T) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx, cancel
}

func TestAccess(t *testing.T) {
	const (
		absent  = "The resource requires authentication, which was not supplied with the request"
		invalid = "The supplied authentication is invalid"
	)
	check(t, []row{
		{name: "no credentials", do: "GET ~/actions", header: []string{"Authorization", ""}, status: 401, text: absent},
		{name: "credentials of another scheme", do: "GET ~/actions", header: []string{"Authorization", "Bearer x"},
			status: 401, text: absent},
		{name: "credentials that are no base64", do: "GET ~/actions", header: []string{"Authorization", "Basic !"},
			status: 401, text: absent},
		{name: "wrong credentials", do: "GET ~/actions", header: []string{"Authorization", "Basic dXNlcjpubw=="},
			status: 401, text: invalid},
		{name: "the scheme in small letters", do: "GET ~/actions",
			header: []string{"Authorization", "basic dXNlcjprZXk="}, status: 200},
		{name: "credentials come before the route", do: "GET /api/v1/nothing", header: []string{"Authorization", ""},
			status: 401, text: absent},
		{name: "another namespace", do: "GET /api/v1/namespaces/other/actions", status: 403,
			text: "The supplied authentication is not authorized to access 'other'."},
		{name: "an entity of another namespace", do: "POST /api/v1/namespaces/other/actions/x", status: 403,
			text: "The supplied authentication is not authorized to access 'other/x'."},
		{name: "the own namespaces", do: "GET /api/v1/namespaces", status: 200, json: `["guest"]`},
		{name: "the own namespaces with a slash", do: "GET /api/v1/namespaces/", status: 200, json: `["guest"]`},
		{name: "the namespaces are not written", do: "PUT /api/v1/namespaces {}", status: 405,
			text: "HTTP method not allowed, supported methods: GET"},
		{name: "a namespace alone", do: "GET /api/v1/namespaces/_", status: 404, text: noRoute},
		{name: "a collection that is not there", do: "GET ~/gadgets", status: 404, text: noRoute},
		{name: "a path that is not there", do: "GET /nothing", status: 404, text: noRoute},
		{name: "a path of the API that is not there", do: "GET /api/v1/nothing", status: 404, text: noRoute},
		{name: "a path too deep", do: "GET ~/actions/a/b/c", status: 404, text: noRoute},
		{name: "a package too deep", do: "GET ~/packages/a/b", status: 404, text: noRoute},
		{name: "limits of one thing", do: "GET ~/limits/x", status: 400,
			text: "Inner entity level routes for limits are not yet implemented."},
		{name: "limits of one thing are not written", do: "PUT ~/limits/x {}", status: 405},
		{name: "the limits of the namespace", do: "GET ~/limits", status: 200,
			json: `{"invocationsPerMinute":60,"concurrentInvocations":30,"firesPerMinute":60,
				"minActionMemory":128,"maxActionMemory":512,"minActionTimeout":100,"maxActionTimeout":300000,
				"minActionLogs":0,"maxActionLogs":10,"minActionConcurrency":1,"maxActionConcurrency":1}`},
		{name: "the limits are not written", do: "PUT ~/limits {}", status: 405},
	})
}

func TestInfoNeedsNoCredentials(t *testing.T) {
	check(t, []row{
		{name: "the server", do: "GET /", header: []string{"Authorization", ""}, status: 200,
			json: `{"description":"OpenWhisk",
				"support":{"github":"https://github.com/apache/openwhisk/issues","slack":"http://slack.openwhisk.org"},
				"api_paths":["/api/v1"],
				"limits":{"actions_per_minute":60,"triggers_per_minute":60,"concurrent_actions":30,"sequence_length":3,
				"min_action_duration":100,"max_action_duration":300000,"min_action_memory":134217728,"max_action_memory":536870912,
				"min_action_logs":0,"max_action_logs":10485760,"default_max_action_memory":536870912},
				"runtimes":{"nodejs":[{"kind":"nodejs:20","image":"node","default":true,
				"deprecated":false,"attached":false,"requireMain":false},
				{"kind":"nodejs:18","default":false}],"java":[{"kind":"java:17","requireMain":true}]}}`,
			lacks: "go:1.26"},
		{name: "the API", do: "GET /api/v1", header: []string{"Authorization", ""}, status: 200,
			json: `{"description":"OpenWhisk API","api_version":"1.0.0","api_version_path":"v1",
				"swagger_paths":{"ui":"/docs","api-docs":"/api-docs"}}`},
		{name: "the API with a slash", do: "GET /api/v1/", header: []string{"Authorization", ""}, status: 200},
		{name: "the invokers", do: "GET /invokers", header: []string{"Authorization", ""}, status: 200,
			json: `{"invoker0":"up"}`},
		{name: "the healthy invokers", do: "GET /invokers/healthy/count", header: []string{"Authorization", ""},
			status: 200, json: `1`},
		{name: "whether invokers are ready", do: "GET /invokers/ready", header: []string{"Authorization", ""},
			status: 200},
		{name: "no activation in flight", do: "GET /activation", header: []string{"Authorization", ""}, status: 200, json: `[]`},
		{name: "activations in flight", do: "GET /activation/count", header: []string{"Authorization", ""},
			status: 200, json: `0`},
		{name: "the server is not written", do: "PUT / {}", status: 405,
			text: "HTTP method not allowed, supported methods: GET"},
	})
	f := serve(t, defaults())
	if got := f.must(t, "GET /ping"); got.body != "pong" || !strings.HasPrefix(got.header.Get("Content-Type"), "text/plain") {
		t.Errorf("GET /ping: got %q of type %q", got.body, got.header.Get("Content-Type"))
	}
}

func TestHeaders(t *testing.T) {
	f := serve(t, defaults())
	for _, c := range []struct {
		name, do string
		send     []string
		header   string
		want     string
	}{
		{"the client's transaction is adopted", "GET ~/actions", []string{"X-Request-ID", "abc"}, "X-Request-ID", "abc"},
		{"the challenge names the realm", "GET ~/actions", []string{"Authorization", ""}, "WWW-Authenticate",
			`Basic realm="OpenWhisk secure realm"`},
		{"a page may call", "GET ~/actions", nil, "Access-Control-Allow-Origin", "*"},
		{"with these methods", "OPTIONS ~/actions", []string{"Authorization", ""}, "Access-Control-Allow-Methods",
			"GET, DELETE, POST, PUT, HEAD"},
		{"with these headers", "OPTIONS ~/actions", nil, "Access-Control-Allow-Headers",
			"Authorization, Origin, X-Requested-With, Content-Type, Accept, User-Agent"},
		{"the body is JSON", "GET ~/actions", nil, "Content-Type", "application/json"},
		{"the info is JSON", "GET /", nil, "Content-Type", "application/json"},
		{"an error is JSON", "GET /nothing", nil, "Content-Type", "application/json"},
		{"a verb that is not allowed names the others", "DELETE ~/limits", nil, "Allow", "GET"},
	} {
		if got := f.call(t, c.do, c.send...).header.Get(c.header); got != c.want {
			t.Errorf("%s: got %s %q, want %q", c.name, c.header, got, c.want)
		}
	}
}

func TestTransactions(t *testing.T) {
	f := serve(t, defaults())
	own := f.call(t, "GET ~/actions/none", "X-Request-ID", "mine")
	row{do: "an error with the client's id", status: 404, json: `{"code":"mine"}`}.judge(t, own)
	system := f.call(t, "GET ~/actions/none", "X-Request-ID", "sid_invoker")
	row{do: "an error with a reserved id", status: 404, text: missing}.judge(t, system)
	if id := system.header.Get("X-Request-ID"); !strings.Contains(system.body, id) || strings.HasPrefix(id, "sid_") {
		t.Errorf("got header %q and body %s, want one new id", id, system.body)
	}
}

func TestPublicCredentialsAreForThisMachine(t *testing.T) {
	s := defaults()
	s.localOnly = true
	f := serve(t, s)
	for origin, want := range map[string]int{
		"https://example.com": http.StatusForbidden, "null": http.StatusForbidden,
		"http://localhost:3000": http.StatusOK, "http://127.0.0.1": http.StatusOK, "http://[::1]:80": http.StatusOK,
	} {
		got := f.call(t, "OPTIONS ~/actions", "Origin", origin)
		if got.status != want || (got.header.Get("Access-Control-Allow-Origin") != "") != (want == http.StatusOK) {
			t.Errorf("a page of %s: got %d and %v, want %d", origin, got.status, got.header, want)
		}
	}
	if got := f.call(t, "GET ~/actions"); got.status != http.StatusOK {
		t.Errorf("a client without an origin: got %d, want 200", got.status)
	}
	// A page may give its own name this machine's address; it is the server's own origin then.
	for host, want := range map[string]int{
		"example.com": http.StatusForbidden, "localhost.example.com:3233": http.StatusForbidden, "127.0.0.1.example.com": http.StatusForbidden,
		"localhost": http.StatusOK, "LOCALHOST:3233": http.StatusOK, "127.0.0.1:1": http.StatusOK, "[::1]:3233": http.StatusOK, "[::1]": http.StatusOK,
		"10.0.0.1:80": http.StatusOK,
	} {
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/api/v1", nil)
		r.Host = host
		got := httptest.NewRecorder()
		f.handler.ServeHTTP(got, r)
		if got.Code != want {
			t.Errorf("called as %s: got %d, want %d", host, got.Code, want)
		}
	}
}
