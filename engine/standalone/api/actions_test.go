package api_test

import (
	"fmt"
	"strings"
	"testing"
)

const (
	putEcho  = `PUT ~/actions/echo {"exec":{"kind":"nodejs:20","code":"echo"}}`
	putFail  = `PUT ~/actions/fail {"exec":{"kind":"nodejs:20","code":"fail"}}`
	putArray = `PUT ~/actions/array {"exec":{"kind":"nodejs:20","code":"array"}}`
	putPair  = `PUT ~/actions/pair {"exec":{"kind":"sequence","components":["/_/echo","/guest/echo"]}}`
	putPkg   = `PUT ~/packages/pkg {"parameters":[{"key":"a","value":"package"},{"key":"p","value":1}]}`
	putIn    = `PUT ~/actions/pkg/in {"exec":{"kind":"nodejs:20","code":"echo"},"parameters":[{"key":"a","value":"action"}]}`

	missing   = "The requested resource does not exist."
	noRoute   = "The requested resource could not be found."
	malformed = "The request content was malformed:\n"
)

func TestActionsAreCreated(t *testing.T) {
	check(t, []row{
		{name: "a new action has version 0.0.1, the default limits and no API key", do: putEcho, status: 200,
			json: `{"namespace":"guest","name":"echo","version":"0.0.1","publish":false,"updated":1772366401000,
				"exec":{"kind":"nodejs:20","code":"echo","binary":true},"parameters":[],
				"limits":{"timeout":60000,"memory":256,"logs":10,"concurrency":1},
				"annotations":[{"key":"provide-api-key","value":false},{"key":"exec","value":"nodejs:20"}]}`},
		{name: "a kind's default is stored as the concrete kind",
			do:     `PUT ~/actions/a {"exec":{"kind":"nodejs:default","code":"function main() {}"}}`,
			status: 200, json: `{"exec":{"kind":"nodejs:20","binary":false}}`},
		{name: "another kind than the default may be chosen",
			do: `PUT ~/actions/a {"exec":{"kind":"nodejs:18","code":"x"}}`, status: 200,
			json: `{"exec":{"kind":"nodejs:18"}}`},
		{name: "code that is base64 is binary",
			do: `PUT ~/actions/a {"exec":{"kind":"nodejs:20","code":"UEsDBA=="}}`, status: 200,
			json: `{"exec":{"binary":true}}`},
		{name: "code with an underscore is no base64",
			do: `PUT ~/actions/a {"exec":{"kind":"nodejs:20","code":"a_bc"}}`, status: 200,
			json: `{"exec":{"binary":false}}`},
		{name: "main is kept",
			do:     `PUT ~/actions/a {"exec":{"kind":"java:17","code":"x","main":"Hello"}}`,
			status: 200, json: `{"exec":{"kind":"java:17","main":"Hello"}}`},
		{name: "parameters keep their flags",
			do: `PUT ~/actions/a {"exec":{"kind":"nodejs:20","code":"x"},"parameters":` +
				`[{"key":"k","value":{"n":1},"init":true},{"key":"f","value":2,"final":true}]}`,
			status: 200,
			json:   `{"parameters":[{"key":"k","value":{"n":1},"init":true},{"key":"f","value":2,"final":true}]}`},
		{name: "the last value of a repeated parameter counts",
			do:     `PUT ~/actions/a {"exec":{"kind":"nodejs:20","code":"x"},"parameters":[{"key":"k","value":1},{"key":"k","value":2}]}`,
			status: 200, json: `{"parameters":[{"key":"k","value":2}]}`},
		{name: "an API key may be asked for",
			do:     `PUT ~/actions/a {"exec":{"kind":"nodejs:20","code":"x"},"annotations":[{"key":"provide-api-key","value":true}]}`,
			status: 200,
			json:   `{"annotations":[{"key":"provide-api-key","value":true},{"key":"exec","value":"nodejs:20"}]}`},
		{name: "limits that are not sent have their default",
			do:     `PUT ~/actions/a {"exec":{"kind":"nodejs:20","code":"x"},"limits":{"memory":128}}`,
			status: 200, json: `{"limits":{"timeout":60000,"memory":128,"logs":10,"concurrency":1}}`},
		{name: "a name may hold spaces, dots and at signs",
			do:     `PUT ~/actions/a%20b@c.d-e {"exec":{"kind":"nodejs:20","code":"x"}}`,
			status: 200, json: `{"name":"a b@c.d-e"}`},
		{name: "a publish flag is kept",
			do: `PUT ~/actions/a {"publish":true,"exec":{"kind":"nodejs:20","code":"x"}}`, status: 200,
			json: `{"publish":true}`},
		{name: "a kind may be written in capitals", do: `PUT ~/actions/a {"exec":{"kind":" NodeJS:20","code":"x"}}`, status: 200,
			json: `{"exec":{"kind":"nodejs:20"}}`},
		{name: "a parameter may be null", do: `PUT ~/actions/a {"exec":{"kind":"nodejs:20","code":"x"},"parameters":[{"key":"k","value":null}]}`,
			status: 200, json: `{"parameters":[{"key":"k","value":null}]}`},
		{name: "a limit of null is one that is not sent", status: 200, json: `{"limits":{"memory":256,"timeout":2000}}`,
			do: `PUT ~/actions/a {"exec":{"kind":"nodejs:20","code":"x"},"limits":{"memory":null,"timeout":2e3}}`},
		{name: "a version without its end", do: `PUT ~/actions/a {"version":"2","exec":{"kind":"nodejs:20","code":"x"}}`, status: 200,
			json: `{"version":"2.0.0"}`},
		{name: "a version may be set", do: `PUT ~/actions/a {"version":"1.2.3","exec":{"kind":"nodejs:20","code":"x"}}`,
			status: 200, json: `{"version":"1.2.3"}`},
	})
}

