package api_test

import (
	"strings"
	"testing"
)

// putWeb makes the web action "web" of a code, with more annotations as JSON.
func putWeb(code string, annotations ...string) string {
	all := append([]string{`{"key":"web-export","value":true}`}, annotations...)
	return `PUT ~/actions/web {"exec":{"kind":"nodejs:20","code":"` + code + `"},` +
		`"parameters":[{"key":"own","value":1},{"key":"fixed","value":1,"final":true}],"annotations":[` + strings.Join(all, ",") + `]}`
}

const (
	webURL     = "/api/v1/web/guest/default/web"
	rawHTTP    = `{"key":"raw-http","value":true}`
	custom     = `{"key":"web-custom-options","value":true}`
	webInvalid = "Response is not valid '"
	webBadType = "Response type in header did not match generated content type."
	webNoAuth  = "The authentication is possible but has failed or not yet been provided."
)

func needs(value string) string { return `{"key":"require-whisk-auth","value":` + value + `}` }

// nobody is a call without credentials, with these headers.
func nobody(header ...string) []string { return append([]string{"Authorization", ""}, header...) }

func TestWebActionsAreFound(t *testing.T) {
	given := []string{putWeb("echo"), putEcho, putPkg,
		strings.Replace(putWeb("echo"), "actions/web", "actions/pkg/web", 1)}
	rows := []row{
		{name: "anybody may call a web action", do: "GET " + webURL + ".json", status: 200},
		{name: "a web action in a package has its parameters", do: "GET /api/v1/web/guest/pkg/web.json", status: 200, json: `{"p":1,"own":1}`},
		{name: "an action that is not exported", do: "GET /api/v1/web/guest/default/echo.json", status: 404, text: missing},
		{name: "an action that is not there", do: "GET /api/v1/web/guest/default/none", status: 404, text: missing},
		{name: "a package that is not there", do: "GET /api/v1/web/guest/none/web", status: 404, text: missing},
		{name: "a namespace that is not there", do: "GET /api/v1/web/nobody/default/web", status: 404, text: missing},
		{name: "the caller's namespace is not known", do: "GET /api/v1/web/_/default/web", status: 404, text: missing},
		{name: "an extension that is not known is part of the name", do: "GET " + webURL + ".css", status: 404, text: missing},
		{name: "a path without an action", do: "GET /api/v1/web/guest/default", status: 404, text: noRoute},
		{name: "a path with an empty action", do: "GET /api/v1/web/guest/default/", status: 404, text: noRoute},
		{name: "a path with a name that is none", do: "GET /api/v1/web/guest/default/-web", status: 404, text: noRoute},
		{name: "a path with a namespace that is none", do: "GET /api/v1/web/guest%2F/default/web", status: 404, text: noRoute},
		{name: "a name that is an extension alone", do: "GET /api/v1/web/guest/default/x.json", status: 404, text: missing},
		{name: "an action of a package by the name of none", do: "GET /api/v1/web/guest/pkg/echo", status: 404, text: missing},
		{name: "a method that nobody knows", do: "TRACE " + webURL, status: 405},
	}
	for i := range rows {
		rows[i].given, rows[i].header = given, nobody()
	}
	check(t, rows)
	check(t, []row{
		{name: "web-export must be true itself", status: 404, do: "GET " + webURL, text: missing,
			given: []string{`PUT ~/actions/web {"exec":{"kind":"nodejs:20","code":"echo"},"annotations":[{"key":"web-export","value":"yes"}]}`}},
	})
}

