package api_test

import (
	"strings"
	"testing"
)

func seq(name string, components ...string) string {
	return `PUT ~/actions/` + name + ` {"exec":{"kind":"sequence","components":["/_/` + strings.Join(components, `","/_/`) + `"]}}`
}

func TestSequencesAreStored(t *testing.T) {
	check(t, []row{
		{name: "a sequence keeps its components by full name", given: []string{putEcho}, do: putPair, status: 200,
			json: `{"exec":{"kind":"sequence","components":["/guest/echo","/guest/echo"]},
				"parameters":[{"key":"_actions","value":["/guest/echo","/guest/echo"]}],
				"annotations":[{"key":"provide-api-key","value":false},{"key":"exec","value":"sequence"}]}`},
		{name: "parameters of a sequence are dropped", given: []string{putEcho}, status: 200,
			do:   `PUT ~/actions/s {"exec":{"kind":"sequence","components":["/_/echo"]},"parameters":[{"key":"a","value":1}]}`,
			json: `{"parameters":[{"key":"_actions","value":["/guest/echo"]}]}`},
		{name: "an action that replaces a sequence has no _actions", given: []string{putEcho, putPair}, status: 200,
			do:   `PUT ~/actions/pair?overwrite=true {"exec":{"kind":"nodejs:20","code":"x"}}`,
			json: `{"parameters":[]}`},
		{name: "a component may lie in a package", given: []string{putPkg, putIn}, do: seq("s", "pkg/in"), status: 200,
			json: `{"exec":{"components":["/guest/pkg/in"]}}`},
		{name: "no component", do: `PUT ~/actions/s {"exec":{"kind":"sequence","components":[]}}`, status: 400,
			text: "No component specified for the sequence."},
		{name: "no components at all", do: `PUT ~/actions/s {"exec":{"kind":"sequence"}}`, status: 400},
		{name: "a component without a namespace",
			do: `PUT ~/actions/s {"exec":{"kind":"sequence","components":["echo"]}}`, status: 400,
			text: malformed + "The fully qualified name of the entity must contain " +
				"at least the namespace and the name of the entity."},
		{name: "a component that is not there", do: seq("s", "none"), status: 400,
			text: "Sequence component does not exist."},
		{name: "a component in a package that is not there", do: seq("s", "none/x"), status: 404, text: missing},
		{name: "a component in what is no package", given: []string{putEcho}, do: seq("s", "echo/x"), status: 409,
			text: "Resource by this name exists but is not in this collection."},
		{name: "a component that its package does not have", given: []string{putPkg}, do: seq("s", "pkg/x"), status: 400,
			text: "Sequence component does not exist."},
		{name: "as many components as may be", given: []string{putEcho}, do: seq("s", "echo", "echo", "echo"), status: 200},
		{name: "an update without exec keeps the components, whatever parameters it has", given: []string{putEcho, putPair}, status: 200,
			do:   `PUT ~/actions/pair?overwrite=true {"parameters":[{"key":"a","value":1}]}`,
			json: `{"version":"0.0.2","parameters":[{"key":"_actions","value":["/guest/echo","/guest/echo"]}]}`},
		{name: "too many components", given: []string{putEcho}, do: seq("s", "echo", "echo", "echo", "echo"),
			status: 400,
			text:   "Too many actions in the sequence."},
		{name: "too many components once written out", given: []string{putEcho, putPair}, do: seq("s", "pair", "pair"),
			status: 400,
			text:   "Too many actions in the sequence."},
		{name: "a sequence of itself", given: []string{putEcho, putPair},
			do: seq("pair?overwrite=true", "pair"), status: 400, text: "Sequence may not refer to itself."},
		{name: "a sequence of itself by way of another",
			given: []string{putEcho, seq("inner", "echo"), seq("outer", "inner")},
			do:    seq("inner?overwrite=true", "outer"), status: 400, text: "Sequence may not refer to itself."},
		{name: "an action that becomes a sequence of itself", given: []string{putEcho},
			do: seq("echo?overwrite=true", "echo"), status: 400,
			text: "Sequence may not refer to itself."},
	})
}

