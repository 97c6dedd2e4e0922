package api_test

import (
	"strings"
	"testing"
)

// webRefused gives every row the same action, status and error.
func webRefused(status int, text string) func(*row) {
	return func(r *row) { r.given, r.status, r.text = []string{putWeb("echo")}, status, text }
}

func TestWebActionsAnswerAsTheirExtensionSays(t *testing.T) {
	const html, plain = "text/html; charset=UTF-8", "text/plain; charset=UTF-8"
	for _, c := range []struct {
		name, code, url, send string
		status                int
		kind, body            string // the content type and the body, to the letter
	}{
		{"no body", "echo", "", `{}`, 204, "", ""},
		{"an empty body", "echo", "", `{"body":""}`, 204, "", ""},
		{"no body, with a status", "echo", "", `{"statusCode":201}`, 201, "", ""},
		{"a string is HTML", "echo", "", `{"body":"<b>"}`, 200, html, "<b>"},
		{"the extension .http is the same", "echo", ".http", `{"body":"<b>"}`, 200, html, "<b>"},
		{"an object is JSON", "echo", "", `{"body":{"a":1}}`, 200, "application/json", `{"a":1}`},
		{"a number is JSON", "echo", "", `{"body":7}`, 200, "application/json", `7`},
		{"a status of its own", "echo", "", `{"statusCode":418,"body":"tea"}`, 418, html, "tea"},
		{"a status as a string", "echo", "", `{"statusCode":"404","body":"no"}`, 404, html, "no"},
		{"a type of its own", "echo", "", `{"headers":{"content-type":"text/css"},"body":"a{}"}`, 200, "text/css; charset=UTF-8", "a{}"},
		{"a type with a charset", "echo", "", `{"headers":{"Content-Type":"text/css; charset=utf-8"},"body":"x"}`, 200, "text/css; charset=utf-8", "x"},
		{"bytes come out of base64", "echo", "", `{"headers":{"Content-Type":"image/png"},"body":"aGVsbG8="}`, 200, "image/png", "hello"},
		{"an object as a kind of JSON", "echo", "", `{"headers":{"Content-Type":"application/x+json"},"body":{"a":1}}`, 200,
			"application/x+json; charset=UTF-8", "{\n  \"a\": 1\n}"},
		{"JSON as a string", "echo", "", `{"headers":{"Content-Type":"application/json"},"body":"{\"a\":1}"}`, 200, "application/json", `{"a":1}`},
		{"JSON in base64", "echo", "", `{"headers":{"Content-Type":"application/json"},"body":"eyJhIjoxfQ=="}`, 200, "application/json", `{"a":1}`},
		{"HTML", "echo", ".html", `{"html":"<i>"}`, 200, html, "<i>"},
		{"HTML takes the body first", "echo", ".html", `{"html":"<i>","body":"<b>"}`, 200, html, "<b>"},
		{"SVG", "echo", ".svg", `{"svg":"<svg/>"}`, 200, "image/svg+xml", "<svg/>"},
		{"text", "echo", ".text", `{"text":"hi"}`, 200, plain, "hi"},
		{"a number as text", "echo", ".text", `{"text":1.5}`, 200, plain, "1.5"},
		{"null as text", "echo", ".text", `{"text":null}`, 200, plain, "null"},
		{"an object as text", "echo", ".text", `{"body":{"a":1}}`, 200, plain, "{\n  \"a\": 1\n}"},
		{"an array as JSON", "array", ".json", `{}`, 200, "application/json", "[1,2]"},
		{"an error that is an answer", "complain", "", `{"error":{"statusCode":403,"body":"no"}}`, 403, html, "no"},
		{"an error as text", "fail", ".text", `{}`, 200, plain, "no"},
		{"an error as HTML", "fail", ".html", `{}`, 200, html, "no"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := serve(t, defaults())
			f.must(t, putWeb(c.code))
			got := f.call(t, "POST "+webURL+c.url+" "+c.send)
			if kind := got.header.Get("Content-Type"); got.status != c.status || kind != c.kind || got.body != c.body {
				t.Errorf("got %d %q %q, want %d %q %q", got.status, kind, got.body, c.status, c.kind, c.body)
			}
			if len(got.header.Get("X-Openwhisk-Activation-Id")) != 32 {
				t.Errorf("got header %v, want the id of the activation in it", got.header)
			}
		})
	}
}

