package standalone_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"wsk-scenario/engine/standalone"
)

// start starts a server with an empty work folder of its own.
func start(t *testing.T, cfg standalone.Config) *standalone.Server {
	t.Helper()
	cfg.WorkDir = t.TempDir()
	cfg.CacheDir = cacheDir(t)
	s, err := standalone.Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(t.Context()); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

// cacheDir is the cache of the real server: what is compiled once need not be compiled by every test.
func cacheDir(t *testing.T) string {
	t.Helper()
	dir, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "wsk-scenario")
}

// call sends a request as the guest and returns the status and the body.
func call(t *testing.T, s *standalone.Server, method, path, body string) (int, string) {
	t.Helper()
	return callIn(t, s, method, "_"+path, body)
}

// callIn is call with the namespace at the beginning of the path.
func callIn(t *testing.T, s *standalone.Server, method, path, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.URL()+"/api/v1/namespaces/"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	user, key, _ := strings.Cut(standalone.GuestAuth, ":")
	req.SetBasicAuth(user, key)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(raw)
}

// record is what the tests look at in an activation record.
type record struct {
	ActivationID string
	Duration     int64
	Response     struct{ Result map[string]any }
	Logs         []string
	Annotations  []struct {
		Key   string
		Value json.RawMessage
	}
}

func (r record) note(key string) (value string, ok bool) {
	for _, a := range r.Annotations {
		if a.Key == key {
			return string(a.Value), true
		}
	}
	return "", false
}

func read(t *testing.T, s *standalone.Server, method, path, body string) (r record) {
	t.Helper()
	status, text := call(t, s, method, path, body)
	if status != http.StatusOK {
		t.Fatalf("%s %s: got %d %s", method, path, status, text)
	}
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

const greet = `{"exec":{"kind":"nodejs:default","code":` +
	`"function main(p) { console.log('greeting'); return {greeting: 'Hello, ' + p.name} }"}}`

func TestActionsRunAsProcesses(t *testing.T) {
	s := start(t, standalone.Config{})
	call(t, s, "PUT", "/actions/greet", greet)
	const invoke = "/actions/greet?blocking=true"
	cold := read(t, s, "POST", invoke, `{"name":"Ada"}`)
	warm := read(t, s, "POST", invoke, `{"name":"Bob"}`)
	if got := warm.Response.Result["greeting"]; got != "Hello, Bob" {
		t.Errorf("got greeting %v, want Hello, Bob", got)
	}
	if _, ok := cold.note("initTime"); !ok {
		t.Error("got no initTime in the first record, want one")
	}
	if init, ok := warm.note("initTime"); ok {
		t.Errorf("got initTime %s in the second record, want none", init)
	}
	first, _ := cold.note("standalone")
	second, _ := warm.note("standalone")
	if says := `"limits":"` + s.Limits().String() + `"`; !strings.Contains(first, says) {
		t.Errorf("the record says %s, want %s", first, says)
	}
	if want := strings.Replace(first, "cold", "warm", 1); !strings.Contains(first, `"start":"cold"`) || second != want {
		t.Errorf("got %s and %s, want a cold start and the same container warm", first, second)
	}
	stored := read(t, s, "GET", "/activations/"+warm.ActivationID, "")
	if len(warm.Logs) != 0 || len(stored.Logs) != 1 || !strings.HasSuffix(stored.Logs[0], " stdout: greeting") {
		t.Errorf("got logs %q in the answer and %q in the record, want none and one line", warm.Logs, stored.Logs)
	}
}

func TestAnUpdateForcesAColdStart(t *testing.T) {
	s := start(t, standalone.Config{})
	call(t, s, "PUT", "/actions/greet", greet)
	read(t, s, "POST", "/actions/greet?blocking=true", "")
	call(t, s, "PUT", "/actions/greet?overwrite=true", "{}")
	again := read(t, s, "POST", "/actions/greet?blocking=true", "")
	if note, _ := again.note("standalone"); !strings.Contains(note, `"start":"cold"`) {
		t.Errorf("got %s after an update, want a cold start", note)
	}
}

func TestLimitsAreConfigured(t *testing.T) {
	s := start(t, standalone.Config{PerMinute: 7, Concurrent: 3})
	_, text := call(t, s, "GET", "/limits", "")
	if !strings.Contains(text, `"invocationsPerMinute":7`) || !strings.Contains(text, `"concurrentInvocations":3`) {
		t.Errorf("got limits %s, want 7 a minute and 3 at a time", text)
	}
}

func TestConfigIsChecked(t *testing.T) {
	const public = "the built-in guest credential is public"
	for _, c := range []struct {
		name string
		cfg  standalone.Config
		want string
	}{
		{"every address with the public credential", standalone.Config{Listen: "0.0.0.0:0"}, public},
		{"no host with the public credential", standalone.Config{Listen: ":0"}, public},
		{"an address without a port", standalone.Config{Listen: "127.0.0.1"}, "listen address"},
		{"a credential without a key", standalone.Config{Auth: "someone"}, "uuid:key"},
		{"a negative limit", standalone.Config{Concurrent: -1}, "concurrent invocations must not be negative"},
	} {
		s, err := standalone.Start(t.Context(), c.cfg)
		if err == nil {
			t.Errorf("%s: got a server on %s, want an error", c.name, s.URL())
			_ = s.Close(t.Context())
			continue
		}
		if !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got error %q, want it to say %q", c.name, err, c.want)
		}
	}
}

