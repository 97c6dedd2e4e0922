package proxy_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"wsk-scenario/engine/standalone/protocol"
	"wsk-scenario/engine/standalone/proxy"
	"wsk-scenario/engine/standalone/runtime"
)

// container is a proxy as the client of the protocol sees it.
type container struct {
	*protocol.Client
	proxy    *proxy.Proxy
	out, err *stream
}

// stream is what a container writes.
type stream struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *stream) Write(text []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(text)
}

// take is what was written since it was asked last.
func (s *stream) take() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	text := s.text.String()
	s.text.Reset()
	return text
}

// standing is a container that runs.
type standing struct{}

func (standing) Alive() bool           { return true }
func (standing) Signal()               {}
func (standing) KilledForMemory() bool { return false }

func newContainer(t *testing.T, family string) container {
	t.Helper()
	return newContainerIn(t, family, t.TempDir())
}

// newContainerIn makes a container whose control group is seen in a folder.
func newContainerIn(t *testing.T, family, groups string) container {
	t.Helper()
	c := container{out: new(stream), err: new(stream)}
	p, err := proxy.New(proxy.Config{
		Family: family, CacheDir: t.TempDir(), WorkDir: t.TempDir(), SearchPath: os.Getenv("PATH"), Result: 100, Groups: groups, Out: c.out, Err: c.err,
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(p.Handler())
	t.Cleanup(func() {
		server.Close()
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	c.proxy, c.Client = p, &protocol.Client{Container: standing{}, HTTP: server.Client(), URL: server.URL, Result: 100}
	return c
}

func code(text string) runtime.Code {
	return runtime.Code{Kind: runtime.Kind{Name: "test:1"}, Data: []byte(text), Env: map[string]string{"__OW_ACTION_NAME": "/guest/x", "OWN": "own"}}
}

// sentinel is how each stream ends what belongs to an activation.
const sentinel = protocol.Sentinel + "\n"

const python = `import os, sys
print("loaded")
def main(args):
    if args.get("end"):
        os._exit(1)
    print("said")
    print("faulted", file=sys.stderr)
    return {"own": os.environ["OWN"], "id": os.environ["__OW_ACTIVATION_ID"], "long": "x" * args.get("long", 0)}
`

func TestAnActionIsLoadedAndRunAsOnOpenWhisk(t *testing.T) {
	c := newContainer(t, "python")
	if err := c.Init(t.Context(), code(python)); err != nil {
		t.Fatal(err)
	}
	answer, err := c.Run(t.Context(), runtime.Activation{ID: "an-id"}, []byte(`{}`))
	if want := `{"own":"own","id":"an-id","long":""}`; err != nil || string(answer.Line) != want || answer.Size != len(want) {
		t.Errorf("got %s of %d bytes, %v; want %s", answer.Line, answer.Size, err, want)
	}
	if out, faults := c.out.take(), c.err.take(); out != "loaded\nsaid\n"+sentinel || faults != "faulted\n"+sentinel {
		t.Errorf("it wrote %q and %q", out, faults)
	}
	answer, err = c.Run(t.Context(), runtime.Activation{}, []byte(`{"long": 1000}`))
	if err != nil || len(answer.Line) != 100 || answer.Size < 1000 {
		t.Errorf("of a long answer there are %d bytes of %d, %v; want the first 100", len(answer.Line), answer.Size, err)
	}
	if err := c.Init(t.Context(), code(python)); err == nil || err.Error() != "Cannot initialize the action more than once." {
		t.Errorf("a second init says %v", err)
	}
}

func TestWhatGoesWrongIsSaidAsOnOpenWhisk(t *testing.T) {
	for _, row := range []struct{ name, code, params, init, run string }{
		{"code that is none", "def", "", "The action failed during initialization: ", ""},
		{"an end", python, `{"end": true}`, "", "command exited"},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := newContainer(t, "python")
			err := c.Init(t.Context(), code(row.code))
			if row.init == "" && err == nil {
				_, err = c.Run(t.Context(), runtime.Activation{}, []byte(row.params))
			}
			var fault *runtime.Failure
			if !errors.As(err, &fault) || !strings.Contains(fault.Text, row.init+row.run) {
				t.Errorf("got %v; want %s", err, row.init+row.run)
			}
			if out := c.out.take(); !strings.HasSuffix(out, sentinel) {
				t.Errorf("it wrote %q, without a sentinel at its end", out)
			}
		})
	}
}

func TestAnActionThatHasUsedUpItsMemoryIsSaidToHaveDoneSo(t *testing.T) {
	for _, file := range []string{"memory.events", "memory/memory.oom_control"} {
		t.Run(file, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), file)
			if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte("low 0\noom_kill 2\n"), 0o644)); err != nil {
				t.Fatal(err)
			}
			c := newContainerIn(t, "native", strings.TrimSuffix(path, file))
			// What the kernel counts when it ends the action, the action writes itself.
			if err := c.Init(t.Context(), code("#!/bin/sh\nread line\necho 'oom_kill 3' >"+path+"\nexit 1\n")); err != nil {
				t.Fatal(err)
			}
			if _, err := c.Run(t.Context(), runtime.Activation{}, []byte(`{}`)); err == nil || err.Error() != "The action exhausted its memory and was aborted." {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestSeveralActivationsShareAContainerOfNodeJS(t *testing.T) {
	c := newContainer(t, "nodejs")
	meeting := code(`const waiting = []
function main(args) { return new Promise(done => { if (waiting.push(done) === 2) waiting.forEach(go => go({met: 2})) }) }`)
	meeting.Env["__OW_ALLOW_CONCURRENT"] = "true"
	if err := c.Init(t.Context(), meeting); err != nil {
		t.Fatal(err)
	}
	var callers sync.WaitGroup
	for range 2 {
		callers.Go(func() {
			if answer, err := c.Run(t.Context(), runtime.Activation{}, []byte(`{}`)); err != nil || string(answer.Line) != `{"met":2}` {
				t.Errorf("got %s, %v", answer.Line, err)
			}
		})
	}
	callers.Wait()
}

func TestWhoIsAboutToEndRefusesRuns(t *testing.T) {
	c := newContainer(t, "native")
	if err := c.Init(t.Context(), code("#!/bin/sh\nwhile read line; do echo '{}' >&3; done\n")); err != nil {
		t.Fatal(err)
	}
	c.proxy.Refuse()
	if _, err := c.Run(t.Context(), runtime.Activation{}, []byte(`{}`)); !errors.Is(err, runtime.ErrGone) {
		t.Errorf("got %v; want an error by which another container is asked", err)
	}
}

func TestARunThatNobodyWaitsForEnds(t *testing.T) {
	c := newContainer(t, "native")
	if err := c.Init(t.Context(), code("#!/bin/sh\nread line\necho begun\nsleep 600\n")); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() {
		_, err := c.Run(ctx, runtime.Activation{}, []byte(`{}`))
		ended <- err
	}()
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	} // that the process has ended is seen by the end of the test: the server waits for its handler
}

func TestAFamilyThatThereIsNot(t *testing.T) {
	if _, err := proxy.New(proxy.Config{Family: "cobol", CacheDir: t.TempDir()}); err == nil || !strings.Contains(err.Error(), "nodejs, python") {
		t.Errorf("got %v", err)
	}
}

func TestOnlyTheProtocolIsAnswered(t *testing.T) {
	c := newContainer(t, "native")
	for _, row := range []struct {
		path, body string
		want       int
	}{{"/init", "{", http.StatusBadRequest}, {"/run", "{}", http.StatusForbidden}, {"/other", "{}", http.StatusNotFound}} {
		resp, err := http.Post(c.URL+row.path, "application/json", strings.NewReader(row.body))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != row.want {
			t.Errorf("%s says %d; want %d", row.path, resp.StatusCode, row.want)
		}
	}
}
