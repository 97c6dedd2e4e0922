package api_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

const (
	putRequest = `PUT ~/actions/request {"exec":{"kind":"nodejs:20","code":"request"},"parameters":[{"key":"a","value":1},` +
		`{"key":"b","value":2},{"key":"E","value":"text","init":true},{"key":"N","value":{"n":1},"init":true}]}`
	putGate = `PUT ~/actions/gate {"exec":{"kind":"nodejs:20","code":"gate"}}`
)

func TestInvocationsAreAnswered(t *testing.T) {
	put := func(code string) []string {
		return []string{fmt.Sprintf(`PUT ~/actions/x {"exec":{"kind":"nodejs:20","code":"%s"}}`, code)}
	}
	const blocking = "POST ~/actions/x?blocking=true"
	check(t, []row{
		{name: "a blocking call gets the record, without logs", given: put("logs"), do: blocking + ` {"n":1}`,
			status: 200,
			json: `{"namespace":"guest","name":"x","version":"0.0.1","subject":"guest","publish":false,"logs":[],
				"start":1772366401000,"end":1772366401025,"duration":25,
				"response":{"result":{"n":1},"size":7,"status":"success","success":true},
				"annotations":[{"key":"path","value":"guest/x"},{"key":"kind","value":"nodejs:20"},
				{"key":"limits","value":{"timeout":60000,"memory":256,"logs":10,"concurrency":1}},
				{"key":"waitTime","value":0},{"key":"timeout","value":false},{"key":"initTime","value":20},
				{"key":"standalone","value":{"node":"here","container":"container-1","start":"cold"}}]}`,
			lacks: "statusCode"},
		{name: "a warm call has no initTime", given: append(put("echo"), blocking), do: blocking, status: 200,
			json: `{"start":1772366401025,"end":1772366401030,"duration":5,"annotations":[{},{},{},{"key":"waitTime"},
				{"key":"timeout"},{"key":"standalone","value":{"start":"warm"}}]}`, lacks: "initTime"},
		{name: "an updated action starts cold",
			given: append(put("echo"), blocking, "PUT ~/actions/x?overwrite=true {}"), do: blocking,
			status: 200, json: `{"version":"0.0.2","duration":25}`},
		{name: "an action made again starts cold",
			given: append(put("echo"), blocking, "DELETE ~/actions/x", put("echo")[0]),
			do:    blocking, status: 200, json: `{"version":"0.0.1","duration":25}`},
		{name: "the result alone", given: put("echo"), do: blocking + `&result=true {"n":1}`, status: 200,
			json:  `{"n":1}`,
			lacks: "activationId"},
		{name: "a result keeps its angle brackets", given: put("angles"), do: blocking + "&result=true", status: 200,
			json: `{"html":"<b>&</b>"}`, lacks: `\u003c`},
		{name: "no body is an empty object", given: put("echo"), do: blocking + "&result=true", status: 200,
			json: `{}`},
		{name: "result without blocking is a call that is not waited for", given: put("echo"),
			do:     "POST ~/actions/x?result=true",
			status: 202, json: `{}`, lacks: "response"},
		{name: "an application error is a bad gateway", given: put("fail"), do: blocking, status: 502,
			json: `{"response":{"status":"application error","success":false,"result":{"error":"no"}}}`},
		{name: "the result of an application error", given: put("fail"), do: blocking + "&result=true", status: 502,
			json: `{"error":"no"}`},
		{name: "a crash is a bad gateway", given: put("crash"), do: blocking, status: 502,
			json: `{"response":{"status":"action developer error","success":false}}`},
		{name: "a time-out is marked", given: put("late"), do: blocking, status: 502,
			json: `{"annotations":[{},{},{},{},{"key":"timeout","value":true},{},{}]}`},
		{name: "trouble of the platform is an internal error", given: put("whisk"), do: blocking, status: 500,
			json: `{"response":{"status":"whisk internal error","success":false}}`},
		{name: "an array is answered bare", given: put("array"), do: blocking, status: 200, json: `[1,2]`},
		{name: "a call that is not waited for gets the id", given: put("echo"), do: "POST ~/actions/x", status: 202,
			lacks: "response"},
		{name: "blocking says no", given: put("echo"), do: "POST ~/actions/x?blocking=false", status: 202},
		{name: "a call is held as long as its timeout says", given: put("gate"), do: blocking + "&timeout=1",
			status: 202,
			lacks:  "response"},
	})
}

