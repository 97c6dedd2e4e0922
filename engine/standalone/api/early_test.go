package api_test

import (
	"net/http"
	"testing"
	"time"
)

// As in OpenWhisk, where logs take their time a blocking call is answered before its record is there, and its slot is
// taken until then.
func TestAnAnswerMayComeBeforeItsRecord(t *testing.T) {
	s := defaults()
	s.concurrent = 1
	f := serve(t, s)
	f.early = true
	f.must(t, `PUT ~/actions/logs {"exec":{"kind":"nodejs:20","code":"logs"}}`)
	answer := f.must(t, `POST ~/actions/logs?blocking=true {"n":1}`)
	row{do: "the answer", status: 200, json: `{"logs":[],"response":{"result":{"n":1}}}`}.judge(t, answer)
	read := "GET ~/activations/" + answer.header.Get("X-Openwhisk-Activation-Id")
	row{do: "its record, at once", status: 404, text: missing}.judge(t, f.call(t, read))
	row{do: "another call", status: 429, text: "Too many concurrent requests in flight (count: 1, allowed: 1)."}.judge(t,
		f.call(t, `POST ~/actions/logs`))
	close(f.gate)
	got := f.call(t, read)
	for end := time.Now().Add(2 * time.Minute); got.status == http.StatusNotFound && time.Now().Before(end); got = f.call(t, read) {
		time.Sleep(time.Millisecond)
	}
	row{do: "its record, later", status: 200, json: `{"logs":["2026-01-01T00:00:00.000000000Z  stdout: hi"]}`}.judge(t, got)
}