func TestSequencesAreInvoked(t *testing.T) {
	const call = `POST ~/actions/s?blocking=true`
	check(t, []row{
		{name: "the record of a sequence", given: []string{putEcho, seq("s", "echo", "echo")}, do: call + ` {"n":1}`,
			status: 200,
			json: `{"name":"s","start":1772366401000,"end":1772366401030,"duration":30,
				"response":{"status":"success","result":{"n":1}},
				"annotations":[{"key":"path","value":"guest/s"},{"key":"kind","value":"sequence"},
				{"key":"limits","value":{"timeout":60000,"memory":256,"logs":10,"concurrency":1}},
				{"key":"waitTime","value":0},{"key":"topmost","value":true}]}`, lacks: "cause"},
		{name: "its memory is that of the largest component", status: 200,
			given: []string{putEcho, `PUT ~/actions/big {"exec":{"kind":"nodejs:20","code":"echo"},"limits":{"memory":512}}`,
				`PUT ~/actions/small {"exec":{"kind":"nodejs:20","code":"echo"},"limits":{"memory":128}}`, seq("s", "big", "small")},
			do: call, json: `{"annotations":[{},{},{"key":"limits","value":{"memory":512}},{},{}]}`},
		{name: "a result goes to the next, with its own parameters below it", status: 200,
			given: []string{putPkg, putIn, putEcho, seq("s", "pkg/in", "echo")},
			do:    call + `&result=true {"n":1}`, json: `{"a":"action","p":1,"n":1}`},
		{name: "an array goes to the next", given: []string{putArray, putRequest, seq("s", "array", "request")},
			do: call + `&result=true`, status: 200, json: `{"params":[1,2]}`},
		{name: "a sequence stops at the first error", given: []string{putFail, putEcho, seq("s", "fail", "echo")},
			do: call, status: 502,
			json: `{"response":{"status":"application error","result":{"error":"no"}},"duration":25}`},
		{name: "a component that is gone",
			given: []string{putEcho, putFail, seq("s", "echo", "fail"), "DELETE ~/actions/fail"}, do: call,
			status: 502,
			json:   `{"response":{"status":"application error","result":{"error":"Sequence component does not exist."}}}`},
		{name: "a component whose package is gone",
			given: []string{putPkg, putIn, seq("s", "pkg/in"), "DELETE ~/packages/pkg?force=true"}, do: call, status: 404, text: missing},
		{name: "a component of others that is not for everybody any more", status: 403, text: notAllowed + "other/shared'.", do: call,
			given: []string{putShared, putTheirs, `PUT ~/actions/s {"exec":{"kind":"sequence","components":["/other/shared/do"]}}`, unpublish}},
		{name: "a sequence that grew too long by way of another", status: 502, do: call,
			given: []string{putEcho, seq("inner", "echo"), seq("s", "inner", "inner"), seq("inner?overwrite=true", "echo", "echo")},
			json:  `{"response":{"result":{"error":"Too many actions in the sequence."}}}`},
		{name: "a sequence that is not waited for", given: []string{putEcho, seq("s", "echo")}, do: "POST ~/actions/s",
			status: 202},
	})
}

func TestSequencesLeaveATrail(t *testing.T) {
	f := serve(t, defaults())
	for _, line := range []string{putEcho, seq("inner", "echo"), seq("outer", "inner", "echo")} {
		f.must(t, line)
	}
	id := f.must(t, "POST ~/actions/outer?blocking=true").header.Get("X-Openwhisk-Activation-Id")
	outer := f.trail(t, id)
	inner := f.trail(t, outer.Logs[0])
	first := f.trail(t, inner.Logs[0])
	second := f.trail(t, outer.Logs[1])
	for _, c := range []struct {
		name, got, want string
	}{
		{"the cause of the outermost", outer.Cause, ""},
		{"the cause of the nested one", inner.Cause, id},
		{"the cause of an action in the nested one", first.Cause, inner.ActivationID},
		{"the cause of the last action", second.Cause, id},
		{"topmost of the outermost", outer.note("topmost"), "true"},
		{"topmost of the nested one", inner.note("topmost"), "false"},
		{"causedBy of the outermost", outer.note("causedBy"), ""},
		{"causedBy of the nested one", inner.note("causedBy"), `"sequence"`},
		{"causedBy of an action", second.note("causedBy"), `"sequence"`},
		{"the name of the last action", second.Name, "echo"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, c.got, c.want)
		}
	}
	if got, want := outer.Duration, inner.Duration+second.Duration; got != want {
		t.Errorf("got duration %d of the outermost, want the sum %d", got, want)
	}
}
