package standalone_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"wsk-scenario/engine/standalone"
)

// TestSystemActions invokes every action of whisk.system as a process.
func TestSystemActions(t *testing.T) {
	s := start(t, standalone.Config{PerMinute: 1000})
	const ns = "whisk.system"
	for _, c := range []struct{ action, args, want string }{
		{"utils/echo", `{"a":[1,{"b":null}]}`, `{"a":[1,{"b":null}]}`},
		{"utils/cat", `{"lines":["a","b"]}`, `{"lines":["a","b"],"payload":"a\nb"}`},
		{"utils/head", `{"lines":["a","b","c"],"num":2}`, `{"lines":["a","b"],"num":2}`},
		{"utils/sort", `{"lines":["b","c","a"]}`, `{"lines":["a","b","c"],"length":3}`},
		{"utils/split", `{"payload":"a,b","separator":","}`, `{"payload":"a,b","lines":["a","b"]}`},
		{"utils/namespace", `{}`, `{"namespace":"guest"}`},
		{"utils/hosturl", `{"path":"default/page","ext":".json"}`, `{"url":"` + s.URL() + `/api/v1/web/guest/default/page.json"}`},
		{"samples/greeting", `{"name":"Ada","place":"London"}`, `{"payload":"Hello, Ada from London!"}`},
		{"samples/helloWorld", `{"n":1}`, `{"n":1}`},
		{"samples/wordCount", `{"payload":" one two  three\n"}`, `{"count":3}`},
	} {
		status, got := callIn(t, s, "POST", ns+"/actions/"+c.action+"?blocking=true&result=true", c.args)
		if status != 200 || !reflect.DeepEqual(value(t, got), value(t, c.want)) {
			t.Errorf("%s of %s: got %d %s, want %s", c.action, c.args, status, got, c.want)
		}
	}
	status, date := callIn(t, s, "POST", ns+"/actions/utils/date?blocking=true&result=true", "{}")
	if got, _ := value(t, date).(map[string]any); status != 200 || got["date"] == "" {
		t.Errorf("utils/date: got %d %s, want a date", status, date)
	}
	_, list := callIn(t, s, "GET", ns+"/packages", "")
	if got, _ := value(t, list).([]any); len(got) != 2 {
		t.Errorf("got %s, want two packages", list)
	}
	if status, got := callIn(t, s, "PUT", ns+"/actions/utils/echo?overwrite=true", greet); status != 403 {
		t.Errorf("got %d %s for a change of a system action, want 403", status, got)
	}
	call(t, s, "PUT", "/actions/pipe", `{"exec":{"kind":"sequence","components":["/whisk.system/utils/split","/whisk.system/utils/sort"]}}`)
	status, got := call(t, s, "POST", "/actions/pipe?blocking=true&result=true", `{"payload":"b\na"}`)
	if want := `{"lines":["a","b"],"length":2}`; status != 200 || !reflect.DeepEqual(value(t, got), value(t, want)) {
		t.Errorf("a sequence of system actions: got %d %s, want %s", status, got, want)
	}
}

func value(t *testing.T, text string) (v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("not JSON: %v in %s", err, text)
	}
	return v
}
