package api_test

import (
	"fmt"
	"strings"
	"testing"
)

// made are the requests that make one document of each collection, and what it is called there.
var made = map[string]struct{ put, name string }{
	"actions":  {putEcho, "echo"},
	"packages": {putPkg, "pkg"},
	"triggers": {putTick, "tick"},
	"rules":    {putRule, "on"},
}

// body is what a PUT of a document of the collection needs.
func bodyOf(collection string) string {
	return map[string]string{
		"actions": `{"exec":{"kind":"nodejs:20","code":"x"}}`, "packages": "{}", "triggers": "{}",
		"rules": `{"trigger":"/_/tick","action":"/_/echo"}`,
	}[collection]
}

// What holds of every list, whatever is in it.
func TestEveryListIsRead(t *testing.T) {
	given := append(ruled(), putPkg, "POST ~/actions/echo?blocking=true")
	for _, collection := range []string{"actions", "packages", "triggers", "rules", "activations"} {
		list := "GET ~/" + collection
		wrong := func(key, text string) string {
			return "The query parameter '" + key + "' was malformed:\n" + fmt.Sprintf(text, collection)
		}
		rows := []row{
			{name: "one document", do: list, status: 200, json: `[{"namespace":"guest","version":"0.0.1","publish":false}]`},
			{name: "a trailing slash", do: list + "/", status: 200, json: `[{}]`},
			{name: "the name of the namespace", do: "GET /api/v1/namespaces/guest/" + collection, status: 200, json: `[{}]`},
			{name: "a limit of 0 is no limit of 0", do: list + "?limit=0", status: 200, json: `[{}]`},
			{name: "the largest limit", do: list + "?limit=200", status: 200, json: `[{}]`},
			{name: "a skip", do: list + "?skip=1", status: 200, json: `[]`},
			{name: "a count", do: list + "?count=true", status: 200, json: `{"` + collection + `":1}`},
			{name: "a count after a skip", do: list + "?count=true&skip=1", status: 200, json: `{"` + collection + `":0}`},
			{name: "a count knows no limit", do: list + "?count=yes&limit=1", status: 200, json: `{"` + collection + `":1}`},
			{name: "no count", do: list + "?count=false", status: 200, json: `[{}]`},
			{name: "a limit over 200", do: list + "?limit=201", status: 400,
				text: wrong("limit", "The value '201' is not in the range of 0 to 200 for %s.")},
			{name: "a limit under 0", do: list + "?limit=-1", status: 400,
				text: wrong("limit", "The value '-1' is not in the range of 0 to 200 for %s.")},
			{name: "a limit that is no number", do: list + "?limit=x", status: 400,
				text: wrong("limit", "The value 'x' is not an integer for %s.")},
			{name: "a limit with a fraction", do: list + "?limit=1.5", status: 400,
				text: wrong("limit", "The value '1.5' is not an integer for %s.")},
			{name: "a limit that no integer holds", do: list + "?limit=2147483648", status: 400,
				text: wrong("limit", "The value '2147483648' is not an integer for %s.")},
			{name: "a limit of nothing", do: list + "?limit=", status: 400, text: wrong("limit", "The value '' is not an integer for %s.")},
			{name: "a skip under 0", do: list + "?skip=-1", status: 400,
				text: wrong("skip", "The value '-1' is not greater than or equal to 0 for %s.")},
			{name: "a skip that is no number", do: list + "?skip=x", status: 400, text: wrong("skip", "The value 'x' is not an integer for %s.")},
			{name: "a count that is no truth value", do: list + "?count=2", status: 400,
				text: "The query parameter 'count' was malformed:\n'2' is not a valid Boolean value"},
			{name: "a list is not written", do: "PUT ~/" + collection + " {}", status: 405, text: "HTTP method not allowed, supported methods: GET"},
			{name: "a list is not deleted", do: "DELETE ~/" + collection, status: 405, text: "HTTP method not allowed, supported methods: GET"},
			{name: "a list of others", do: "GET /api/v1/namespaces/other/" + collection, status: 403, text: notAllowed + "other'."},
		}
		if collection == "packages" { // which may be read: there are none that are published
			rows[len(rows)-1] = row{name: "a list of others", do: "GET /api/v1/namespaces/other/packages", status: 200, json: "[]"}
		}
		t.Run(collection, func(t *testing.T) {
			check(t, rows, func(r *row) { r.given = given })
		})
	}
}

