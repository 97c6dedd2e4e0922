package standalone_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wsk-scenario/engine/standalone"
)

// documents are one of each kind, in an order in which they can be made.
var documents = []struct{ path, body string }{
	{"/packages/tools", `{"publish":true,"parameters":[{"key":"a<b","value":{"x":"1 < 2 & é"},"final":true}]}`},
	{"/actions/tools/hello", `{"exec":{"kind":"nodejs:default","code":"function main(a) { console.log('said'); return {got: a.n || 0} }"},` +
		`"parameters":[{"key":"k","value":"v","init":true}],"limits":{"memory":128}}`},
	{"/packages/bound", `{"binding":{"namespace":"_","name":"tools"},"parameters":[{"key":"p","value":null}]}`},
	{"/actions/twice", `{"exec":{"kind":"sequence","components":["/_/tools/hello","/_/bound/hello"]}}`},
	{"/triggers/bell", `{"annotations":[{"key":"feed","value":"f"}]}`},
	{"/rules/ring", `{"trigger":"/_/bell","action":"/_/tools/hello"}`},
	{"/rules/still", `{"trigger":"/_/bell","action":"/_/twice"}`},
}

// TestWhatIsTakenInCanBeReadAgain keeps documents and results that are as deep as they may be. In what is kept they lie deeper
// still.
func TestWhatIsTakenInCanBeReadAgain(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "data")
	s := start(t, standalone.Config{DataDir: folder})
	deep := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	parameters := `"parameters":[{"key":"k","value":` + deep(997) + `}]`
	mustCall(t, s, "PUT", "/triggers/deep", "{"+parameters+"}")
	mustCall(t, s, "PUT", "/packages/pack", "{"+parameters+"}")
	mustCall(t, s, "PUT", "/actions/echo", `{"exec":{"kind":"nodejs:default","code":"function main(a) { return a }"},`+parameters+`}`)
	if status, text := call(t, s, "PUT", "/triggers/deeper", `{"parameters":[{"key":"k","value":`+deep(998)+`}]}`); status != 400 {
		t.Errorf("got %d %.200s for what is too deep, want 400", status, text)
	}
	mustCall(t, s, "POST", "/actions/echo?blocking=true", `{"a":`+deep(999)+`}`)
	if err := s.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	s = start(t, standalone.Config{DataDir: folder})
	if got := mustCall(t, s, "GET", "/activations?docs=true", ""); !strings.Contains(string(got), deep(999)) {
		t.Errorf("the records after a restart are %.300s, want one with the deep result", got)
	}
}

func TestDocumentsAndRecordsSurviveARestart(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "data")
	s := start(t, standalone.Config{DataDir: folder})
	for _, d := range documents {
		mustCall(t, s, "PUT", d.path, d.body)
	}
	mustCall(t, s, "PUT", "/actions/tools/hello?overwrite=true", `{"annotations":[{"key":"second","value":true}]}`)
	mustCall(t, s, "POST", "/rules/still", `{"status":"inactive"}`)
	mustCall(t, s, "PUT", "/actions/gone", documents[1].body)
	mustCall(t, s, "DELETE", "/actions/gone", "")
	mustCall(t, s, "POST", "/actions/twice?blocking=true", `{"n":7}`)
	before := everything(t, s)
	if err := s.Close(t.Context()); err != nil {
		t.Fatal(err)
	}

	s = start(t, standalone.Config{DataDir: folder})
	after := everything(t, s)
	for path, want := range before {
		if after[path] != want {
			t.Errorf("%s: got\n%s\nafter a restart, want\n%s", path, after[path], want)
		}
	}
	var action struct{ Version string }
	decode(t, mustCall(t, s, "PUT", "/actions/tools/hello?overwrite=true", "{}"), &action)
	if action.Version != "0.0.3" {
		t.Errorf("got version %s of the next update, want 0.0.3", action.Version)
	}
	var record struct {
		Response struct{ Result map[string]int }
	}
	decode(t, mustCall(t, s, "POST", "/actions/tools/hello?blocking=true", `{"n":8}`), &record)
	if record.Response.Result["got"] != 8 {
		t.Errorf("got %v of an invocation after a restart, want 8", record)
	}
}

// everything is what clients can read, by path.
func everything(t *testing.T, s *standalone.Server) map[string]string {
	t.Helper()
	all := map[string]string{}
	paths := []string{"/actions", "/packages", "/triggers", "/rules", "/activations?docs=true"}
	for _, d := range documents {
		paths = append(paths, d.path)
	}
	for _, p := range paths {
		all[p] = mustCall(t, s, "GET", p, "")
	}
	if strings.Count(all["/activations?docs=true"], `"activationId"`) != 3 {
		t.Fatalf("got the records %s, want those of a sequence and its two components", all["/activations?docs=true"])
	}
	return all
}

func TestAFolderOfDataHasOneServer(t *testing.T) {
	folder := t.TempDir()
	start(t, standalone.Config{DataDir: folder})
	_, err := standalone.Start(t.Context(), standalone.Config{DataDir: folder, WorkDir: t.TempDir(), CacheDir: cacheDir(t)})
	if err == nil || !strings.Contains(err.Error(), "another server uses this folder") {
		t.Errorf("got %v, want that another server uses the folder", err)
	}
}

func TestADamagedFolderIsRefused(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "activations.db"), []byte("mine\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := standalone.Start(t.Context(), standalone.Config{DataDir: folder, WorkDir: t.TempDir(), CacheDir: cacheDir(t)})
	if err == nil || !strings.Contains(err.Error(), "activations.db: damaged, or not a file of wsk-scenario") {
		t.Errorf("got %v, want that the file is not ours", err)
	}
}

// mustCall is call for what must succeed.
func mustCall(t *testing.T, s *standalone.Server, method, path, body string) string {
	t.Helper()
	status, answer := call(t, s, method, path, body)
	if status != 200 {
		t.Fatalf("%s %s: got %d %s", method, path, status, answer)
	}
	return answer
}

func decode(t *testing.T, text string, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), into); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
}