func TestActionsAreRefused(t *testing.T) {
	exec := `"exec":{"kind":"nodejs:20","code":"x"}`
	check(t, []row{
		{name: "an action needs an exec", do: `PUT ~/actions/a {}`, status: 400, text: "exec undefined"},
		{name: "an action needs a body", do: `PUT ~/actions/a`, status: 400, text: "exec undefined"},
		{name: "an exec needs a kind", do: `PUT ~/actions/a {"exec":{"code":"x"}}`, status: 400,
			text: malformed + "'kind' must be a string defined in 'exec'"},
		{name: "an exec needs code", do: `PUT ~/actions/a {"exec":{"kind":"nodejs:20"}}`, status: 400,
			text: malformed + "'code' must be a string or attachment object defined in 'exec' for 'nodejs:20' actions"},
		{name: "java needs main", do: `PUT ~/actions/a {"exec":{"kind":"java:default","code":"x"}}`, status: 400,
			text: malformed + "'main' must be a string defined in 'exec' for 'java:17' actions"},
		{name: "an unknown kind names the valid ones", do: `PUT ~/actions/a {"exec":{"kind":"cobol:85","code":"x"}}`,
			status: 400,
			text: malformed + "The specified runtime 'cobol:85' is not supported by this platform. " +
				"Valid values are: 'nodejs:20', 'nodejs:18', 'java:17'."},
		{name: "a family without a version is no kind", do: `PUT ~/actions/a {"exec":{"kind":"nodejs","code":"x"}}`,
			status: 400},
		{name: "a kind whose runtime is not installed says what to install",
			do: `PUT ~/actions/a {"exec":{"kind":"go:default","code":"x"}}`, status: 400,
			text: malformed + "The runtime 'go:default' cannot run here: install golang-go"},
		{name: "images are no kind of this server", do: `PUT ~/actions/a {"exec":{"kind":"blackbox","image":"x"}}`,
			status: 400},
		{name: "a body must be JSON", do: `PUT ~/actions/a {"exec"`, status: 400,
			text: malformed + "unexpected end of JSON input"},
		{name: "a wrong type is named by its place", do: `PUT ~/actions/a {"exec":{"kind":7}}`, status: 400,
			text: malformed + "'exec.kind' must not be a number"},
		{name: "a body that is no object", do: `PUT ~/actions/a [1]`, status: 400, text: malformed + "Object expected"},
		{name: "parameters must be a list", do: `PUT ~/actions/a {"parameters":{"a":1},` + exec + `}`, status: 400,
			text: malformed + "parameters malformed!"},
		{name: "a parameter needs a key", do: `PUT ~/actions/a {"parameters":[{"value":1}],` + exec + `}`, status: 400,
			text: malformed + "parameters malformed!"},
		{name: "memory over its limit", do: `PUT ~/actions/a {"limits":{"memory":1024},` + exec + `}`, status: 400,
			text: "memory size 1024 MB exceeds allowed threshold of 512 MB"},
		{name: "memory under its limit", do: `PUT ~/actions/a {"limits":{"memory":64},` + exec + `}`, status: 400,
			text: "memory size 64 MB below allowed threshold of 128 MB"},
		{name: "time over its limit", do: `PUT ~/actions/a {"limits":{"timeout":300001},` + exec + `}`, status: 400,
			text: "duration 300001 milliseconds exceeds allowed threshold of 300000 milliseconds"},
		{name: "time under its limit", do: `PUT ~/actions/a {"limits":{"timeout":99},` + exec + `}`, status: 400,
			text: "duration 99 milliseconds below allowed threshold of 100 milliseconds"},
		{name: "logs over their limit", do: `PUT ~/actions/a {"limits":{"logs":11},` + exec + `}`, status: 400,
			text: "log size 11 MB exceeds allowed threshold of 10 MB"},
		{name: "a number of containers", do: `PUT ~/actions/few {"limits":{"instances":3},` + exec + `}`, status: 200,
			json: `{"limits":{"memory":256,"timeout":60000,"logs":10,"concurrency":1,"instances":3}}`},
		{name: "fewer containers than none", do: `PUT ~/actions/a {"limits":{"instances":-1},` + exec + `}`, status: 400,
			text: "instances -1 below allowed threshold of 0"},
		{name: "concurrency over its limit", do: `PUT ~/actions/a {"limits":{"concurrency":2},` + exec + `}`,
			status: 400,
			text:   "concurrency 2 exceeds allowed threshold of 1"},
		{name: "concurrency under its limit", do: `PUT ~/actions/a {"limits":{"concurrency":0},` + exec + `}`, status: 400,
			text: "concurrency 0 below allowed threshold of 1"},
		{name: "logs under their limit", do: `PUT ~/actions/a {"limits":{"logs":-1},` + exec + `}`, status: 400,
			text: "log size -1 MB below allowed threshold of 0 MB"},
		{name: "memory that is no whole number", do: `PUT ~/actions/a {"limits":{"memory":128.5},` + exec + `}`, status: 400,
			text: malformed + "memory limit must be whole number"},
		{name: "a time that is no number", do: `PUT ~/actions/a {"limits":{"timeout":"1s"},` + exec + `}`, status: 400,
			text: malformed + "time limit malformed"},
		{name: "logs that are no number", do: `PUT ~/actions/a {"limits":{"logs":[]},` + exec + `}`, status: 400,
			text: malformed + "log limit malformed"},
		{name: "limits that are no object", do: `PUT ~/actions/a {"limits":7,` + exec + `}`, status: 400, text: malformed + "limits malformed"},
		{name: "a version that is none", do: `PUT ~/actions/a {"version":"new",` + exec + `}`, status: 400,
			text: malformed + "semantic version malformed"},
		{name: "a version that is no text", do: `PUT ~/actions/a {"version":1,` + exec + `}`, status: 400,
			text: malformed + "semantic version malformed"},
		{name: "a version of nothing", do: `PUT ~/actions/a {"version":"0.0.0",` + exec + `}`, status: 400,
			text: malformed + "semantic version malformed"},
		{name: "a parameter needs a value", do: `PUT ~/actions/a {"parameters":[{"key":"a"}],` + exec + `}`, status: 400,
			text: malformed + "parameters malformed!"},
		{name: "a name must start with a word character", do: `PUT ~/actions/-a {` + exec + `}`, status: 400,
			text: "The name of the entity contains illegal characters."},
		{name: "a name must not end with a space", do: `PUT ~/actions/a%20 {` + exec + `}`, status: 400,
			text: "The name of the entity contains illegal characters."},
		{name: "a name must not hold an escaped slash", do: `PUT ~/actions/a%2Fb {` + exec + `}`, status: 400,
			text: "The name of the entity contains illegal characters."},
		{name: "a name has 256 characters at most",
			do: `PUT ~/actions/` + strings.Repeat("a", 257) + ` {` + exec + `}`, status: 400,
			text: "Name segement longer than allowed: 257 > 256."},
		{name: "overwrite must be true or false", do: `PUT ~/actions/a?overwrite=maybe {` + exec + `}`, status: 400,
			text: "The query parameter 'overwrite' was malformed:\n'maybe' is not a valid Boolean value"},
		{name: "a body must be sent as JSON", do: `PUT ~/actions/a {` + exec + `}`,
			header: []string{"Content-Type", "text/plain"},
			status: 415, text: "The request's Content-Type is not supported. Expected:\napplication/json"},
		{name: "a package that is not there cannot take an action", do: putIn, status: 404, text: missing},
		{name: "parameters have a size limit", status: 413,
			text: "parameters larger than allowed: 1048579 > 1048576 bytes.",
			do:   `PUT ~/actions/a {"parameters":[{"key":"k","value":"` + strings.Repeat("x", 1<<20) + `"}],` + exec + `}`},
		{name: "annotations have a size limit", status: 413,
			do: `PUT ~/actions/a {"annotations":[{"key":"k","value":"` + strings.Repeat("x", 1<<20) + `"}],` + exec + `}`},
		{name: "code has a size limit", status: 413, text: "exec larger than allowed: 1048577 > 1048576 bytes.",
			do: `PUT ~/actions/a {"exec":{"kind":"nodejs:20","code":"` + strings.Repeat("x", 1<<20+1) + `"}}`},
		{name: "a document has a size limit", status: 413,
			text: "Request larger than allowed: 5242888 > 4194304 bytes.",
			do:   `PUT ~/actions/a {"x":"` + strings.Repeat("x", 5<<20) + `"}`},
	})
}

