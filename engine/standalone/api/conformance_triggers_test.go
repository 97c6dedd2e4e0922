package api_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"wsk-scenario/engine/standalone/balancer"
)

const (
	putTick = `PUT ~/triggers/tick {"parameters":[{"key":"a","value":"trigger"},{"key":"p","value":1}]}`
	putRule = `PUT ~/rules/on {"trigger":"/_/tick","action":"/guest/echo"}`
	otherIs = "Resource by this name exists but is not in this collection."
)

func ruled() []string { return []string{putTick, putEcho, putRule} }

func TestTriggers(t *testing.T) {
	check(t, []row{
		{name: "a new trigger is shown without rules", do: putTick, status: 200, lacks: "rules",
			json: `{"namespace":"guest","name":"tick","version":"0.0.1","publish":false,"limits":{},"annotations":[]}`},
		{name: "a trigger that is there needs overwrite", given: []string{putTick}, do: putTick, status: 409,
			text: "resource already exists"},
		{name: "an update keeps what is not sent", given: []string{putTick},
			do: `PUT ~/triggers/tick?overwrite=true {"publish":true}`, status: 200,
			json: `{"version":"0.0.2","publish":true,"parameters":[{"key":"a"},{"key":"p"}]}`},
		{name: "annotations replace the whole list", given: []string{`PUT ~/triggers/t {"annotations":[{"key":"x","value":1}]}`}, status: 200,
			do: `PUT ~/triggers/t?overwrite=true {"annotations":[{"key":"y","value":2}]}`, json: `{"annotations":[{"key":"y","value":2}]}`},
		{name: "parameters replace the whole list", given: []string{putTick}, status: 200,
			do: `PUT ~/triggers/tick?overwrite=true {"parameters":[{"key":"b","value":2}]}`, json: `{"parameters":[{"key":"b","value":2}]}`},
		{name: "the feed's name is kept", status: 200, json: `{"annotations":[{"key":"feed","value":"/whisk.system/alarms/alarm"}]}`,
			do: `PUT ~/triggers/t {"annotations":[{"key":"feed","value":"/whisk.system/alarms/alarm"}]}`},
		{name: "a feed that is a simple name", do: `PUT ~/triggers/t {"annotations":[{"key":"feed","value":"xyz"}]}`, status: 200},
		{name: "a feed that is no name", do: `PUT ~/triggers/t {"annotations":[{"key":"feed","value":"-/?"}]}`, status: 400,
			text: "Feed name is not valid"},
		{name: "a feed that is no text", do: `PUT ~/triggers/t {"annotations":[{"key":"feed","value":true}]}`, status: 400,
			text: "Feed name is not valid"},
		{name: "an update looks at no feed", given: []string{putTick}, status: 200,
			do: `PUT ~/triggers/tick?overwrite=true {"annotations":[{"key":"feed","value":true}]}`},
		{name: "an update shows the rules", given: ruled(), do: "PUT ~/triggers/tick?overwrite=true {}", status: 200,
			json: `{"version":"0.0.2","rules":{"guest/on":{"action":{"path":"guest","name":"echo"},"status":"active"}}}`},
		{name: "a trigger that is deleted shows the rules that it had", given: ruled(), do: "DELETE ~/triggers/tick", status: 200,
			json: `{"rules":{"guest/on":{"status":"active"}}}`},
		{name: "a trigger without a rule has no rules", given: []string{putTick}, do: "GET ~/triggers/tick", status: 200, lacks: "rules"},
		{name: "a trigger that comes again knows no rule", given: append(ruled(), "DELETE ~/triggers/tick", putTick),
			do: "GET ~/triggers/tick", status: 200, lacks: "rules"},
		{name: "it knows one that is made active", status: 200, json: `{"rules":{"guest/on":{"status":"active"}}}`, do: "GET ~/triggers/tick",
			given: append(ruled(), "DELETE ~/triggers/tick", putTick, `POST ~/rules/on {"status":"active"}`)},
		{name: "and one that is written again, which stays inactive", status: 200, json: `{"rules":{"guest/on":{"status":"inactive"}}}`,
			do: "GET ~/triggers/tick", given: append(ruled(), "DELETE ~/triggers/tick", putTick, "PUT ~/rules/on?overwrite=true {}")},
		{name: "a trigger shows a rule that is inactive", given: append(ruled(), `POST ~/rules/on {"status":"inactive"}`),
			do: "GET ~/triggers/tick", status: 200, json: `{"rules":{"guest/on":{"status":"inactive"}}}`},
		{name: "a trigger whose rule is deleted", given: append(ruled(), "DELETE ~/rules/on"), do: "GET ~/triggers/tick", status: 200, lacks: "rules"},
		{name: "a trigger may not have the name of an action", given: []string{putEcho}, do: "PUT ~/triggers/echo {}",
			status: 409, text: otherIs},
		{name: "an action may not have the name of a trigger", given: []string{putTick},
			do: `PUT ~/actions/tick {"exec":{"kind":"nodejs:20","code":"x"}}`, status: 409, text: otherIs},
		{name: "a package may not have the name of a trigger", given: []string{putTick}, do: "PUT ~/packages/tick {}",
			status: 409, text: otherIs},
		{name: "a trigger shows the rules that listen to it", given: ruled(), do: "GET ~/triggers/tick", status: 200,
			json: `{"rules":{"guest/on":{"action":{"path":"guest","name":"echo"},"status":"active"}}}`},
		{name: "a trigger that is not there", do: "GET ~/triggers/tick", status: 404, text: missing},
		{name: "an action is no trigger", given: []string{putEcho}, do: "GET ~/triggers/echo", status: 409, text: otherIs},
		{name: "the triggers", given: []string{putTick}, do: "GET ~/triggers", status: 200, json: `[{"name":"tick"}]`,
			lacks: "parameters"},
		{name: "the count of triggers", given: []string{putTick}, do: "GET ~/triggers?count=true", status: 200,
			json: `{"triggers":1}`},
		{name: "a trigger is deleted", given: []string{putTick}, do: "DELETE ~/triggers/tick", status: 200,
			json: `{"name":"tick"}`},
		{name: "a trigger that is not there is not deleted", do: "DELETE ~/triggers/tick", status: 404, text: missing},
		{name: "a trigger that is not there does not fire", do: "POST ~/triggers/tick", status: 404, text: missing},
		{name: "a trigger with a rule fires", given: ruled(), do: `POST ~/triggers/tick {"n":1}`, status: 202},
		{name: "a payload that is no object", given: ruled(), do: `POST ~/triggers/tick [1]`, status: 400},
		{name: "a trigger has no PATCH", do: "PATCH ~/triggers/tick {}", status: 405,
			text: "HTTP method not allowed, supported methods: DELETE, GET, POST, PUT"},
	})
}

