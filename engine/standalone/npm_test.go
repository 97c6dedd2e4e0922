package standalone_test

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"wsk-scenario/engine/standalone"
)

// TestJavaScriptClient drives the server with OpenWhisk's own client for JavaScript, which knows nothing of us.
func TestJavaScriptClient(t *testing.T) {
	dir := npmClient(t)
	// What is beside the client is beside the actions, too.
	modules := filepath.Join(cacheDir(t), "nodejs")
	if err := os.RemoveAll(modules); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(dir, modules); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Remove(modules) })
	s := start(t, standalone.Config{})
	cmd := exec.CommandContext(t.Context(), "node", "test.js", s.URL(), standalone.GuestAuth)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.HasSuffix(string(out), "passed\n") {
		t.Errorf("node test.js: %v\n%s", err, out)
	}
}

// npmClient installs the client once for each lock file and returns its folder.
func npmClient(t *testing.T) string {
	t.Helper()
	const source = "testdata/npm-client"
	lock, err := os.ReadFile(filepath.Join(source, "package-lock.json"))
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(lock)
	dir := filepath.Join(cacheDir(t), "npm-client-"+hex.EncodeToString(sum[:8]))
	if _, err := os.Stat(dir); err != nil {
		install(t, source, dir)
	}
	script, err := os.ReadFile(filepath.Join(source, "test.js"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "test.js"), script, 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

// install fills a folder beside dir and moves it there when it is whole. Of two tests that do so, one wins.
func install(t *testing.T, source, dir string) {
	t.Helper()
	if _, err := exec.LookPath("npm"); err != nil {
		t.Fatalf("npm is not installed; it comes with Debian's packages nodejs and npm, which make test installs: %v", err)
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		t.Fatal(err)
	}
	fresh, err := os.MkdirTemp(filepath.Dir(dir), "npm-client-new-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(fresh) }) // gone already, when it was moved
	if err := os.CopyFS(fresh, os.DirFS(source)); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	cmd.Dir = fresh
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("npm ci: %v\n%s", err, out)
	}
	if err := os.Rename(fresh, dir); err != nil && !os.IsExist(err) {
		if _, there := os.Stat(dir); there != nil {
			t.Fatal(err)
		}
	}
}