func TestActionsAreUpdated(t *testing.T) {
	const full = `PUT ~/actions/a {"exec":{"kind":"nodejs:20","code":"one"},"parameters":[{"key":"k","value":1}],` +
		`"limits":{"memory":512,"timeout":5000},"annotations":[{"key":"x","value":1},{"key":"y","value":2}],"publish":true}`
	check(t, []row{
		{name: "an action that is there needs overwrite", given: []string{putEcho}, do: putEcho, status: 409,
			text: "resource already exists"},
		{name: "an update that changes nothing still bumps the version", given: []string{full},
			do: `PUT ~/actions/a?overwrite=true {}`, status: 200,
			json: `{"version":"0.0.2","publish":true,"exec":{"code":"one"},"parameters":[{"key":"k","value":1}],
				"limits":{"memory":512,"timeout":5000}}`},
		{name: "each update bumps the patch number",
			given: []string{full, `PUT ~/actions/a?overwrite=true {}`}, do: `PUT ~/actions/a?overwrite=true {}`,
			status: 200,
			json:   `{"version":"0.0.3"}`},
		{name: "parameters replace the whole list", given: []string{full}, status: 200,
			do:   `PUT ~/actions/a?overwrite=true {"parameters":[{"key":"new","value":2}]}`,
			json: `{"parameters":[{"key":"new","value":2}]}`},
		{name: "limits are merged one by one", given: []string{full}, status: 200,
			do:   `PUT ~/actions/a?overwrite=true {"limits":{"memory":128}}`,
			json: `{"limits":{"memory":128,"timeout":5000,"logs":10,"concurrency":1}}`},
		{name: "annotations are merged", given: []string{full}, status: 200,
			do: `PUT ~/actions/a?overwrite=true {"annotations":[{"key":"y","value":3},{"key":"z","value":4}]}`,
			json: `{"annotations":[{"key":"x","value":1},{"key":"y","value":3},{"key":"provide-api-key","value":false},
				{"key":"exec","value":"nodejs:20"},{"key":"z","value":4}]}`},
		{name: "what is dropped may be sent anew", given: []string{full}, status: 200,
			do: `PUT ~/actions/a?overwrite=true {"delAnnotations":["x","y"],"annotations":[{"key":"y","value":5}]}`,
			json: `{"annotations":[{"key":"provide-api-key","value":false},{"key":"exec","value":"nodejs:20"},
				{"key":"y","value":5}]}`},
		{name: "annotations are dropped by name", given: []string{full}, status: 200,
			do:   `PUT ~/actions/a?overwrite=true {"delAnnotations":["x","y"]}`,
			json: `{"annotations":[{"key":"provide-api-key","value":false},{"key":"exec","value":"nodejs:20"}]}`},
		{name: "a new kind changes the exec annotation", given: []string{putEcho}, status: 200,
			do:   `PUT ~/actions/echo?overwrite=true {"exec":{"kind":"nodejs:18","code":"x"}}`,
			json: `{"annotations":[{"key":"provide-api-key","value":false},{"key":"exec","value":"nodejs:18"}]}`},
		{name: "an update outside the limits changes nothing", given: []string{full}, status: 400,
			do: `PUT ~/actions/a?overwrite=true {"limits":{"memory":1024}}`},
		{name: "a name that is a package cannot become an action", given: []string{putPkg}, status: 409,
			do:   `PUT ~/actions/pkg {"exec":{"kind":"nodejs:20","code":"x"}}`,
			text: "Resource by this name exists but is not in this collection."},
		{name: "a version of a client's own is counted on", status: 200,
			given: []string{`PUT ~/actions/a {"version":"1.2.9","exec":{"kind":"nodejs:20","code":"x"}}`},
			do:    `PUT ~/actions/a?overwrite=true {}`, json: `{"version":"1.2.10"}`},
		{name: "overwrite creates what is not there", status: 200, json: `{"version":"0.0.1"}`,
			do: strings.Replace(putEcho, "echo ", "echo?overwrite=true ", 1)},
	})
}