func TestRules(t *testing.T) {
	check(t, []row{
		{name: "a new rule is active", given: []string{putTick, putEcho}, do: putRule, status: 200,
			json: `{"name":"on","version":"0.0.1","status":"active","trigger":{"path":"guest","name":"tick"},
				"action":{"path":"guest","name":"echo"}}`},
		{name: "a rule may start an action of a package", given: []string{putTick, putPkg, putIn},
			do: `PUT ~/rules/on {"trigger":"/_/tick","action":"/_/pkg/in"}`, status: 200,
			json: `{"action":{"path":"guest/pkg","name":"in"}}`},
		{name: "a rule to a trigger that is not there", given: []string{putEcho}, do: putRule, status: 400,
			text: "trigger /guest/tick does not exist"},
		{name: "a rule to an action that is not there", given: []string{putTick}, do: putRule, status: 400,
			text: "action /guest/echo does not exist"},
		{name: "a rule of nothing", do: "PUT ~/rules/on {}", status: 400, text: "rule requires a valid trigger and a valid action"},
		{name: "a rule without an action", given: []string{putTick}, do: `PUT ~/rules/on {"trigger":"/_/tick"}`, status: 400,
			text: "rule requires a valid trigger and a valid action"},
		{name: "a rule to a name without a namespace", do: `PUT ~/rules/on {"trigger":"tick","action":"/_/echo"}`, status: 400,
			text: malformed + "The fully qualified name of the entity must contain at least the namespace and the name of the entity."},
		{name: "a rule to a trigger in a package", given: []string{putEcho, putPkg}, status: 400, text: "trigger /guest/pkg/tick does not exist",
			do: `PUT ~/rules/on {"trigger":"/_/pkg/tick","action":"/_/echo"}`},
		{name: "a rule to an action of a package that is not there", given: []string{putTick}, status: 404, text: missing,
			do: `PUT ~/rules/on {"trigger":"/_/tick","action":"/_/none/x"}`},
		{name: "a rule to an action that its package does not have", given: []string{putTick, putPkg}, status: 400,
			do: `PUT ~/rules/on {"trigger":"/_/tick","action":"/_/pkg/x"}`, text: "action /guest/pkg/x does not exist"},
		{name: "a rule may start a sequence", given: []string{putTick, putEcho, putPair}, status: 200,
			do: `PUT ~/rules/on {"trigger":"/_/tick","action":"/_/pair"}`, json: `{"action":{"name":"pair"},"status":"active"}`},
		{name: "a rule that is moved to another trigger", given: append(ruled(), "PUT ~/triggers/tock {}"), status: 200,
			do: `PUT ~/rules/on?overwrite=true {"trigger":"/_/tock"}`, json: `{"trigger":{"name":"tock"},"action":{"name":"echo"},"status":"active"}`},
		{name: "its former trigger does not know it any more", status: 200, lacks: "rules", do: "GET ~/triggers/tick",
			given: append(ruled(), "PUT ~/triggers/tock {}", `PUT ~/rules/on?overwrite=true {"trigger":"/_/tock"}`)},
		{name: "annotations replace the whole list", status: 200, do: `PUT ~/rules/on?overwrite=true {"annotations":[{"key":"y","value":2}]}`,
			given: append(ruled(), `PUT ~/rules/on?overwrite=true {"annotations":[{"key":"x","value":1}]}`), json: `{"annotations":[{"key":"y","value":2}]}`},
		{name: "an update to a trigger that is not there", given: ruled(), status: 400, text: "trigger /guest/tock does not exist",
			do: `PUT ~/rules/on?overwrite=true {"trigger":"/_/tock"}`},
		{name: "an update whose trigger is gone", given: append(ruled(), "DELETE ~/triggers/tick"), status: 400,
			do: "PUT ~/rules/on?overwrite=true {}", text: "trigger /guest/tick does not exist"},
		{name: "a rule whose action is gone is still active", given: append(ruled(), "DELETE ~/actions/echo"), do: "GET ~/rules/on",
			status: 200, json: `{"status":"active"}`},
		{name: "a rule whose trigger is gone is not made active", given: append(ruled(), "DELETE ~/triggers/tick"), status: 404,
			do: `POST ~/rules/on {"status":"active"}`, text: "Only rules with existing triggers can be activated"},
		{name: "a state that is no text", given: ruled(), do: `POST ~/rules/on {"status":1}`, status: 400},
		{name: "a state of nothing", given: ruled(), do: `POST ~/rules/on`, status: 400, text: malformed + "key not found: status"},
		{name: "the count of rules", given: ruled(), do: "GET ~/rules?count=true", status: 200, json: `{"rules":1}`},
		{name: "a rule that is there needs overwrite", given: ruled(), do: putRule, status: 409,
			text: "resource already exists"},
		{name: "an update keeps the status", given: append(ruled(), `POST ~/rules/on {"status":"inactive"}`),
			do: "PUT ~/rules/on?overwrite=true {}", status: 200, json: `{"version":"0.0.2","status":"inactive"}`},
		{name: "a rule is made inactive, which is no new version", given: append(ruled(), `POST ~/rules/on {"status":"inactive"}`),
			do: "GET ~/rules/on", status: 200, json: `{"version":"0.0.1","status":"inactive"}`},
		{name: "and active again", given: append(ruled(), `POST ~/rules/on {"status":"inactive"}`, `POST ~/rules/on {"status":"active"}`),
			do: "GET ~/rules/on", status: 200, json: `{"version":"0.0.1","status":"active"}`},
		{name: "a rule that is active may be made so", given: ruled(), do: `POST ~/rules/on {"status":"active"}`, status: 200, lacks: "{"},
		{name: "a rule whose trigger is gone may be made inactive, which it is", given: append(ruled(), "DELETE ~/triggers/tick"),
			do: `POST ~/rules/on {"status":"inactive"}`, status: 200, lacks: "{"},
		{name: "another state there is not", given: ruled(), do: `POST ~/rules/on {"status":"x"}`, status: 400,
			text: malformed + "requirement failed: x is not a recognized rule state"},
		{name: "a rule that is not there has no state", do: `POST ~/rules/on {"status":"active"}`, status: 404, text: missing},
		{name: "a rule whose trigger is gone is inactive", given: append(ruled(), "DELETE ~/triggers/tick"),
			do: "GET ~/rules/on", status: 200, json: `{"status":"inactive"}`},
		{name: "it stays so when a trigger of that name comes again",
			given: append(ruled(), "DELETE ~/triggers/tick", putTick), do: "POST ~/triggers/tick", status: 204},
		{name: "a list of rules has no status", given: ruled(), do: "GET ~/rules", status: 200,
			json: `[{"name":"on","trigger":{"name":"tick"}}]`, lacks: "status"},
		{name: "an active rule is deleted, and then inactive", given: ruled(), do: "DELETE ~/rules/on", status: 200,
			json: `{"name":"on","status":"inactive"}`},
		{name: "a rule that is not there", do: "GET ~/rules/on", status: 404, text: missing},
		{name: "a rule that is not there is not deleted", do: "DELETE ~/rules/on", status: 404, text: missing},
		{name: "a trigger is no rule", given: []string{putTick}, do: "GET ~/rules/tick", status: 409, text: otherIs},
	})
}