func TestWebActionsThatAnswerWrongly(t *testing.T) {
	post := "POST " + webURL
	check(t, []row{
		{name: "a status that is none", do: post + ` {"statusCode":999}`},
		{name: "a status that does not end an answer", do: post + ` {"statusCode":100}`},
		{name: "a status that is no number", do: post + ` {"statusCode":"x"}`},
		{name: "a status that is a truth value", do: post + ` {"statusCode":true}`},
		{name: "headers that are no object", do: post + ` {"headers":"x"}`},
		{name: "a header that is an object", do: post + ` {"headers":{"a":{}}}`},
	}, webRefused(400, webInvalid+"message/http'."))
	check(t, []row{
		{name: "bytes that are no base64", do: post + ` {"headers":{"Content-Type":"image/png"},"body":"!"}`},
		{name: "an object that is to be a picture", do: post + ` {"headers":{"Content-Type":"image/png"},"body":{}}`},
	}, webRefused(400, webBadType))
	check(t, []row{
		{name: "a content type that is none", given: []string{putWeb("echo")}, do: post + ` {"headers":{"Content-Type":"nonsense"},"body":"x"}`,
			status: 400, text: "Response did not specify a known content-type."},
		{name: "no HTML", given: []string{putWeb("echo")}, do: post + `.html {"a":1}`, status: 400, text: webInvalid + "text/html'."},
		{name: "HTML that is a number", given: []string{putWeb("echo")}, do: post + `.html {"html":1}`, status: 400, text: webInvalid + "text/html'."},
		{name: "no SVG", given: []string{putWeb("echo")}, do: post + `.svg {}`, status: 400, text: webInvalid + "image/svg+xml'."},
		{name: "no text", given: []string{putWeb("echo")}, do: post + `.text {}`, status: 404, text: "Response does not include requested property."},
		{name: "an array is no answer", given: []string{putWeb("array")}, do: post, status: 400, text: webInvalid + "message/http'."},
		{name: "an error that is a text is no answer", given: []string{putWeb("fail")}, do: post, status: 400, text: webInvalid + "message/http'."},
		{name: "an error that is a text is no JSON", given: []string{putWeb("fail")}, do: post + ".json", status: 400, text: webInvalid + "application/json'."},
		{name: "a crash", given: []string{putWeb("crash")}, do: post, status: 400, text: "There was an error processing your request."},
		{name: "a time-out", given: []string{putWeb("late")}, do: post, status: 400, text: "There was an error processing your request."},
		{name: "trouble of the platform", given: []string{putWeb("whisk")}, do: post, status: 400, text: "There was an error processing your request."},
	})
}

func TestWebActionsAndPagesOfOtherOrigins(t *testing.T) {
	const methods, headers = "OPTIONS, GET, DELETE, POST, PUT, HEAD, PATCH", "Authorization, Origin, X-Requested-With, Content-Type, Accept, User-Agent"
	asked := nobody("Access-Control-Request-Headers", "X-A")
	for _, c := range []struct {
		name, put, method      string
		header                 []string
		status                 int
		origin, allow, accepts string
	}{
		{"the default", putWeb("echo"), "OPTIONS", nobody(), 200, "*", methods, headers},
		{"the headers that the page asks for", putWeb("echo"), "OPTIONS", asked, 200, "*", methods, "X-A"},
		{"no secret is needed to ask", putWeb("echo", needs("true")), "OPTIONS", nobody(), 200, "*", methods, headers},
		{"a call that is not to ask", putWeb("echo"), "GET", nobody(), 204, "*", methods, headers},
		{"an action that answers itself", putWeb("echo", custom), "OPTIONS", nobody(), 204, "", "", ""},
		{"an action that answers itself needs no secret for that", putWeb("echo", custom, needs("true")), "OPTIONS", nobody(), 204, "", "", ""},
		{"an action that answers itself, called", putWeb("echo", custom), "GET", nobody(), 204, "", "", ""},
		{"an action that answers itself needs the secret when called", putWeb("echo", custom, needs("true")), "GET", nobody(), 401, "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := serve(t, defaults())
			f.must(t, c.put)
			got := f.call(t, c.method+" "+webURL, c.header...)
			for key, want := range map[string]string{"Origin": c.origin, "Methods": c.allow, "Headers": c.accepts} {
				if has := got.header.Get("Access-Control-Allow-" + key); has != want {
					t.Errorf("got Access-Control-Allow-%s %q, want %q", key, has, want)
				}
			}
			if got.status != c.status {
				t.Errorf("got status %d, want %d: %s", got.status, c.status, got.body)
			}
		})
	}
}

func TestWebActionsSetHeaders(t *testing.T) {
	f := serve(t, defaults())
	f.must(t, putWeb("echo"))
	got := f.call(t, `POST `+webURL+` {"headers":{"Set-Cookie":["a=1","b=2"],"X-N":5,"X-T":true,"Content-Length":"99"},"body":"x"}`)
	if cookies := strings.Join(got.header.Values("Set-Cookie"), " "); cookies != "a=1 b=2" {
		t.Errorf("got cookies %q, want a=1 b=2", cookies)
	}
	if n, b, l := got.header.Get("X-N"), got.header.Get("X-T"), got.header.Get("Content-Length"); n != "5" || b != "true" || l != "1" {
		t.Errorf("got %q %q and length %q, want 5 true and length 1", n, b, l)
	}
}

func TestWebActionsCountForTheirOwner(t *testing.T) {
	f := serve(t, settings{perMinute: 1, concurrent: 30})
	f.must(t, putWeb("echo"))
	f.call(t, "GET "+webURL, nobody()...)
	row{do: "one call too many", status: 429, text: "Too many requests in the last minute (count: 2, allowed: 1)."}.
		judge(t, f.call(t, "GET "+webURL, nobody()...))
	if n := f.controller.Active(); n != 0 {
		t.Errorf("got %d activations in flight, want none", n)
	}
}
