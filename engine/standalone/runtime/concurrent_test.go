package runtime

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// startConcurrent starts an action of Node.js that runs several activations at a time.
func startConcurrent(t *testing.T, source string) *Process {
	t.Helper()
	set, err := New(Config{CacheDir: t.TempDir(), SearchPath: os.Getenv("PATH")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(set.Close)
	kind, err := Find(set.Kinds(), "nodejs")
	if err != nil {
		t.Fatal(err)
	}
	code := Code{Kind: kind, Data: []byte(source), Env: Concurrently(map[string]string{}, true), Concurrent: true}
	p, err := set.Start(t.Context(), Place{Folder: t.TempDir()}, code, 1000)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Kill)
	return p
}

func TestAnswersInAnyOrderReachThoseWhoAsked(t *testing.T) {
	const n = 50
	p := startConcurrent(t, `const waiting = []
function main(a) { return new Promise(done => { waiting.push([done, a.n]); if (waiting.length === `+fmt.Sprint(n)+`) {
  for (const [done, n] of waiting.reverse()) done({n}) } }) }`)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			got, err := p.Run(t.Context(), Activation{}, fmt.Appendf(nil, `{"n":%d}`, i))
			if want := fmt.Sprintf(`{"n":%d}`, i); err != nil || string(got.Line) != want || got.Size != len(want) {
				t.Errorf("got %s (%d bytes), %v; want %s", got.Line, got.Size, err, want)
			}
		})
	}
	wg.Wait()
	if !p.Alive() {
		t.Error("it is dead after all were answered")
	}
}

func TestRequestsThatNobodyReadMayRunElsewhere(t *testing.T) {
	p := startConcurrent(t, "function main() { return {} }")
	if err := syscall.Kill(p.PID(), syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	waitFor(t, func() bool { return state(p.PID()) == "T" })
	results := make(chan error, 3)
	for range 3 {
		go func() {
			_, err := p.Run(context.WithoutCancel(t.Context()), Activation{}, nil)
			results <- err
		}()
	}
	waitFor(t, func() bool {
		p.desk.mu.Lock()
		defer p.desk.mu.Unlock()
		p.desk.sending.Lock()
		defer p.desk.sending.Unlock()
		return len(p.desk.waiting) == 3 && int64(p.unread()) == p.desk.sent && p.desk.sent > 3*100
	})
	if err := syscall.Kill(p.PID(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := <-results; !errors.Is(err, ErrGone) {
			t.Errorf("got %v, want ErrGone: nobody has read the request", err)
		}
	}
}

func TestProcessThatAnswersWhatNobodyAskedIsEnded(t *testing.T) {
	for _, line := range []string{"99 {}", "{}", "x {}"} {
		p := startConcurrent(t, "function main() { require('fs').writeSync(3, '"+line+"\\n'); return new Promise(() => {}) }")
		if _, err := p.Run(t.Context(), Activation{}, nil); !errors.Is(err, errDiedInRun) {
			t.Errorf("%s: got %v, want the end of the process", line, err)
		}
	}
}

func TestLongestResultIsKeptWhole(t *testing.T) {
	p := startConcurrent(t, "function main(a) { return {s: 'x'.repeat(a.n)} }")
	const around = len(`{"s":""}`)
	got, err := p.Run(t.Context(), Activation{}, fmt.Appendf(nil, `{"n":%d}`, 1<<20-around))
	if err != nil || got.Size != 1<<20 || len(got.Line) != got.Size || !strings.HasSuffix(string(got.Line), `x"}`) {
		t.Errorf("got %d of %d bytes, %v; want %d", len(got.Line), got.Size, err, 1<<20)
	}
}