func TestWebActionsGetTheRequest(t *testing.T) {
	const j = webURL + ".json"
	form := []string{"Content-Type", "application/x-www-form-urlencoded"}
	text := []string{"Content-Type", "text/plain"}
	bytes := []string{"Content-Type", "application/octet-stream"}
	rows := []row{
		{name: "the method in small letters", do: "GET " + j, json: `{"__ow_method":"get"}`},
		{name: "a delete", do: "DELETE " + j, json: `{"__ow_method":"delete"}`},
		{name: "a patch", do: "PATCH " + j, json: `{"__ow_method":"patch"}`},
		{name: "a put", do: "PUT " + j + " {}", json: `{"__ow_method":"put"}`},
		{name: "no path", do: "GET " + j, json: `{"__ow_path":""}`},
		{name: "a path behind the name is no projection", do: "GET " + j + "/a/b", json: `{"__ow_path":"/a/b","own":1}`},
		{name: "the headers", do: "GET " + j, header: []string{"X-Mine", "yes"}, json: `{"__ow_headers":{"x-mine":"yes"}}`},
		{name: "the caller, when it is known", do: "GET " + j, json: `{"__ow_user":"guest"}`},
		{name: "nobody, when it is not", do: "GET " + j, header: nobody(), lacks: "__ow_user"},
		{name: "nobody, when the credentials are wrong", do: "GET " + j, header: []string{"Authorization", "Basic dXNlcjpubw=="}, lacks: "__ow_user"},
		{name: "the credentials are not handed on", do: "GET " + j, lacks: "authorization"},
		{name: "the query", do: "GET " + j + "?a=1&b=x%20y", json: `{"a":"1","b":"x y","own":1}`},
		{name: "the query goes over the action's parameters", do: "GET " + j + "?own=2", json: `{"own":"2"}`},
		{name: "the body goes over the query", do: `POST ` + j + `?a=1&b=2 {"a":[3]}`, json: `{"a":[3],"b":"2"}`},
		{name: "a form", do: "POST " + j + " a=1&b=x+y", header: form, json: `{"a":"1","b":"x y"}`},
		{name: "a JSON value that is no object", do: "POST " + j + " [1,2]", json: `{"__ow_body":[1,2]}`},
		{name: "a text", do: "POST " + j + " hello", header: text, json: `{"__ow_body":"hello"}`},
		{name: "bytes are base64", do: "POST " + j + " hello", header: bytes, json: `{"__ow_body":"aGVsbG8="}`},
		{name: "no body at all", do: "POST " + j, lacks: "__ow_body"},
		{name: "a type of JSON's family", do: `POST ` + j + ` {"a":1}`, header: []string{"Content-Type", "application/x+json"}, json: `{"a":1}`},
	}
	for i := range rows {
		rows[i].given, rows[i].status = []string{putWeb("echo")}, 200
	}
	check(t, rows)
	check(t, []row{
		{name: "a final parameter may not be in the query", do: "GET " + j + "?fixed=2"},
		{name: "a final parameter may not be in the body", do: `POST ` + j + ` {"fixed":2}`},
		{name: "the method may not be set", do: "GET " + j + "?__ow_method=x"},
		{name: "the user may not be set", do: `POST ` + j + ` {"__ow_user":"x"}`},
		{name: "the body may not be set", do: "POST " + j + " __ow_body=x", header: form},
	}, webRefused(400, "Request defines parameters that are not allowed (e.g., reserved properties)."))
	check(t, []row{
		{name: "a body that is no JSON", given: []string{putWeb("echo")}, do: "POST " + j + " {a", status: 400,
			json: `{}`},
		{name: "a body that is too large", given: []string{putWeb("echo")}, status: 413,
			do: "POST " + j + " " + strings.Repeat("x", 1<<20+1), text: "Request larger than allowed: 1048577 > 1048576 bytes."},
	})
}

func TestRawWebActions(t *testing.T) {
	const j = webURL + ".json"
	rows := []row{
		{name: "the query as it came", do: "GET " + j + "?a=1&b=%20", json: `{"__ow_query":"a=1&b=%20","__ow_body":""}`, lacks: `"a"`},
		{name: "no query", do: "GET " + j, json: `{"__ow_query":""}`},
		{name: "JSON is base64", do: `POST ` + j + ` {"a":1}`, json: `{"__ow_body":"eyJhIjoxfQ=="}`},
		{name: "a form is text", do: "POST " + j + " a=1", header: []string{"Content-Type", "application/x-www-form-urlencoded"},
			json: `{"__ow_body":"a=1"}`},
		{name: "text is text", do: "POST " + j + " hi", header: []string{"Content-Type", "text/css; charset=utf-8"}, json: `{"__ow_body":"hi"}`},
		{name: "what stands for a final parameter is not looked at", do: "GET " + j + "?fixed=2&__ow_method=x",
			json: `{"fixed":1,"__ow_method":"get"}`},
	}
	for i := range rows {
		rows[i].given, rows[i].status = []string{putWeb("echo", rawHTTP)}, 200
	}
	check(t, rows)
}

func TestWebActionsAskForASecret(t *testing.T) {
	for _, c := range []struct {
		name, value string
		header      []string
		status      int
	}{
		{"credentials are there", "true", nil, 200},
		{"credentials are missing", "true", nobody(), 401},
		{"credentials are wrong", "true", []string{"Authorization", "Basic dXNlcjpubw=="}, 401},
		{"the secret is right", `"abc"`, nobody("X-Require-Whisk-Auth", "abc"), 200},
		{"the secret is wrong", `"abc"`, nobody("X-Require-Whisk-Auth", "abd"), 401},
		{"the secret is missing", `"abc"`, nobody(), 401},
		{"credentials are no secret", `"abc"`, nil, 401},
		{"the secret is a number", "123", nobody("X-Require-Whisk-Auth", "123"), 200},
		{"another number", "123", nobody("X-Require-Whisk-Auth", "124"), 401},
		{"false lets nobody in", "false", nil, 401},
		{"a list lets nobody in", "[1]", nil, 401},
	} {
		r := row{name: c.name, given: []string{putWeb("echo", needs(c.value))}, do: "GET " + webURL + ".json", header: c.header, status: c.status}
		if c.status == 401 {
			r.text = webNoAuth
		}
		check(t, []row{r})
	}
}