// What holds of every document, whatever it is.
func TestEveryDocumentIsReadAndWritten(t *testing.T) {
	given := append(ruled(), putPkg)
	for collection, one := range made {
		path := "~/" + collection + "/"
		own, none := path+one.name, path+"none"
		absent := missing
		if collection == "packages" {
			absent = "The requested resource 'guest/none' does not exist."
		}
		other := path + "echo"
		if collection == "actions" {
			other = path + "tick"
		}
		put := " " + bodyOf(collection)
		rows := []row{
			{name: "it is read", do: "GET " + own, status: 200, json: `{"namespace":"guest","name":"` + one.name + `","version":"0.0.1"}`},
			{name: "one that is not there is not read", do: "GET " + none, status: 404, text: absent},
			{name: "one that is not there is not deleted", do: "DELETE " + none, status: 404, text: missing},
			{name: "what is of another kind is not read", do: "GET " + other, status: 409, text: otherIs},
			{name: "what is of another kind is not deleted", do: "DELETE " + other, status: 409, text: otherIs},
			{name: "what is of another kind is not overwritten", do: "PUT " + other + "?overwrite=true" + put, status: 409, text: otherIs},
			{name: "it is there already", do: "PUT " + own + put, status: 409, text: "resource already exists"},
			{name: "it is there already, and overwrite says no", do: "PUT " + own + "?overwrite=false" + put, status: 409,
				text: "resource already exists"},
			{name: "an update bumps the version, also of nothing", do: "PUT " + own + "?overwrite=true {}", status: 200,
				json: `{"version":"0.0.2"}`},
			{name: "a version of one's own", do: "PUT " + own + `?overwrite=true {"version":"3.4.5"}`, status: 200, json: `{"version":"3.4.5"}`},
			{name: "overwrite is no truth value", do: "PUT " + own + "?overwrite=x" + put, status: 400,
				text: "The query parameter 'overwrite' was malformed:\n'x' is not a valid Boolean value"},
			{name: "what is no JSON", do: "PUT " + own + "?overwrite=true {", status: 400, text: malformed + "unexpected end of JSON input"},
			{name: "annotations that are no list", do: "PUT " + own + `?overwrite=true {"annotations":{"a":1}}`, status: 400,
				text: malformed + "parameters malformed!"},
			{name: "what is sent as something else", do: "PUT " + own + "?overwrite=true {}", header: []string{"Content-Type", "text/plain"}, status: 415,
				text: "The request's Content-Type is not supported. Expected:\napplication/json"},
			{name: "annotations that are too many", do: "PUT " + own + `?overwrite=true {"annotations":[{"key":"a","value":"` +
				strings.Repeat("x", 1<<20) + `"}]}`, status: 413},
			{name: "a verb that there is not", do: "PATCH " + own + " {}", status: 405},
			{name: "a name that begins with a hyphen", do: "PUT " + path + "-a" + put, status: 400,
				text: "The name of the entity contains illegal characters."},
			{name: "a name with a sign that is none", do: "DELETE " + path + "a%24", status: 400,
				text: "The name of the entity contains illegal characters."},
			{name: "a name of 256 characters", do: "GET " + path + strings.Repeat("a", 256), status: 404},
			{name: "a name of 257 characters", do: "GET " + path + strings.Repeat("a", 257), status: 400,
				text: "Name segement longer than allowed: 257 > 256."},
			{name: "it is of somebody else", do: "DELETE /api/v1/namespaces/other/" + collection + "/" + one.name, status: 403,
				text: notAllowed + "other/" + one.name + "'."},
			{name: "a namespace that is none", do: "GET /api/v1/namespaces/-a/" + collection + "/" + one.name, status: 400,
				text: "The namespace contains illegal characters."},
			{name: "a namespace that is too long", do: "GET /api/v1/namespaces/" + strings.Repeat("a", 257) + "/" + collection, status: 400,
				text: "Namespace longer than allowed: 257 > 256."},
		}
		t.Run(collection, func(t *testing.T) {
			check(t, rows, func(r *row) { r.given = given })
		})
	}
}

// Every answer has an id, which errors repeat, and says what pages of other origins may do.
func TestEveryAnswerHasItsHeaders(t *testing.T) {
	f := serve(t, defaults())
	for _, line := range append(ruled(), putPkg, putFail) {
		f.must(t, line)
	}
	for _, do := range []string{
		"GET /", "GET /ping", "GET /api/v1", "GET /api/v1/namespaces", "GET ~/actions", "GET ~/actions/none", "PUT ~/packages/default {}",
		"POST ~/actions/fail?blocking=true", "POST ~/actions/echo", "POST ~/triggers/tick", "GET ~/limits", "PATCH ~/rules/on {}",
		"GET /nothing", "OPTIONS ~/actions", "DELETE ~/rules/on", "POST ~/triggers/tick {}", "GET /invokers", "GET /activation",
	} {
		got := f.call(t, do)
		id := got.header.Get("X-Request-Id")
		if len(id) != 32 || strings.Trim(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != "" {
			t.Errorf("%s: got the id %q, want 32 letters and digits", do, id)
		}
		if strings.HasPrefix(got.body, `{"error"`) && got.status != 502 && !strings.Contains(got.body, `"code":"`+id+`"`) {
			t.Errorf("%s: got %s, want the code %s in it", do, got.body, id)
		}
		if origin := got.header.Get("Access-Control-Allow-Origin"); origin != "*" {
			t.Errorf("%s: pages of %q may ask", do, origin)
		}
		if again := f.call(t, do, "X-Request-ID", "sent-by-the-client"); again.header.Get("X-Request-Id") != "sent-by-the-client" {
			t.Errorf("%s: the client's own id is not taken: %v", do, again.header)
		}
	}
}
