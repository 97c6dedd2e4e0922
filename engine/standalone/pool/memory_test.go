package pool

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// sized is a native action of that many MB under a key of its own.
func sized(key, script string, mb int64) Action {
	a := action("native", script)
	a.Key, a.Memory = key, mb
	return a
}

func pidOf(t *testing.T, o Outcome) int {
	t.Helper()
	var r struct{ PID int }
	if err := json.Unmarshal(o.Result, &r); err != nil || r.PID == 0 {
		t.Fatalf("no pid in %s: %v", o.Result, err)
	}
	return r.PID
}

func TestWarmContainersServeOnlyTheirOwnKey(t *testing.T) {
	p := newPool(t, Config{})
	first := succeed(t, p, sized("a@1", pidScript, 128), `{}`)
	again := succeed(t, p, sized("a@1", pidScript, 128), `{}`)
	updated := succeed(t, p, sized("a@2", pidScript, 128), `{}`)
	if pidOf(t, again) != pidOf(t, first) || again.Start != Warm {
		t.Error("the second call of the same revision was not warm")
	}
	if pidOf(t, updated) == pidOf(t, first) || updated.Start != Cold {
		t.Error("a new revision met the old container")
	}
}

func TestOldestIdleContainerIsEvictedWhenMemoryIsShort(t *testing.T) {
	p := newPool(t, Config{UserMemory: 512})
	a := succeed(t, p, sized("a", pidScript, 128), `{}`)
	b := succeed(t, p, sized("b", pidScript, 128), `{}`)
	c := succeed(t, p, sized("c", pidScript, 256), `{}`)
	succeed(t, p, sized("a", pidScript, 128), `{}`) // a is now the youngest
	d := succeed(t, p, sized("d", pidScript, 128), `{}`)
	if running(pidOf(t, b)) {
		t.Error("b was the longest idle and still runs")
	}
	want := []string{a.Container, c.Container, d.Container}
	var got []string
	for _, i := range p.Containers() {
		got = append(got, i.ID)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got containers %v, want %v", got, want)
	}
	e := succeed(t, p, sized("e", pidScript, 512), `{}`)
	if left := p.Containers(); len(left) != 1 || left[0].ID != e.Container || left[0].State != Idle || left[0].PID != pidOf(t, e) {
		t.Errorf("an action of the pool's whole size left %+v", left)
	}
}

func TestActionLargerThanThePoolIsRefused(t *testing.T) {
	p := newPool(t, Config{UserMemory: 256})
	out := invoke(t, p, sized("big", echoScript, 257), `{}`)
	if out.Status != WhiskError || !strings.Contains(string(out.Result), "wants 257 MB, but all containers together have 256 MB") {
		t.Errorf("got status %d and %s", out.Status, out.Result)
	}
}

func TestContainersUsedLastAreReusedFirst(t *testing.T) {
	p := newPool(t, Config{})
	gate := filepath.Join(t.TempDir(), "go")
	a := sized("a", waitScript, 128)
	a.Env = map[string]string{"GO_ON": gate}
	outs := inParallel(t, p, gate, a, a, a)
	last := p.book.idle[len(p.book.idle)-1].id
	if got := succeed(t, p, a, `{}`); got.Container != last {
		t.Errorf("got container %s of %+v, want the last used %s", got.Container, outs, last)
	}
}

// inParallel invokes the actions, waits until all are busy or queue, opens the gate and returns the outcomes.
func inParallel(t *testing.T, p *Pool, gate string, actions ...Action) []Outcome {
	t.Helper()
	outs := make([]Outcome, len(actions))
	var wg sync.WaitGroup
	for i, a := range actions {
		wg.Go(func() { outs[i] = invoke(t, p, a, `{}`) })
		eventually(t, "the call is busy or queues", func() bool { return busy(p)+queued(p) > i })
	}
	if err := os.WriteFile(gate, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	wg.Wait()
	return outs
}

func queued(p *Pool) int {
	p.book.mu.Lock()
	defer p.book.mu.Unlock()
	return len(p.book.waiting)
}

func busy(p *Pool) (n int) {
	for _, c := range p.Containers() {
		if c.State == Busy {
			n++
		}
	}
	return n
}

func TestQueueIsServedInTheOrderOfComing(t *testing.T) {
	p := newPool(t, Config{UserMemory: 256})
	gate := filepath.Join(t.TempDir(), "go")
	var actions []Action
	for _, row := range []struct {
		key string
		mb  int64
	}{{"holds", 256}, {"large", 256}, {"small", 128}, {"holds", 256}, {"small", 128}} {
		a := sized(row.key, waitScript, row.mb)
		a.Env = map[string]string{"GO_ON": gate}
		actions = append(actions, a)
	}
	outs := inParallel(t, p, gate, actions...)
	for i, o := range outs {
		if o.Status != Success {
			t.Fatalf("call %d: status %d, %s", i, o.Status, o.Result)
		}
	}
	// No two of the first four fit side by side, so each begins when the one before has ended.
	for i := 1; i < 4; i++ {
		if outs[i].RunStart.Before(outs[i-1].RunEnd) {
			t.Errorf("call %d overtook the one before it", i)
		}
	}
	if outs[4].RunStart.Before(outs[3].RunEnd) {
		t.Error("the last call overtook the fourth")
	}
}

func TestIdleContainersAreRemoved(t *testing.T) {
	p := newPool(t, Config{IdleTimeout: 50 * time.Millisecond})
	out := succeed(t, p, sized("a", pidScript, 128), `{}`)
	folder := filepath.Join(p.folder, out.Container)
	eventually(t, "the idle container is gone", func() bool { return len(p.Containers()) == 0 })
	if running(pidOf(t, out)) {
		t.Error("its process still runs")
	}
	if _, err := os.Stat(folder); err == nil {
		t.Error("its folder is still there")
	}
}

func TestDeadContainerIsReplacedUnseen(t *testing.T) {
	p := newPool(t, Config{})
	for range 20 { // the pool notices sometimes before the next call and sometimes by it
		out := succeed(t, p, sized("a", pidScript, 128), `{}`)
		if err := syscall.Kill(pidOf(t, out), syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the killed process is dead", func() bool { return !running(pidOf(t, out)) })
		next := succeed(t, p, sized("a", pidScript, 128), `{}`)
		if next.Start != Cold || pidOf(t, next) == pidOf(t, out) || next.Container == out.Container {
			t.Fatalf("after %+v came %+v, want a fresh container", out, next)
		}
	}
}

func TestProgramThatAnswersTwiceIsReplaced(t *testing.T) {
	p := newPool(t, Config{})
	a := sized("a", "#!/bin/sh\nwhile read -r l; do echo '{\"n\":1}\n{\"n\":2}' >&3; done", 128)
	for range 3 {
		if out := succeed(t, p, a, `{}`); string(out.Result) != `{"n":1}` || out.Start != Cold {
			t.Errorf("got %s, start %s; want the first answer of a fresh container", out.Result, out.Start)
		}
	}
}

func TestChildrenDieWithTheirContainer(t *testing.T) {
	p := newPool(t, Config{UserMemory: 128})
	const script = "#!/bin/sh\n/bin/sleep 1000 &\nwhile read -r l; do echo \"{\\\"pid\\\":$!}\" >&3; done"
	child := pidOf(t, succeed(t, p, sized("a", script, 128), `{}`))
	if !running(child) {
		t.Fatal("the child does not run")
	}
	succeed(t, p, sized("b", echoScript, 128), `{}`) // evicts a
	eventually(t, "the child is gone", func() bool { return !running(child) })
}
