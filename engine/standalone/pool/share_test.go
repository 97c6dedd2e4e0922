package pool

import (
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// together invokes n times at the same time and returns the outcomes.
func together(t *testing.T, p *Pool, a Action, n int) []Outcome {
	t.Helper()
	outs := make([]Outcome, n)
	var wg sync.WaitGroup
	for i := range outs {
		wg.Go(func() { outs[i] = invoke(t, p, a, fmt.Sprintf(`{"n":%d}`, i)) })
	}
	wg.Wait()
	return outs
}

// shared is an action of which a container runs several activations; each waits until as many are in it.
func shared(source string, concurrency int64) Action {
	a := action("nodejs", source)
	a.Concurrency = concurrency
	return a
}

const meet = `let here = 0; const waiting = []
function main(a) { return new Promise(done => {
  waiting.push(() => done({n: a.n, pid: process.pid}))
  if (++here === 4) { here = 0; waiting.splice(0).forEach(go => go()) }
}) }`

func TestContainerRunsAsManyActivationsAsItMay(t *testing.T) {
	rows := []struct {
		name  string
		stems []Stems
		first Start
	}{
		{"cold", nil, Cold},
		{"prewarmed", []Stems{{Kind: "nodejs:default", Memory: 128, Count: 1}}, Prewarmed},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			p := newPool(t, Config{UserMemory: 128, Stems: row.stems})
			eventually(t, "stem cells wait", func() bool { return inState(p, Stemmed) == len(row.stems) })
			for round := range 3 {
				starts, containers := map[Start]int{}, map[string]bool{}
				for i, out := range together(t, p, shared(meet, 4), 4) {
					starts[out.Start]++
					containers[out.Container] = true
					if out.Status != Success || !strings.Contains(string(out.Result), fmt.Sprintf(`"n":%d,`, i)) {
						t.Errorf("call %d: status %d with %s", i, out.Status, out.Result)
					}
					if (out.Start == Warm) != out.InitStart.IsZero() {
						t.Errorf("call %d: start %s with an init at %v", i, out.Start, out.InitStart)
					}
				}
				if len(containers) != 1 || round == 0 && starts[row.first] != 1 || round > 0 && starts[Warm] != 4 {
					t.Errorf("round %d: %d containers, starts %v; want one container that was started once", round, len(containers), starts)
				}
			}
			checkBook(t, p)
		})
	}
}

func TestMoreActivationsThanAContainerMayRunGetAnother(t *testing.T) {
	p := newPool(t, Config{UserMemory: 256})
	containers := map[string]int{}
	for _, out := range together(t, p, shared(meet, 4), 8) {
		containers[out.Container]++
		if out.Status != Success {
			t.Errorf("status %d with %s", out.Status, out.Result)
		}
	}
	for id, n := range containers {
		if n != 4 || len(containers) != 2 {
			t.Errorf("container %s ran %d of them, want two containers with 4 each", id, n)
		}
	}
	if p.book.used != 256 || len(p.book.open) != 0 || len(p.book.idle) != 2 {
		t.Errorf("%d MB given out, %d open, %d idle; want 256, none, 2", p.book.used, len(p.book.open), len(p.book.idle))
	}
}

func TestKindsThatCannotRunSeveralActivationsRunOne(t *testing.T) {
	p := newPool(t, Config{UserMemory: 512})
	a := action("python", "import os, time\ndef main(a):\n  while not os.path.exists(os.environ['GO_ON']): time.sleep(0.01)\n  return {'pid': os.getpid()}")
	gate := filepath.Join(t.TempDir(), "go")
	a.Concurrency, a.Env = 4, map[string]string{"GO_ON": gate}
	containers := map[string]bool{}
	for _, out := range inParallel(t, p, gate, a, a, a, a) {
		containers[out.Container] = true
	}
	if len(containers) != 4 {
		t.Errorf("4 activations ran in %d containers, want one each", len(containers))
	}
}

func TestFailureOfOneActivationEndsTheOthersInItsContainer(t *testing.T) {
	rows := []struct{ name, how, first string }{
		{"time", "", "The action exceeded its time limits of 4000 milliseconds."},
		{"exit", "process.exit(1)", exited},
		{"throw", "throw new Error('no')", "An error has occurred: Error: no"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			p := newPool(t, Config{UserMemory: 128})
			// The first stays, the last one fails when all are there.
			a := shared(`let here = 0
function main(a) { if (++here === 3) { `+row.how+` }; return new Promise(() => {}) }`, 3)
			a.Timeout = 4 * time.Second
			if row.name != "time" {
				a.Timeout = time.Minute
			}
			texts := map[string]int{}
			for _, out := range together(t, p, a, 3) {
				texts[errorOf(t, out)]++
				if out.Status != DeveloperError {
					t.Errorf("status %d with %s", out.Status, out.Result)
				}
			}
			if texts[row.first] == 0 || texts[row.first]+texts[exited] < 3 {
				t.Errorf("got %v, want %q of one and %q of the others", texts, row.first, exited)
			}
			if len(p.Containers()) != 0 || p.book.used != 0 || len(p.book.open) != 0 {
				t.Errorf("%d containers with %d MB are left", len(p.Containers()), p.book.used)
			}
		})
	}
}

func TestActionThatCannotBeLoadedFailsAllThatWaitForIt(t *testing.T) {
	p := newPool(t, Config{UserMemory: 128})
	a := shared("const end = Date.now() + 500; while (Date.now() < end); throw new Error('at load')", 8)
	inits := 0
	for _, out := range together(t, p, a, 4) {
		if got := errorOf(t, out); got != initFailed+"Error: at load" || out.Status != DeveloperError {
			t.Errorf("status %d with %q", out.Status, got)
		}
		if !out.InitStart.IsZero() {
			inits++
		}
	}
	if inits == 0 || len(p.Containers()) != 0 {
		t.Errorf("%d loaded it and %d containers are left; want one at least, and none", inits, len(p.Containers()))
	}
}

func TestLinesOfConcurrentActivationsAreKeptOnce(t *testing.T) {
	p := newPool(t, Config{UserMemory: 128})
	a := shared(`let here = 0; const waiting = []
function main(a) { console.log('line', a.n); return new Promise(done => {
  waiting.push(done); if (++here === 4) waiting.splice(0).forEach(go => go({})) }) }`, 4)
	seen := map[string]int{}
	for _, out := range together(t, p, a, 4) {
		for _, line := range texts(t, out.Logs, "stdout") {
			seen[line]++
		}
	}
	for i := range 4 {
		if n := seen[fmt.Sprint("line ", i)]; n != 1 || len(seen) != 4 {
			t.Errorf("line %d is in %d logs, want 1; all: %v", i, n, seen)
		}
	}
}

func TestPausedContainerIsWokenForSeveral(t *testing.T) {
	p := newPool(t, Config{UserMemory: 128, PauseGrace: time.Millisecond})
	a := shared(meet, 4)
	together(t, p, a, 4)
	eventually(t, "it is paused", func() bool { return inState(p, Paused) == 1 })
	for _, out := range together(t, p, a, 4) {
		if out.Status != Success || out.Start != Warm {
			t.Errorf("start %s, status %d with %s; want a warm success", out.Start, out.Status, out.Result)
		}
	}
}