func TestInvocationsAreRefused(t *testing.T) {
	const timeout = "The query parameter 'timeout' was malformed:\nTimeout must be number of milliseconds up to 60000."
	final := `PUT ~/actions/echo {"exec":{"kind":"nodejs:20","code":"echo"},` +
		`"parameters":[{"key":"a","value":1,"final":true},{"key":"b","value":2}]}`
	sealed := `PUT ~/actions/echo {"exec":{"kind":"nodejs:20","code":"echo"},"annotations":[{"key":"final","value":true}],` +
		`"parameters":[{"key":"a","value":1},{"key":"b","value":null}]}`
	const reserved = "Request defines parameters that are not allowed (e.g., reserved properties)."
	check(t, []row{
		{name: "an action that is not there", do: "POST ~/actions/x", status: 404, text: missing},
		{name: "an action in a package that is not there", do: "POST ~/actions/p/x", status: 404, text: missing},
		{name: "a package is not invoked", given: []string{putPkg}, do: "POST ~/actions/pkg", status: 409},
		{name: "a body that is no JSON", given: []string{putEcho}, do: "POST ~/actions/echo {", status: 400,
			text: malformed + "unexpected end of JSON input"},
		{name: "a body that is no object", given: []string{putEcho}, do: "POST ~/actions/echo [1]", status: 400,
			text: malformed + "Object expected"},
		{name: "a body that is sent as a form", given: []string{putEcho}, do: "POST ~/actions/echo {}",
			header: []string{"Content-Type", "application/x-www-form-urlencoded"}, status: 415},
		{name: "a body of more than a mebibyte", given: []string{putEcho}, status: 413,
			do:   `POST ~/actions/echo {"x":"` + strings.Repeat("x", 1<<20) + `"}`,
			text: "Request larger than allowed: 1048584 > 1048576 bytes."},
		{name: "a timeout over a minute", given: []string{putEcho},
			do: "POST ~/actions/echo?blocking=true&timeout=60001", status: 400, text: timeout},
		{name: "a timeout of nothing", given: []string{putEcho}, do: "POST ~/actions/echo?blocking=true&timeout=0",
			status: 400, text: timeout},
		{name: "a timeout that is no number", given: []string{putEcho}, do: "POST ~/actions/echo?timeout=soon",
			status: 400, text: timeout},
		{name: "blocking must be true or false", given: []string{putEcho}, do: "POST ~/actions/echo?blocking=perhaps",
			status: 400,
			text:   "The query parameter 'blocking' was malformed:\n'perhaps' is not a valid Boolean value"},
		{name: "result must be true or false", given: []string{putEcho}, do: "POST ~/actions/echo?result=2",
			status: 400},
		{name: "a final parameter is not overridden", given: []string{final}, do: `POST ~/actions/echo {"a":2}`,
			status: 400, text: reserved},
		{name: "a parameter beside a final one is overridden", given: []string{final},
			do: `POST ~/actions/echo?blocking=true&result=true {"b":3}`, status: 200, json: `{"a":1,"b":3}`},
		{name: "the annotation final seals all parameters with a value", given: []string{sealed},
			do:     `POST ~/actions/echo {"a":2}`,
			status: 400, text: reserved},
		{name: "the annotation final leaves parameters without a value", given: []string{sealed},
			do: `POST ~/actions/echo?blocking=true&result=true {"b":3}`, status: 200, json: `{"a":1,"b":3}`},
	})
}

func TestArgumentsReachTheAction(t *testing.T) {
	const echo = "POST ~/actions/pkg/in?blocking=true&result=true"
	withKey := `PUT ~/actions/x {"exec":{"kind":"nodejs:20","code":"request"},` +
		`"annotations":[{"key":"provide-api-key","value":true}]}`
	check(t, []row{
		{name: "the payload overlays the action, which overlays the package", given: []string{putPkg, putIn},
			do: echo + ` {"p":2,"x":3}`, status: 200, json: `{"a":"action","p":2,"x":3}`},
		{name: "without a payload the parameters alone", given: []string{putPkg, putIn}, do: echo, status: 200,
			json: `{"a":"action","p":1}`},
		{name: "an empty object adds nothing", given: []string{putPkg, putIn}, do: echo + " {}", status: 200,
			json: `{"a":"action","p":1}`},
		{name: "init parameters are environment and no arguments", given: []string{putRequest},
			do: `POST ~/actions/request?blocking=true&result=true {"a":9}`, status: 200,
			json: `{"params":{"a":9,"b":2},"env":{"E":"text","N":"{\"n\":1}"},"path":"guest/request","key":"",
				"memory":256,"timeout":"1m0s","logs":10485760}`, lacks: `"E":"text","a"`},
		{name: "an API key is given to an action that asks", given: []string{withKey},
			do:     "POST ~/actions/x?blocking=true&result=true",
			status: 200, json: `{"key":"user:key"}`},
		{name: "the transaction is the client's", given: []string{putRequest},
			do:     "POST ~/actions/request?blocking=true&result=true",
			header: []string{"X-Request-ID", "mine"}, status: 200, json: `{"transaction":"mine"}`},
		{name: "a path in a package names it",
			given: []string{putPkg, `PUT ~/actions/pkg/r {"exec":{"kind":"nodejs:20","code":"request"}}`},
			do:    "POST ~/actions/pkg/r?blocking=true&result=true", status: 200, json: `{"path":"guest/pkg/r"}`},
	})
}

