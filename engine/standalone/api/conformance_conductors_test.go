package api_test

import (
	"strings"
	"testing"
)

const (
	putConductor = `PUT ~/actions/conduct {"exec":{"kind":"nodejs:20","code":"conduct"},"parameters":[{"key":"c","value":1}],` +
		`"annotations":[{"key":"conductor","value":true}]}`
	composed = "POST ~/actions/conduct?blocking=true"
	bare     = composed + "&result=true "
)

// plan is the payload of a call: what the conductor does, one after the other.
func plan(steps ...string) string { return `{"plan":[` + strings.Join(steps, ",") + `]}` }

func TestCompositions(t *testing.T) {
	echo := `{"action":"echo","params":{"n":1}}`
	check(t, []row{
		{name: "a conductor that names nothing is the composition", given: []string{putConductor}, do: bare + `{"n":1}`,
			status: 200, json: `{"n":1,"c":1}`},
		{name: "an action runs with its params, and the conductor gets the result", given: []string{putConductor, putEcho},
			do: bare + plan(echo), status: 200, json: `{"n":1}`},
		{name: "an action without params runs with none", given: []string{putConductor, putRequest}, status: 200,
			do: bare + plan(`{"action":"request"}`), json: `{"params":{}}`},
		{name: "params that are no object become one", given: []string{putConductor, putEcho}, status: 200,
			do: bare + plan(`{"action":"echo","params":3}`), json: `{"value":3}`},
		{name: "the state lies over the result", given: []string{putConductor, putEcho}, status: 200,
			do:   bare + plan(`{"action":"echo","params":{"n":1,"m":1},"state":{"n":2,"k":3}}`),
			json: `{"n":2,"m":1,"k":3}`},
		{name: "a state that is no object becomes one", given: []string{putConductor, putEcho}, status: 200,
			do: bare + plan(`{"action":"echo","state":7}`), json: `{"state":7}`},
		{name: "an action by its full name", given: []string{putConductor, putEcho}, status: 200,
			do: bare + plan(`{"action":"/guest/echo","params":{"n":5}}`), json: `{"n":5}`},
		{name: "an action in a package", given: []string{putConductor, putPkg, putIn}, status: 200,
			do: bare + plan(`{"action":"pkg/in"}`), json: `{"a":"action","p":1}`},
		{name: "an action of others that is published", given: []string{putConductor, putShared, putTheirs}, status: 200,
			do: bare + plan(`{"action":"/other/shared/do"}`), json: `{"path":"other/shared/do","namespace":"guest"}`},
		{name: "a sequence", given: []string{putConductor, putEcho, seq("s", "echo", "echo")}, status: 200,
			do: bare + plan(`{"action":"s","params":{"n":4}}`), json: `{"n":4}`},
		{name: "a conductor in a sequence", given: []string{putConductor, putEcho, seq("s", "conduct")}, status: 200,
			do: "POST ~/actions/s?blocking=true&result=true " + plan(echo), json: `{"n":1}`},
		{name: "another conductor", given: []string{putConductor, putEcho}, status: 200,
			do: bare + plan(`{"action":"conduct","params":{"n":6,"plan":[]}}`), json: `{"n":6}`},
		{name: "an error of an action is put before the conductor", given: []string{putConductor, putFail}, status: 200,
			do: bare + plan(`{"action":"fail","state":{"caught":true}}`), json: `{"error":"no","caught":true}`},
		{name: "an error of the conductor is the end", given: []string{putConductor}, status: 502,
			do:   composed + " " + plan(`{"error":"enough"}`),
			json: `{"response":{"status":"application error","result":{"error":"enough"}}}`},
		{name: "a conductor that crashes", status: 502, do: "POST ~/actions/bad?blocking=true",
			given: []string{`PUT ~/actions/bad {"exec":{"kind":"nodejs:20","code":"crash"},"annotations":[{"key":"conductor","value":true}]}`},
			json:  `{"response":{"status":"action developer error"}}`},
		{name: "an action that is not there is put before the conductor", given: []string{putConductor}, status: 200,
			do:   bare + plan(`{"action":"none"}`),
			json: `{"error":"Failed to resolve action with name 'guest/none' during composition."}`},
		{name: "an action that is not the caller's", given: []string{putConductor, putPrivate, putHidden}, status: 200,
			do:   bare + plan(`{"action":"/other/private/do"}`),
			json: `{"error":"Failed entitlement check for action with name 'other/private/do' during composition."}`},
		{name: "a name that is none", given: []string{putConductor}, status: 200, do: bare + plan(`{"action":"a/b/c/d"}`),
			json: `{"error":"Failed to parse action name from json value \"a/b/c/d\" during composition."}`},
		{name: "an action that is no string", given: []string{putConductor}, status: 200, do: bare + plan(`{"action":{"x":1}}`),
			json: `{"error":"Failed to parse action name from json value {\"x\":1} during composition."}`},
		{name: "an action of a package that is not there", given: []string{putConductor}, status: 200, do: bare + plan(`{"action":"none/x"}`),
			json: `{"error":"Failed entitlement check for action with name 'guest/none/x' during composition."}`},
		{name: "a sequence counts as one action", given: []string{putConductor, putEcho, seq("s", "echo", "echo", "echo")}, status: 200,
			do: bare + plan(`{"action":"s"}`, `{"action":"s"}`, `{"action":"s","params":{"n":9}}`), json: `{"n":9}`},
		{name: "another conductor counts as none, and what it starts as its own", given: []string{putConductor, putEcho}, status: 200,
			do:   bare + plan(`{"action":"conduct","params":`+plan(echo, echo)+`}`, echo, echo),
			json: `{"error":"Too many actions in the composition."}`},
		{name: "a conductor in a sequence counts for itself", given: []string{putConductor, putEcho, seq("s", "conduct", "echo", "echo")}, status: 200,
			do: "POST ~/actions/s?blocking=true&result=true " + plan(echo, echo, echo), json: `{"n":1}`},
		{name: "too many actions", given: []string{putConductor, putEcho}, status: 200,
			do: bare + plan(echo, echo, echo, echo), json: `{"error":"Too many actions in the composition."}`},
		{name: "too many turns of the conductor", given: []string{putConductor}, status: 502,
			do:   bare + plan(`{"action":"none"}`, `{"action":"none"}`, `{"action":"none"}`, `{"action":"none"}`, `{"action":"none"}`, `{"action":"none"}`, `{"action":"none"}`, `{"action":"none"}`),
			json: `{"error":"Too many actions in the composition."}`},
		{name: "the record of a composition", given: []string{putConductor, putEcho}, do: composed + " " + plan(echo), status: 200,
			json: `{"name":"conduct","duration":55,"response":{"status":"success","result":{"n":1}},
				"annotations":[{"key":"path","value":"guest/conduct"},{"key":"kind","value":"sequence"},{"key":"limits"},
				{"key":"waitTime","value":0},{"key":"topmost","value":true},{"key":"conductor","value":true}]}`},
		{name: "a composition that is not waited for", given: []string{putConductor}, do: "POST ~/actions/conduct", status: 202},
	})
}

func TestCompositionsLeaveATrail(t *testing.T) {
	f := serve(t, defaults())
	for _, line := range []string{putConductor, putEcho} {
		f.must(t, line)
	}
	id := f.must(t, composed+` {"plan":[{"action":"echo"}]}`).header.Get("X-Openwhisk-Activation-Id")
	outer := f.trail(t, id)
	if len(outer.Logs) != 3 {
		t.Fatalf("got %d activations in the log, want conductor, action, conductor", len(outer.Logs))
	}
	for i, want := range []string{"conduct", "echo", "conduct"} {
		inner := f.trail(t, outer.Logs[i])
		if inner.Name != want || inner.Cause != id || inner.note("causedBy") != `"sequence"` || inner.note("conductor") != "" {
			t.Errorf("activation %d: got %s with cause %s, causedBy %s; want %s, caused by the composition",
				i, inner.Name, inner.Cause, inner.note("causedBy"), want)
		}
	}
}
