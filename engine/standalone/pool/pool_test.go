package pool

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// cacheDir is shared by all tests and by one run after the other: compiling Go's standard library takes long.
func cacheDir(t testing.TB) string {
	t.Helper()
	dir, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "wsk-scenario", "test")
}

// newPool returns a pool that is closed at the end of the test.
func newPool(t testing.TB, cfg Config) *Pool {
	t.Helper()
	if cfg.CacheDir == "" {
		cfg.CacheDir = cacheDir(t)
	}
	if cfg.WorkDir == "" {
		cfg.WorkDir = t.TempDir()
	}
	p, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(context.Background()); err != nil {
			t.Errorf("close the pool: %v", err)
		}
	})
	return p
}

// action returns an action whose code is source; each source is a document of its own.
func action(kind, source string) Action {
	return Action{
		Namespace: "guest", Path: "guest/pkg/test", Version: "0.0.1", Key: kind + source, Kind: kind, Code: []byte(source),
		Memory: 128, Timeout: time.Minute, LogSize: 1 << 20,
	}
}

func invoke(t testing.TB, p *Pool, a Action, params string) Outcome {
	t.Helper()
	return p.Invoke(t.Context(), Request{Action: a, ActivationID: "00112233445566778899aabbccddeeff", Transaction: "tx",
		Params: json.RawMessage(params)})
}

// succeed invokes and stops the test unless the outcome is a success.
func succeed(t testing.TB, p *Pool, a Action, params string) Outcome {
	t.Helper()
	out := invoke(t, p, a, params)
	if out.Status != Success {
		t.Fatalf("status %d with %s, logs %q; want success", out.Status, out.Result, out.Logs)
	}
	return out
}

// zipped returns the files as the code of a binary action.
func zipped(t testing.TB, files map[string]string) string {
	t.Helper()
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for name, content := range files {
		f, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(buf.Bytes())
}

// deadline is how long a test waits for what must happen at some time.
const deadline = 3 * time.Minute

func eventually(t testing.TB, what string, true_ func() bool) {
	t.Helper()
	for end := time.Now().Add(deadline); !true_(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("after %v still not: %s", deadline, what)
		}
	}
}

// running reports whether a process exists; one that is dead but not reaped does not count.
func running(pid int) bool {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return false
	}
	_, rest, found := bytes.Cut(stat, []byte(") "))
	return found && rest[0] != 'Z' && rest[0] != 'X'
}

// The native actions of the tests use nothing but what the shell has built in.
const (
	echoScript = `#!/bin/sh
while read -r line; do echo '{"ok":true}' >&3; done
`
	pidScript = `#!/bin/sh
while read -r line; do echo "{\"pid\":$$}" >&3; done
`
	waitScript = `#!/bin/sh
while read -r line; do
  until [ -e "$GO_ON" ]; do /bin/sleep 0.01; done
  echo '{"ok":true}' >&3
done
`
)