func TestActionsAreReadAndDeleted(t *testing.T) {
	check(t, []row{
		{name: "an action is read with its code", given: []string{putEcho}, do: "GET ~/actions/echo", status: 200,
			json: `{"name":"echo","exec":{"code":"echo"}}`},
		{name: "an action is read without its code", given: []string{putEcho}, do: "GET ~/actions/echo?code=false",
			status: 200,
			json:   `{"exec":{"kind":"nodejs:20","binary":true}}`, lacks: `"code"`},
		{name: "an action is read by the name of the namespace", given: []string{putEcho},
			do: "GET /api/v1/namespaces/guest/actions/echo", status: 200, json: `{"name":"echo"}`},
		{name: "code must be true or false", given: []string{putEcho}, do: "GET ~/actions/echo?code=1x", status: 400,
			text: "The query parameter 'code' was malformed:\n'1x' is not a valid Boolean value"},
		{name: "an action that is not there", do: "GET ~/actions/echo", status: 404, text: missing},
		{name: "a package is no action", given: []string{putPkg}, do: "GET ~/actions/pkg", status: 409,
			text: "Resource by this name exists but is not in this collection."},
		{name: "a deleted action is answered with its document", given: []string{putEcho}, do: "DELETE ~/actions/echo",
			status: 200,
			json:   `{"name":"echo","version":"0.0.1","exec":{"code":"echo"}}`},
		{name: "a deleted action is gone", given: []string{putEcho, "DELETE ~/actions/echo"}, do: "GET ~/actions/echo",
			status: 404, text: missing},
		{name: "what is not there cannot be deleted", do: "DELETE ~/actions/echo", status: 404, text: missing},
		{name: "a package is not deleted as an action", given: []string{putPkg}, do: "DELETE ~/actions/pkg",
			status: 409},
		{name: "an action made again starts at 0.0.1", given: []string{putEcho, "DELETE ~/actions/echo"}, do: putEcho,
			status: 200,
			json:   `{"version":"0.0.1"}`},
		{name: "an action knows four verbs", do: "PATCH ~/actions/echo {}", status: 405,
			text: "HTTP method not allowed, supported methods: DELETE, GET, POST, PUT"},
		{name: "a name in a package must be well formed", do: "GET ~/actions/pkg/-x", status: 400,
			text: "The name of the entity contains illegal characters."},
	})
}

