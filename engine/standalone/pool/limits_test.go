package pool

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// heldPool returns a pool whose containers are limited. On a machine that does not permit control groups there is none; then
// the pool must say so, with the reason, and so must every record.
func heldPool(t *testing.T, cfg Config) (p *Pool, held bool) {
	t.Helper()
	p = newPool(t, cfg)
	out := succeed(t, p, action("native", echoScript), `{}`)
	limits := p.Limits()
	if out.Limits != limits.String() {
		t.Errorf("the record says %q, the pool %q", out.Limits, limits)
	}
	if limits.String() == "memory, processes, cpu" && limits.Reason == "" && limits.By != "" {
		return p, true
	}
	if limits.Reason == "" {
		t.Errorf("limits are %q, and the reason is not told", limits)
	}
	t.Logf("limits here are %q: %s", limits, limits.Reason)
	return p, false
}

func TestWithoutControlGroupsEveryRecordSaysUnlimited(t *testing.T) {
	cfg, err := Config{CacheDir: cacheDir(t), UserMemory: 2048}.complete()
	if err != nil {
		t.Fatal(err)
	}
	d, err := newProcesses(cfg, nil, "none", errors.New("read-only file system"))
	if err != nil {
		t.Fatal(err)
	}
	p := newPool(t, Config{Driver: d})
	if l := p.Limits(); l.String() != "unlimited" || l.Reason != "read-only file system" || l.By != "" {
		t.Errorf("the pool says %+v", l)
	}
	if out := succeed(t, p, action("native", echoScript), `{}`); out.Limits != "unlimited" {
		t.Errorf("the record says %q", out.Limits)
	}
}

const exhausted = `{"error":"The action exhausted its memory and was aborted."}`

func TestActionsThatExhaustTheirMemoryAreAbortedAlone(t *testing.T) {
	p, held := heldPool(t, Config{})
	if !held {
		return
	}
	for _, row := range []struct{ name, kind, source string }{
		{"a shell", "native", "#!/bin/sh\nread -r line; x=aaaaaaaa; while :; do x=$x$x; done"},
		{"a shell before it is asked", "native", "#!/bin/sh\nx=aaaaaaaa; while :; do x=$x$x; done"},
		{"a child, and its parent gives up", "native", "#!/bin/sh\nread -r line; (x=aaaaaaaa; while :; do x=$x$x; done); exit 1"},
		{"nodejs", "nodejs", "function main() { const all = []; for (;;) all.push(Buffer.alloc(1 << 20, 1)) }"},
		{"nodejs when it is loaded", "nodejs", "const all = []; for (;;) all.push(Buffer.alloc(1 << 20, 1))"},
		{"python", "python", "def main(args):\n  all = []\n  while True: all.append(b'x' * (1 << 20))\n"},
	} {
		t.Run(row.name, func(t *testing.T) {
			neighbour := succeed(t, p, sized("neighbour", pidScript, 128), `{}`)
			out := invoke(t, p, action(row.kind, row.source), `{}`)
			if out.Status != DeveloperError || string(out.Result) != exhausted || out.TimedOut {
				t.Errorf("status %d with %s, logs %q", out.Status, out.Result, out.Logs)
			}
			for _, c := range p.Containers() {
				if c.ID == out.Container {
					t.Error("its container is still there")
				}
			}
			if again := succeed(t, p, sized("neighbour", pidScript, 128), `{}`); pidOf(t, again) != pidOf(t, neighbour) {
				t.Error("the neighbour is another one")
			}
		})
	}
}

func TestMemoryIsTheActions(t *testing.T) {
	p, held := heldPool(t, Config{})
	if !held {
		return
	}
	const source = "def main(args):\n  return {'n': len(b'x' * (200 << 20))}\n"
	small, large := action("python", source), action("python", source)
	large.Key, large.Memory = "large", 512
	if out := invoke(t, p, small, `{}`); string(out.Result) != exhausted {
		t.Errorf("200 MB in 128 MB: status %d with %s", out.Status, out.Result)
	}
	if out := succeed(t, p, large, `{}`); string(out.Result) != `{"n":209715200}` {
		t.Errorf("200 MB in 512 MB: %s", out.Result)
	}
}

// bombScript makes processes as fast as it can, each of which makes more.
const bombScript = "#!/bin/sh\nread -r line\nbomb() { bomb | bomb & }\nbomb\nwait\nwhile :; do /bin/sleep 1; done\n"