func TestAnOwnCredentialMayBeServedToAll(t *testing.T) {
	s := start(t, standalone.Config{Listen: "0.0.0.0:0", Auth: "me:secret"})
	if status, _ := call(t, s, "GET", "/limits", ""); status != http.StatusUnauthorized {
		t.Errorf("got %d for the public credential, want 401", status)
	}
}

func TestAnAddressInUseIsAnError(t *testing.T) {
	s := start(t, standalone.Config{})
	_, err := standalone.Start(t.Context(), standalone.Config{Listen: strings.TrimPrefix(s.URL(), "http://")})
	if err == nil || !strings.Contains(err.Error(), "listen on 127.0.0.1:") {
		t.Errorf("got error %v of an address in use, want one that names it", err)
	}
}

func TestCloseLeavesNothing(t *testing.T) {
	work := t.TempDir()
	s, err := standalone.Start(t.Context(), standalone.Config{WorkDir: work, CacheDir: cacheDir(t)})
	if err != nil {
		t.Fatal(err)
	}
	call(t, s, "PUT", "/actions/slow", `{"exec":{"kind":"nodejs:default",`+
		`"code":"function main() { return new Promise(() => {}) }"}}`)
	if status, text := call(t, s, "POST", "/actions/slow", ""); status != http.StatusAccepted {
		t.Fatalf("got %d %s, want 202", status, text)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel() // nothing is waited for: the activation would take a minute
	for range 2 {
		if err := s.Close(ended); err != nil {
			t.Errorf("close: %v", err)
		}
	}
	if left, _ := os.ReadDir(work); len(left) > 0 {
		t.Errorf("got %v left in the work folder, want nothing", left)
	}
	if resp, err := http.Get(s.URL()); err == nil {
		resp.Body.Close()
		t.Error("got an answer after close, want none")
	}
	if left := goroutinesLeft(t); left != "" {
		t.Errorf("got goroutines left after close, want none:\n%s", left)
	}
}

// goroutinesLeft returns the stacks of goroutines that the server started and that do not end. One that has done its
// work may take a moment to be gone.
func goroutinesLeft(t *testing.T) (left string) {
	t.Helper()
	stacks := make([]byte, 1<<20)
	for range 6000 {
		left = ""
		for _, stack := range strings.Split(string(stacks[:runtime.Stack(stacks, true)]), "\n\n") {
			if strings.Contains(stack, "created by wsk-scenario/engine/standalone") {
				left += stack + "\n\n"
			}
		}
		if left == "" {
			return ""
		}
		time.Sleep(10 * time.Millisecond)
	}
	return left
}