func TestArgumentsAreOneLine(t *testing.T) {
	f := serve(t, defaults())
	f.must(t, "PUT ~/actions/echo {\"exec\":{\"kind\":\"nodejs:20\",\"code\":\"echo\"},\n\"parameters\":[{\"key\":\"k\",\"value\":{\n}}]}")
	f.must(t, "POST ~/actions/echo?blocking=true {\n\"a\": \r\n 1\n}\n")
	if got, want := string(f.seen[0].Params), `{"k":{},"a":1}`; got != want {
		t.Errorf("got arguments %q, want %q", got, want)
	}
}

func TestInvocationsCarryTheirID(t *testing.T) {
	f := serve(t, defaults())
	f.must(t, putEcho)
	f.must(t, putFail)
	for _, line := range []string{
		"POST ~/actions/echo", "POST ~/actions/echo?blocking=true", "POST ~/actions/fail?blocking=true",
		"POST ~/actions/echo?blocking=true&result=true",
	} {
		if id := f.must(t, line).header.Get("X-Openwhisk-Activation-Id"); len(id) != 32 {
			t.Errorf("%s: got activation id %q, want 32 digits", line, id)
		}
	}
	if id := f.call(t, "POST ~/actions/none").header.Get("X-Openwhisk-Activation-Id"); id != "" {
		t.Errorf("got activation id %q for an action that is not there, want none", id)
	}
}

func TestRateIsLimited(t *testing.T) {
	f := serve(t, settings{perMinute: 2, concurrent: 30})
	f.must(t, putEcho)
	steps := []struct {
		name, do string
		later    time.Duration
		status   int
		text     string
	}{
		{"the first call", "POST ~/actions/echo?blocking=true", 0, 200, ""},
		{"a call for nothing counts", "POST ~/actions/none", 0, 404, ""},
		{"the third call", "POST ~/actions/echo", 0, 429,
			"Too many requests in the last minute (count: 3, allowed: 2)."},
		{"a refused call counts too", "POST ~/actions/echo", 0, 429,
			"Too many requests in the last minute (count: 4, allowed: 2)."},
		{"reading is free", "GET ~/actions/echo", 0, 200, ""},
		{"the last second of the minute", "POST ~/actions/echo", 58 * time.Second, 429,
			"Too many requests in the last minute (count: 5, allowed: 2)."},
		{"the next minute", "POST ~/actions/echo", time.Second, 202, ""},
	}
	for _, s := range steps {
		f.advance(s.later)
		row{name: s.name, do: s.do, status: s.status, text: s.text}.judge(t, f.call(t, s.do))
	}
}

func TestConcurrencyIsLimited(t *testing.T) {
	f := serve(t, settings{perMinute: 60, concurrent: 2})
	f.must(t, putGate)
	const hold = "POST ~/actions/gate?blocking=true&timeout=1"
	refused := row{do: hold, status: 429, text: "Too many concurrent requests in flight (count: 2, allowed: 2)."}
	f.must(t, hold)
	f.must(t, hold)
	refused.judge(t, f.call(t, hold))
	if got := f.must(t, "GET /activation/count").body; got != "2" {
		t.Errorf("got %s activations in flight, want 2", got)
	}
	if got := f.must(t, "GET /activation").body; len(got) != len(`["",""]`)+2*32 {
		t.Errorf("got the activations %s, want two ids", got)
	}
	close(f.gate)
	for range 100_000 { // the slots come free when the invoker is done
		if f.controller.Active() == 0 {
			break
		}
		time.Sleep(time.Millisecond)
	}
	f.must(t, "POST ~/actions/gate?blocking=true")
}

func TestRefusedCallsFreeTheirSlot(t *testing.T) {
	f := serve(t, settings{perMinute: 60, concurrent: 1})
	for _, line := range []string{"POST ~/actions/none", "POST ~/actions/none [1]", "POST ~/actions/none?timeout=x"} {
		if got := f.call(t, line); got.status == http.StatusTooManyRequests {
			t.Errorf("%s: got %d %s, want a free slot", line, got.status, got.body)
		}
	}
}

func TestKindsArePreparedWithTheAction(t *testing.T) {
	f := serve(t, defaults())
	f.must(t, putEcho)
	f.must(t, putPair)
	if got := strings.Join(f.prepared, " "); got != "nodejs:20" {
		t.Errorf("got prepared kinds %q, want that of the action alone", got)
	}
}

func TestBodiesOfUnknownLengthAreLimitedToo(t *testing.T) {
	f := serve(t, defaults())
	f.must(t, putEcho)
	for size, want := range map[int]int{1 << 10: http.StatusAccepted, 2 << 20: http.StatusRequestEntityTooLarge} {
		// A reader of no known type is sent in chunks.
		body := struct{ io.Reader }{strings.NewReader(`{"x":"` + strings.Repeat("x", size) + `"}`)}
		req, err := http.NewRequestWithContext(t.Context(), "POST", f.url+"/api/v1/namespaces/_/actions/echo", body)
		if err != nil {
			t.Fatal(err)
		}
		req.SetBasicAuth("user", "key")
		req.Header.Set("Content-Type", "application/json; charset=utf-8")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("got %d for %d bytes in chunks, want %d", resp.StatusCode, size, want)
		}
	}
}
