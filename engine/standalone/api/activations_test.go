package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// record is what the tests look at in an activation record.
type record struct {
	ActivationID, Name, Cause string
	Start, Duration           int64
	Logs                      []string
	Annotations               []struct {
		Key   string
		Value json.RawMessage
	}
}

func (r record) note(key string) string {
	for _, a := range r.Annotations {
		if a.Key == key {
			return string(a.Value)
		}
	}
	return ""
}

func (f *fixture) trail(t *testing.T, id string) (r record) {
	t.Helper()
	if err := json.Unmarshal([]byte(f.must(t, "GET ~/activations/"+id).body), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// invoke makes a blocking call and returns the activation's id.
func (f *fixture) invoke(t *testing.T, action string) string {
	t.Helper()
	return f.must(t, "POST ~/actions/"+action+`?blocking=true {"n":1}`).header.Get("X-Openwhisk-Activation-Id")
}

func TestActivationsAreRead(t *testing.T) {
	f := serve(t, defaults())
	f.must(t, `PUT ~/actions/logs {"exec":{"kind":"nodejs:20","code":"logs"}}`)
	f.must(t, putFail)
	logs, fail := f.invoke(t, "logs"), f.invoke(t, "fail")
	for _, r := range []row{
		{name: "a record is read with its logs", do: "GET ~/activations/" + logs, status: 200,
			json: `{"activationId":"` + logs + `","logs":["2026-01-01T00:00:00.000000000Z  stdout: hi"],"end":1772366401025,
				"response":{"result":{"n":1},"status":"success","success":true,"size":7}}`, lacks: "statusCode"},
		{name: "the logs alone", do: "GET ~/activations/" + logs + "/logs", status: 200,
			json: `{"logs":["2026-01-01T00:00:00.000000000Z  stdout: hi"]}`, lacks: "response"},
		{name: "no logs are an empty list", do: "GET ~/activations/" + fail + "/logs", status: 200,
			json: `{"logs":[]}`},
		{name: "the result alone", do: "GET ~/activations/" + fail + "/result", status: 200,
			json: `{"result":{"error":"no"},"status":"application error","success":false}`, lacks: "activationId"},
		{name: "nothing else of a record", do: "GET ~/activations/" + fail + "/annotations", status: 404,
			text: noRoute},
		{name: "an id that is too short", do: "GET ~/activations/abc", status: 400,
			text: "Activation id length is 3 but must be 32."},
		{name: "an id with other letters", do: "GET ~/activations/" + strings.Repeat("g", 32), status: 400,
			text: "The activation id is not valid."},
		{name: "an id that is not there", do: "GET ~/activations/" + strings.Repeat("0", 32), status: 404,
			text: missing},
		{name: "the logs of an id that is not there", do: "GET ~/activations/" + strings.Repeat("0", 32) + "/logs",
			status: 404, text: missing},
		{name: "a record with a slash behind it", do: "GET ~/activations/" + fail + "/", status: 200, json: `{"name":"fail"}`},
		{name: "the result of an id that is not there", do: "GET ~/activations/" + strings.Repeat("0", 32) + "/result",
			status: 404, text: missing},
		{name: "an id that is too long", do: "GET ~/activations/" + strings.Repeat("0", 33), status: 400,
			text: "Activation id length is 33 but must be 32."},
		{name: "an id in capitals", do: "GET ~/activations/" + strings.Repeat("A", 32), status: 400,
			text: "The activation id is not valid."},
		{name: "the record of somebody else", do: "other: GET ~/activations/" + fail, status: 404, text: missing},
		{name: "a record is not written", do: "PUT ~/activations/" + fail + " {}", status: 405,
			text: "HTTP method not allowed, supported methods: GET"},
		{name: "a record is not deleted", do: "DELETE ~/activations/" + fail, status: 405,
			text: "HTTP method not allowed, supported methods: GET"},
	} {
		t.Run(r.name, func(t *testing.T) { r.judge(t, f.call(t, r.do)) })
	}
}

func TestActivationsAreListed(t *testing.T) {
	f := serve(t, defaults())
	for _, line := range []string{putEcho, putFail, putPkg, putIn, seq("s", "echo")} {
		f.must(t, line)
	}
	var at []int64 // starts of: echo, fail, pkg/in, and s with its echo
	for _, action := range []string{"echo", "fail", "pkg/in", "s"} {
		at = append(at, f.advance(time.Second).UnixMilli())
		f.invoke(t, action)
	}
	for _, r := range []row{
		{name: "the newest first", do: "GET ~/activations", status: 200,
			json: `[{"name":"s"},{"name":"echo"},{"name":"in"},{"name":"fail"},{"name":"echo"}]`},
		{name: "a row has no response, no logs and no subject", do: "GET ~/activations?name=fail", status: 200,
			json: `[{"namespace":"guest","name":"fail","version":"0.0.1","publish":false,"statusCode":1,"duration":25,
				"annotations":[{"key":"path","value":"guest/fail"},{},{},{},{},{},{}]}]`, lacks: "response"},
		{name: "whole records", do: "GET ~/activations?docs=true&name=fail", status: 200,
			json:  `[{"name":"fail","subject":"guest","logs":[],"response":{"result":{"error":"no"}}}]`,
			lacks: "statusCode"},
		{name: "by simple name", do: "GET ~/activations?name=echo", status: 200,
			json: `[{"name":"echo"},{"name":"echo"}]`},
		{name: "by name in a package", do: "GET ~/activations?name=pkg/in", status: 200, json: `[{"name":"in"}]`},
		{name: "a simple name does not find one in a package", do: "GET ~/activations?name=in", status: 200,
			json: `[]`},
		{name: "since, inclusive", do: fmt.Sprintf("GET ~/activations?since=%d", at[2]), status: 200,
			json: `[{"name":"s"},{"name":"echo"},{"name":"in"}]`},
		{name: "upto, inclusive", do: fmt.Sprintf("GET ~/activations?upto=%d", at[1]), status: 200,
			json: `[{"name":"fail"},{"name":"echo"}]`},
		{name: "between", do: fmt.Sprintf("GET ~/activations?since=%d&upto=%d", at[1], at[1]), status: 200,
			json: `[{"name":"fail"}]`},
		{name: "a limit", do: "GET ~/activations?limit=1", status: 200, json: `[{"name":"s"}]`},
		{name: "a skip", do: "GET ~/activations?skip=3", status: 200, json: `[{"name":"fail"},{"name":"echo"}]`},
		{name: "a count", do: "GET ~/activations?count=true", status: 200, json: `{"activations":5}`},
		{name: "a count after a skip", do: "GET ~/activations/?count=true&skip=2", status: 200,
			json: `{"activations":3}`},
		{name: "a count by name", do: "GET ~/activations?count=true&name=echo", status: 200, json: `{"activations":2}`},
		{name: "a count of whole records", do: "GET ~/activations?count=true&docs=true", status: 400,
			text: "The parameter 'docs' is not permitted with 'count'."},
		{name: "a limit over 200", do: "GET ~/activations?limit=201", status: 400,
			text: "The query parameter 'limit' was malformed:\nThe value '201' is not in the range of 0 to 200 for activations."},
		{name: "since must be a time", do: "GET ~/activations?since=now", status: 400,
			text: "The query parameter 'since' was malformed:\nParameter is not a valid value for epoch seconds: now"},
		{name: "upto must be a time", do: "GET ~/activations?upto=1.5", status: 400,
			text: "The query parameter 'upto' was malformed:\nParameter is not a valid value for epoch seconds: 1.5"},
		{name: "an empty name is no filter", do: "GET ~/activations?name=&limit=1", status: 200, json: `[{"name":"s"}]`},
		{name: "a name that is none", do: "GET ~/activations?name=-a", status: 400,
			text: "The query parameter 'name' was malformed:\nParameter may be a 'simple' name or 'package-name/simple' name: -a"},
		{name: "a name that nobody has", do: "GET ~/activations?name=nobody", status: 200, json: `[]`},
		{name: "docs must be true or false", do: "GET ~/activations?docs=x", status: 400,
			text: "The query parameter 'docs' was malformed:\n'x' is not a valid Boolean value"},
		{name: "a count since", do: fmt.Sprintf("GET ~/activations?count=true&since=%d", at[2]), status: 200, json: `{"activations":3}`},
		{name: "a count between", do: fmt.Sprintf("GET ~/activations?count=true&since=%d&upto=%d", at[1], at[2]), status: 200,
			json: `{"activations":2}`},
		{name: "a name has two parts at most", do: "GET ~/activations?name=a/b/c", status: 400,
			text: "The query parameter 'name' was malformed:\nParameter may be a 'simple' name or 'package-name/simple' name: a/b/c"},
	} {
		t.Run(r.name, func(t *testing.T) { r.judge(t, f.call(t, r.do)) })
	}
}

func TestRecordsCanBeDelayed(t *testing.T) {
	s := defaults()
	s.delay = time.Second
	f := serve(t, s)
	f.must(t, putEcho)
	id := f.invoke(t, "echo")
	row{do: "GET of a record before its time", status: 404, text: missing}.judge(t, f.call(t, "GET ~/activations/"+id))
	row{do: "GET of the list before its time", status: 200, json: `[]`}.judge(t, f.call(t, "GET ~/activations"))
	f.advance(time.Second)
	row{do: "GET of a record in its time", status: 200,
		json: `{"name":"echo"}`}.judge(t, f.call(t, "GET ~/activations/"+id))
}

func TestCallsAreCancelledByClose(t *testing.T) {
	f := serve(t, defaults())
	f.must(t, putGate)
	id := f.must(t, "POST ~/actions/gate").header.Get("X-Openwhisk-Activation-Id")
	ctx, cancel := contextThatEnded(t)
	defer cancel()
	if err := f.controller.Close(ctx); err == nil {
		t.Error("got no error of a close that had to cancel, want one")
	}
	row{do: "GET of the cancelled one", status: 200, json: `{"response":{"status":"whisk internal error"}}`}.judge(t,
		f.call(t, "GET ~/activations/"+id))
	if got := f.call(t, "POST ~/actions/gate"); got.status != http.StatusServiceUnavailable {
		t.Errorf("got %d of a call after close, want 503", got.status)
	}
}

// pieces is an answer that notes how long the longest piece was in which it came.
type pieces struct {
	*httptest.ResponseRecorder
	longest int
}

func (p *pieces) Write(data []byte) (int, error) {
	p.longest = max(p.longest, len(data))
	return p.ResponseRecorder.Write(data)
}

// TestListsAreSentRowByRow has records that are large together: nobody holds them all as text.
func TestListsAreSentRowByRow(t *testing.T) {
	const rows, size = 8, 100_000
	f := serve(t, defaults())
	f.must(t, `PUT ~/actions/x {"exec":{"kind":"nodejs:20","code":"echo"}}`)
	for range rows {
		f.must(t, `POST ~/actions/x?blocking=true {"a":"`+strings.Repeat("x", size)+`"}`)
	}
	r := httptest.NewRequestWithContext(t.Context(), "GET", "/api/v1/namespaces/_/activations?docs=true", nil)
	user, key, _ := strings.Cut(auth, ":")
	r.SetBasicAuth(user, key)
	got := &pieces{ResponseRecorder: httptest.NewRecorder()}
	f.handler.ServeHTTP(got, r)
	var list []struct {
		Response struct{ Result map[string]string }
	}
	if err := json.Unmarshal(got.Body.Bytes(), &list); err != nil || len(list) != rows || len(list[rows-1].Response.Result["a"]) != size {
		t.Errorf("got %d records in %d bytes, %v; want %d", len(list), got.Body.Len(), err, rows)
	}
	if got.longest > 2*size {
		t.Errorf("the longest piece has %d bytes, want no more than one record", got.longest)
	}
}