func TestActionsAreListed(t *testing.T) {
	var many []string
	for i := range 35 {
		many = append(many, fmt.Sprintf(`PUT ~/actions/a%d {"exec":{"kind":"nodejs:20","code":"x"}}`, i))
	}
	three := many[:3]
	check(t, []row{
		{name: "no action at all is an empty list", do: "GET ~/actions", status: 200, json: `[]`},
		{name: "a row has the document without code and parameters", given: []string{putEcho}, do: "GET ~/actions/",
			status: 200,
			json: `[{"namespace":"guest","name":"echo","version":"0.0.1","publish":false,"updated":1772366401000,
				"exec":{"binary":true},"limits":{"memory":256},"annotations":[{"key":"provide-api-key","value":false},
				{"key":"exec","value":"nodejs:20"}]}]`, lacks: `"parameters"`},
		{name: "the one updated last comes first", given: append(three[:3:3], `PUT ~/actions/a0?overwrite=true {}`),
			do: "GET ~/actions", status: 200, json: `[{"name":"a0"},{"name":"a2"},{"name":"a1"}]`},
		{name: "a limit", given: three, do: "GET ~/actions?limit=2", status: 200,
			json: `[{"name":"a2"},{"name":"a1"}]`},
		{name: "a skip", given: three, do: "GET ~/actions?skip=1", status: 200, json: `[{"name":"a1"},{"name":"a0"}]`},
		{name: "a skip past the end", given: three, do: "GET ~/actions?skip=9", status: 200, json: `[]`},
		{name: "a count", given: many, do: "GET ~/actions?count=true", status: 200, json: `{"actions":35}`},
		{name: "a count after a skip", given: many, do: "GET ~/actions?count=true&skip=5", status: 200,
			json: `{"actions":30}`},
		{name: "a limit over 200", do: "GET ~/actions?limit=201", status: 400,
			text: "The query parameter 'limit' was malformed:\nThe value '201' is not in the range of 0 to 200 for actions."},
		{name: "a limit under 0", do: "GET ~/actions?limit=-1", status: 400,
			text: "The query parameter 'limit' was malformed:\nThe value '-1' is not in the range of 0 to 200 for actions."},
		{name: "a limit that is no number", do: "GET ~/actions?limit=ten", status: 400,
			text: "The query parameter 'limit' was malformed:\nThe value 'ten' is not an integer for actions."},
		{name: "a skip under 0", do: "GET ~/actions?skip=-1", status: 400,
			text: "The query parameter 'skip' was malformed:\nThe value '-1' is not greater than or equal to 0 for actions."},
		{name: "a skip that is no number", do: "GET ~/actions?skip=x", status: 400,
			text: "The query parameter 'skip' was malformed:\nThe value 'x' is not an integer for actions."},
		{name: "a list can only be read", do: "POST ~/actions {}", status: 405,
			text: "HTTP method not allowed, supported methods: GET"},
	})
	for query, want := range map[string]int{"": 30, "?limit=0": 35, "?limit=200": 35, "?limit=0&skip=30": 5} {
		t.Run("how many of 35 rows a list has with "+query, func(t *testing.T) {
			f := serve(t, defaults())
			for _, line := range many {
				f.must(t, line)
			}
			if rows := decode(t, f.must(t, "GET ~/actions"+query).body).([]any); len(rows) != want {
				t.Errorf("got %d rows, want %d", len(rows), want)
			}
		})
	}
}
