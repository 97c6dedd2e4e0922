package standalone_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"wsk-scenario/engine/standalone"
)

// narrow are bounds that no default has.
func narrow() *standalone.Bounds {
	return &standalone.Bounds{
		Min:     standalone.ActionLimits{Timeout: 200, Memory: 64, Logs: 1, Concurrency: 1},
		Default: standalone.ActionLimits{Timeout: 900, Memory: 96, Logs: 2, Concurrency: 2},
		Max:     standalone.ActionLimits{Timeout: 5000, Memory: 128, Logs: 3, Concurrency: 4},
		Code:    200, Parameters: 200, Payload: 300, Result: 100,
	}
}

func TestEveryLimitCanBeSetAndIsToldInOpenWhisksWords(t *testing.T) {
	s := start(t, standalone.Config{Bounds: narrow(), SequenceLength: 2, PerMinute: 100, FiresPerMinute: 1})
	const echo = `"exec":{"kind":"nodejs:default","code":"function main(a) { return a }"}`
	long := strings.Repeat("x", 120)
	for _, r := range []struct {
		name, do, body string
		status         int
		text           string
	}{
		{"defaults are the server's", "PUT /actions/a", "{" + echo + "}", 200, `"limits":{"timeout":900,"memory":96,"logs":2,"concurrency":2}`},
		{"time over max", "PUT /actions/b", "{" + echo + `,"limits":{"timeout":5001}}`, 400, "duration 5001 milliseconds exceeds allowed threshold of 5000 milliseconds"},
		{"time under min", "PUT /actions/b", "{" + echo + `,"limits":{"timeout":199}}`, 400, "duration 199 milliseconds below allowed threshold of 200 milliseconds"},
		{"memory over max", "PUT /actions/b", "{" + echo + `,"limits":{"memory":129}}`, 400, "memory size 129 MB exceeds allowed threshold of 128 MB"},
		{"logs over max", "PUT /actions/b", "{" + echo + `,"limits":{"logs":4}}`, 400, "log size 4 MB exceeds allowed threshold of 3 MB"},
		{"concurrency over max", "PUT /actions/b", "{" + echo + `,"limits":{"concurrency":5}}`, 400, "concurrency 5 exceeds allowed threshold of 4"},
		{"code", "PUT /actions/b", `{"exec":{"kind":"nodejs:default","code":"// ` + long + long + `"}}`, 413, "exec larger than allowed: 243 > 200 bytes."},
		{"parameters", "PUT /actions/b", "{" + echo + `,"parameters":[{"key":"k","value":"` + long + long + `"}]}`, 413, "parameters larger than allowed: 243 > 200 bytes."},
		{"parameters of a package", "PUT /packages/p", `{"parameters":[{"key":"k","value":"` + long + long + `"}]}`, 413, "parameters larger than allowed: 243 > 200 bytes."},
		{"annotations of a trigger", "PUT /triggers/t", `{"annotations":[{"key":"k","value":"` + long + long + `"}]}`, 413, "annotations larger than allowed: 243 > 200 bytes."},
		{"sequence", "PUT /actions/s", `{"exec":{"kind":"sequence","components":["/_/a","/_/a","/_/a"]}}`, 400, "Too many actions in the sequence."},
		{"payload", "POST /actions/a", `{"k":"` + long + long + long + `"}`, 413, "Request larger than allowed: 368 > 300 bytes."},
		{"result", "POST /actions/a?blocking=true&result=true", `{"k":"` + long + `"}`, 502,
			`The action produced a response that exceeded the allowed length: 128 > 100 bytes. The truncated response was: {\"k\":\"xxx`},
		{"a first fire", "POST /triggers/none", "{}", 404, "The requested resource does not exist."},
		{"a second fire of the minute", "POST /triggers/none", "{}", 429, "Too many requests in the last minute (count: 2, allowed: 1)."},
	} {
		method, path, _ := strings.Cut(r.do, " ")
		if status, answer := call(t, s, method, path, r.body); status != r.status || !strings.Contains(answer, r.text) {
			t.Errorf("%s: got %d %s\nwant %d … %s", r.name, status, answer, r.status, r.text)
		}
	}
	var info struct{ Limits map[string]int64 }
	decode(t, open(t, s.URL()+"/"), &info)
	for key, want := range map[string]int64{
		"min_action_duration": 200, "max_action_duration": 5000, "min_action_memory": 64 << 20, "max_action_memory": 128 << 20,
		"min_action_logs": 1 << 20, "max_action_logs": 3 << 20, "sequence_length": 2, "actions_per_minute": 100, "triggers_per_minute": 1,
	} {
		if info.Limits[key] != want {
			t.Errorf("GET / says %s: %d, want %d", key, info.Limits[key], want)
		}
	}
	if got := mustCall(t, s, "GET", "/limits", ""); !strings.Contains(got, `"maxActionConcurrency":4`) || !strings.Contains(got, `"firesPerMinute":1`) {
		t.Errorf("got the limits %s", got)
	}
}