func TestForkBombsAreBounded(t *testing.T) {
	p, held := heldPool(t, Config{})
	if !held {
		return
	}
	a := action("native", bombScript)
	a.Memory, a.Timeout = 1024, time.Minute
	ctx, cancel := context.WithCancel(t.Context())
	over := make(chan Outcome)
	go func() { over <- p.Invoke(ctx, Request{Action: a}) }()
	// The kernel says when it has refused one more.
	eventually(t, "the bound is met", func() bool {
		for _, c := range p.Containers() {
			if n, err := os.ReadFile(groupFile(p, c.ID, "pids.events")); err == nil && !strings.HasSuffix(strings.TrimSpace(string(n)), " 0") {
				return true
			}
		}
		return false
	})
	for _, c := range p.Containers() {
		text, err := os.ReadFile(groupFile(p, c.ID, "pids.current"))
		if n, _ := strconv.Atoi(strings.TrimSpace(string(text))); err != nil || n > processesMost {
			t.Errorf("%d processes in a container (%v), want no more than %d", n, err, processesMost)
		}
	}
	other := action("native", echoScript)
	other.Key = "another"
	succeed(t, p, other, `{}`)
	cancel()
	out := <-over
	if out.Status == Success {
		t.Errorf("the bomb is a success: %s", out.Result)
	}
	if _, err := os.Stat(groupFile(p, out.Container, "")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("its control group is still there: %v", err)
	}
	succeed(t, p, other, `{}`)
}

// groupFile is a file of a container's control group that counts processes.
func groupFile(p *Pool, id, name string) string {
	for _, f := range p.driver.(*processes).home.Folders(filepath.Base(p.folder)) {
		if _, err := os.Stat(filepath.Join(f, "pids.current")); err == nil || strings.Contains(f, "/pids/") {
			return filepath.Join(f, id, name)
		}
	}
	return ""
}

func TestNobodyLeavesItsContainer(t *testing.T) {
	p, held := heldPool(t, Config{})
	if !held {
		return
	}
	// Out of its group, its session and its environment.
	a := action("native", "#!/bin/sh\nenv -i setsid sleep 1000 >/dev/null 2>&1 3>&- </dev/null &\nstray=$!\n"+
		"while read -r line; do echo \"{\\\"pid\\\":$stray}\" >&3; done\n")
	stray := pidOf(t, succeed(t, p, a, `{}`))
	if !running(stray) {
		t.Fatal("there is no stray")
	}
	p.remove(0)
	if running(stray) {
		t.Error("it outlived its container")
	}
}

func TestBoundOfAPoolIsOfAllContainersTogether(t *testing.T) {
	p, held := heldPool(t, Config{Bound: Bound{CPUs: 0.2}})
	if !held {
		return
	}
	group := p.driver.(*processes).groups
	a := action("native", "#!/bin/sh\nread -r line; while :; do :; done")
	b := a
	b.Key = "another"
	ctx, cancel := context.WithCancel(t.Context())
	over := make(chan Outcome)
	for _, a := range []Action{a, b} {
		go func() { over <- p.Invoke(ctx, Request{Action: a}) }()
	}
	// A period in which the group was held back is one in which it had used up what it may.
	eventually(t, "the processors were taken away 20 times", func() bool { return group.Bandwidth().Throttled >= 20 })
	before := group.Bandwidth()
	used, err := group.CPUTime()
	after := group.Bandwidth()
	const quota = 2 * time.Millisecond // of 10 ms
	if most, least := time.Duration(after.Periods+2)*quota, time.Duration(before.Throttled)*quota/2; err != nil || used > most || used < least {
		t.Errorf("%v used (%v), want %v to %v after %+v", used, err, least, most, after)
	}
	cancel()
	<-over
	<-over
}

func TestMemoryBoundOfAPoolHoldsAllContainers(t *testing.T) {
	p, held := heldPool(t, Config{Bound: Bound{Memory: 100}})
	if !held {
		return
	}
	a := action("python", "def main(args):\n  return {'n': len(b'x' * (200 << 20))}\n")
	a.Memory = 512
	if out := invoke(t, p, a, `{}`); string(out.Result) != exhausted {
		t.Errorf("200 MB in a pool of 100 MB: status %d with %s", out.Status, out.Result)
	}
}

func TestPoolsLeaveNoControlGroup(t *testing.T) {
	p, held := heldPool(t, Config{Stems: []Stems{{Kind: "python:default", Memory: 256, Count: 1}}})
	folders := []string{}
	if held {
		folders = p.driver.(*processes).home.Folders(filepath.Base(p.folder))
	}
	eventually(t, "a stem cell waits", func() bool {
		for _, c := range p.Containers() {
			if c.State == Stemmed {
				return true
			}
		}
		return false
	})
	for _, f := range folders {
		if inside, err := filepath.Glob(f + "/*/tasks"); err != nil || strings.Contains(f, "/cpu/") && len(inside) != 2 {
			t.Errorf("%s has %v (%v), want a group for each container", f, inside, err)
		}
	}
	if err := p.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, f := range folders {
		if _, err := os.Stat(f); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s is left: %v", f, err)
		}
	}
}

func TestSharesAreOpenWhisks(t *testing.T) {
	for _, row := range []struct{ memory, all, want int64 }{
		{128, 2048, 64}, {256, 2048, 128}, {2048, 2048, 1024}, {512, 1000, 1024}, {300, 1000, 341}, {128, 1 << 20, 2}, {256, 128, 1024},
	} {
		if got := cpuShare(row.memory, row.all); got != row.want {
			t.Errorf("%d of %d MB: %d shares, want %d", row.memory, row.all, got, row.want)
		}
	}
}
