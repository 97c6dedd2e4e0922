package pool

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	goruntime "runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestCloseLeavesNothing(t *testing.T) {
	work := filepath.Join(t.TempDir(), "not", "yet", "there")
	p := newPool(t, Config{WorkDir: work, UserMemory: 512})
	gate := filepath.Join(t.TempDir(), "never")
	idle := pidOf(t, succeed(t, p, sized("idle", pidScript, 128), `{}`))

	var waits, queues, compiles Outcome
	var wg sync.WaitGroup
	busyAction := sized("busy", waitScript, 256)
	busyAction.Env = map[string]string{"GO_ON": gate}
	wg.Go(func() { waits = invoke(t, p, busyAction, `{}`) })
	eventually(t, "one call is busy", func() bool { return busy(p) == 1 })
	slow := action("nodejs", "for (;;);")
	wg.Go(func() { compiles = invoke(t, p, slow, `{}`) })
	eventually(t, "one call is in init", func() bool { return len(p.Containers()) == 3 })
	wg.Go(func() { queues = invoke(t, p, sized("queue", echoScript, 512), `{}`) })
	eventually(t, "one call queues", func() bool { return queued(p) == 1 })

	pids := []int{idle}
	for _, c := range p.Containers() {
		if c.PID != 0 {
			pids = append(pids, c.PID)
		}
	}
	if err := p.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	wg.Wait()
	for name, out := range map[string]Outcome{"busy": waits, "in init": compiles, "in the queue": queues} {
		if out.Status != WhiskError || !json.Valid(out.Result) {
			t.Errorf("the call that was %s ended as %d with %s, want a whisk error", name, out.Status, out.Result)
		}
	}
	for _, pid := range pids {
		if running(pid) {
			t.Errorf("process %d still runs", pid)
		}
	}
	if left, err := os.ReadDir(work); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if out := invoke(t, p, sized("late", echoScript, 128), `{}`); out.Status != WhiskError {
		t.Errorf("a call after Close ended as %d", out.Status)
	}
	if err := p.Close(t.Context()); err != nil {
		t.Errorf("the second Close: %v", err)
	}
	checkGoroutines(t)
}

// checkGoroutines looks for goroutines of a pool. No other test may run at the same time.
func checkGoroutines(t *testing.T) {
	t.Helper()
	own := []string{"(*Pool).clean", "(*stream).follow", "(*starter).loop", "runtime.reap", "(*turn).serve"}
	buf := make([]byte, 4<<20)
	eventually(t, "no goroutine is in one of "+strings.Join(own, ", "), func() bool { // one that has said that it ends does so a moment later
		all := string(buf[:goruntime.Stack(buf, true)])
		return !slices.ContainsFunc(own, func(name string) bool { return strings.Contains(all, name) })
	})
}

func TestEndOfTheContextEndsACallAndItsProcess(t *testing.T) {
	p := newPool(t, Config{})
	a := sized("a", waitScript, 128)
	a.Env = map[string]string{"GO_ON": filepath.Join(t.TempDir(), "never")}
	ctx, cancel := context.WithCancel(t.Context())
	var out Outcome
	var wg sync.WaitGroup
	wg.Go(func() { out = p.Invoke(ctx, Request{Action: a}) })
	eventually(t, "the call is busy", func() bool { return busy(p) == 1 })
	pid := p.Containers()[0].PID
	cancel()
	wg.Wait()
	if out.Status != WhiskError || running(pid) || len(p.Containers()) != 0 {
		t.Errorf("status %d with %s, process %d runs: %v, containers %v", out.Status, out.Result, pid, running(pid), p.Containers())
	}
}

// TestMain lets the test binary play a server that is killed: see TestProcessesDieWithAKilledServer.
func TestMain(m *testing.M) {
	if cache := os.Getenv("POOL_OF_A_SERVER"); cache != "" {
		serveUntilKilled(cache)
	}
	os.Exit(m.Run())
}

func serveUntilKilled(cache string) {
	p, err := New(Config{CacheDir: cache, WorkDir: cache})
	if err != nil {
		panic(err)
	}
	a := sized("a", pidScript, 128)
	if os.Getenv("POOL_WITH_STRAY") != "" {
		a = sized("a", strayScript, 128)
	}
	out := p.Invoke(context.Background(), Request{Action: a})
	os.Stdout.Write(append(out.Result, '\n'))
	time.Sleep(time.Hour)
}

func TestProcessesDieWithAKilledServer(t *testing.T) {
	if goruntime.GOOS != "linux" {
		return // only Linux ties the life of a process to that of another
	}
	dir := t.TempDir()
	server := exec.Command(os.Args[0])
	server.Env = append(os.Environ(), "POOL_OF_A_SERVER="+dir)
	out, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	line, readErr := bufio.NewReader(out).ReadBytes('\n')
	pid := 0
	if readErr == nil {
		pid = pidOf(t, Outcome{Result: line})
	}
	alive := running(pid)
	if err := server.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = server.Wait() // it was killed: the error says so
	if readErr != nil || !alive {
		t.Fatalf("the server's container %d runs: %v; %v", pid, alive, readErr)
	}
	eventually(t, "the container of the killed server is gone", func() bool { return !running(pid) })
	newPool(t, Config{WorkDir: dir}) // removes what else is left of it
}