func TestALargerResultThanTheUsualCanBeAllowed(t *testing.T) {
	bounds := standalone.DefaultBounds()
	bounds.Result = 3 << 20
	s := start(t, standalone.Config{Bounds: &bounds})
	mustCall(t, s, "PUT", "/actions/a", `{"exec":{"kind":"nodejs:default","code":"function main(a) { return {s: 'x'.repeat(a.n)} }"}}`)
	status, answer := call(t, s, "POST", "/actions/a?blocking=true&result=true", `{"n":2097152}`)
	if want := 2<<20 + len(`{"s":""}`); status != http.StatusOK || len(answer) != want {
		t.Errorf("got %d and %d bytes, want 200 and %d", status, len(answer), want)
	}
	if status, answer := call(t, s, "POST", "/actions/a?blocking=true&result=true", `{"n":4194304}`); status != http.StatusBadGateway ||
		!strings.Contains(answer, "4194312 > 3145728 bytes") {
		t.Errorf("of one that is too long: got %d %.200s", status, answer)
	}
}

func TestKindsCanHaveTheNamesOfARelease(t *testing.T) {
	s := start(t, standalone.Config{Like: "chart", Stems: []standalone.Stems{{Kind: "nodejs:default", Memory: 256, Count: 1}}})
	var info struct {
		Runtimes map[string][]struct {
			Kind, Image string
			Default     bool
		}
	}
	decode(t, open(t, s.URL()+"/"), &info)
	var names []string
	for _, k := range info.Runtimes["nodejs"] {
		names = append(names, k.Kind)
		if k.Default != (k.Kind == "nodejs:14") || !strings.HasPrefix(k.Image, "standalone/nodejs:") {
			t.Errorf("got %+v, want that 14 is the default and the image tells what runs", k)
		}
	}
	if want := []string{"nodejs:14", "nodejs:16"}; !slices.Equal(names, want) {
		t.Errorf("got %v, want %v", names, want)
	}
	const code = `"code":"function main() { return {v: 1} }"}}`
	if got := mustCall(t, s, "PUT", "/actions/a", `{"exec":{"kind":"nodejs:default",`+code); !strings.Contains(got, `"kind":"nodejs:14"`) {
		t.Errorf("nodejs:default became %s", got)
	}
	mustCall(t, s, "PUT", "/actions/b", `{"exec":{"kind":"nodejs:16",`+code)
	for _, name := range []string{"a", "b"} {
		var record struct {
			Response    struct{ Success bool }
			Annotations []struct {
				Key   string
				Value json.RawMessage
			}
		}
		decode(t, mustCall(t, s, "POST", "/actions/"+name+"?blocking=true", "{}"), &record)
		if !record.Response.Success {
			t.Errorf("%s: got %+v", name, record)
		}
	}
	if status, answer := call(t, s, "PUT", "/actions/c", `{"exec":{"kind":"nodejs:20",`+code); status != 400 ||
		!strings.Contains(answer, "The specified runtime 'nodejs:20' is not supported by this platform. Valid values are: 'nodejs:14', 'nodejs:16'") {
		t.Errorf("a kind of another release: got %d %s", status, answer)
	}
}

func TestBoundsThatContradictEachOtherAreRefused(t *testing.T) {
	bounds := narrow()
	bounds.Min.Memory = 200
	_, err := standalone.Start(t.Context(), standalone.Config{Bounds: bounds, WorkDir: t.TempDir(), CacheDir: cacheDir(t)})
	if err == nil || !strings.Contains(err.Error(), "the limits of memory must not go down from min 200 over std 96 to max 128") {
		t.Errorf("got %v", err)
	}
}