func TestAFireWithoutAnActiveRuleLeavesNothing(t *testing.T) {
	f := serve(t, defaults())
	for _, line := range append(ruled(), `POST ~/rules/on {"status":"inactive"}`) {
		f.must(t, line)
	}
	if got := f.call(t, `POST ~/triggers/tick {"n":1}`); got.status != http.StatusNoContent || got.body != "" {
		t.Errorf("got %d %q, want 204 and nothing", got.status, got.body)
	}
	if got := f.must(t, "GET ~/activations").body; got != "[]" {
		t.Errorf("got records %s, want none", got)
	}
}

func TestAFireIsRecordedWithALineForEachRule(t *testing.T) {
	f := serve(t, settings{perMinute: 1, fires: 1, concurrent: 30})
	for _, line := range append(ruled(), `PUT ~/rules/second {"trigger":"/_/tick","action":"/_/echo"}`) {
		f.must(t, line)
	}
	id := f.must(t, `POST ~/triggers/tick {"a":"payload"}`, "X-Own", "yes").header.Get("X-Openwhisk-Activation-Id")
	body := f.must(t, "GET ~/activations/"+id).body
	for _, key := range []string{`"end"`, `"duration"`} {
		if strings.Contains(body, key) {
			t.Errorf("got %s, want it without %s", body, key)
		}
	}
	logs := f.trail(t, id).Logs
	if len(logs) != 2 || !covers(decode(t, body), decode(t, `{"name":"tick","response":{"result":{"a":"payload"}}}`)) {
		t.Fatalf("got %s, want the payload and two lines", body)
	}
	if want := `{"success":true,"statusCode":0,"rule":"guest/on","action":"guest/echo"}`; !covers(decode(t, logs[0]), decode(t, want)) {
		t.Errorf("got line %s, want %s", logs[0], want)
	}
	const refused = `{"success":false,"error":"Too many requests in the last minute (count: 2, allowed: 1).","rule":"guest/second"}`
	if !covers(decode(t, logs[1]), decode(t, refused)) {
		t.Errorf("got line %s, want %s", logs[1], refused)
	}
	row{do: "a second fire of the same minute", status: 429, text: "Too many requests in the last minute (count: 2, allowed: 1)."}.
		judge(t, f.call(t, "POST ~/triggers/tick"))
	if err := f.controller.Close(t.Context()); err != nil { // the activation is over then
		t.Fatal(err)
	}
	var started struct{ ActivationID string }
	_ = json.Unmarshal([]byte(logs[0]), &started)
	action := f.must(t, "GET ~/activations/"+started.ActivationID).body
	const args = `{"response":{"result":{"a":"payload","p":1,"__ow_headers":{"x-own":"yes"}}}}`
	if !covers(decode(t, action), decode(t, args)) || strings.Contains(action, "authorization") || strings.Contains(action, `"cause"`) {
		t.Errorf("got %s, want %s without credential and cause", action, args)
	}
}

// Each rule that the trigger knows has a line, also one that was not followed, and says why.
func TestLinesOfRulesThatFail(t *testing.T) {
	f := serve(t, defaults())
	for _, line := range append(ruled(), putFail, `PUT ~/rules/asleep {"trigger":"/_/tick","action":"/_/echo"}`, `POST ~/rules/asleep {"status":"inactive"}`,
		`PUT ~/rules/gone {"trigger":"/_/tick","action":"/_/fail"}`, "DELETE ~/actions/fail") {
		f.must(t, line)
	}
	id := f.must(t, `POST ~/triggers/tick {}`).header.Get("X-Openwhisk-Activation-Id")
	logs := f.trail(t, id).Logs
	want := []string{
		`{"rule":"guest/asleep","action":"guest/echo","success":false,"statusCode":1,
			"error":"Rule 'guest/asleep' is inactive, action 'guest/echo' was not activated."}`,
		`{"rule":"guest/gone","action":"guest/fail","success":false,"statusCode":1,"error":"The requested resource does not exist."}`,
		`{"rule":"guest/on","action":"guest/echo","success":true,"statusCode":0}`,
	}
	if len(logs) != len(want) {
		t.Fatalf("got the lines %q, want %d", logs, len(want))
	}
	for i := range want {
		if !covers(decode(t, logs[i]), decode(t, want[i])) {
			t.Errorf("got line %s, want %s", logs[i], want[i])
		}
	}
	f.invokers.Set("here", balancer.Down)
	id = f.must(t, `POST ~/triggers/tick {}`).header.Get("X-Openwhisk-Activation-Id")
	const nobody = `{"rule":"guest/on","success":false,"statusCode":3,"error":"There was an internal server error."}`
	if last := f.trail(t, id).Logs[2]; !covers(decode(t, last), decode(t, nobody)) {
		t.Errorf("without an invoker: got line %s, want %s", last, nobody)
	}
}
