package run

import (
	"context"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/result"
	"wsk-scenario/engine/standalone"
	"wsk-scenario/engine/whisk"
)

func TestOpenLoadsOfPlainConnectionsGoOnALoop(t *testing.T) {
	access := serve(t, standalone.Config{})
	for _, row := range []struct {
		name   string
		rate   float64
		looped bool
	}{{"at a rate that one CPU keeps up with", 100, runtime.GOOS == "linux"}, {"not at a rate that it does not", 20_000, false}} {
		ph := phase("p", "hello", plan.AnyStart, openLoad(row.rate, 50*time.Millisecond, "constant", 10))
		r, _ := runs(t, t.Context(), onePlan([]plan.Action{native("hello")}, ph), access)
		complete(t, r)
		if got := slices.ContainsFunc(r.Facts, func(f result.Fact) bool { return strings.Contains(f.Value, "epoll") }); got != row.looped {
			t.Errorf("%s: on a loop: %t, facts %v", row.name, got, r.Facts)
		}
	}
}

// slow is a sender that knows nothing of loops: it blocks until several are under way.
type slow struct {
	now  *atomic.Int64
	wait int64
	all  chan struct{}
}

func (s slow) send(context.Context, []byte, string) whisk.Answer {
	if s.now.Add(1) == s.wait {
		close(s.all)
	}
	<-s.all
	return whisk.Answer{Class: whisk.OK}
}

// A call that blocks its goroutine blocks no loop.
func TestASenderThatBlocksIsInNobodysWay(t *testing.T) {
	const together = 5
	blocking := slow{new(atomic.Int64), together, make(chan struct{})}
	access := serve(t, standalone.Config{})
	client, err := whisk.New(access, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	ph := phase("p", "hello", plan.AnyStart, openLoad(100, together*10*time.Millisecond, "constant", together))
	r := &runner{client: client, plan: onePlan(nil, ph), anchor: time.Now(), result: &result.Result{}}
	s := &shooter{client: client, open: true, anchor: r.anchor, users: make([]*user, together), dropped: []int{0}}
	s.caller = func(context.Context, int) (*user, error) { return &user{calls: [][]sender{{blocking}}}, nil }
	issue, err := r.drive(t.Context(), &ph, s)
	if err != nil || issue.Issued != together || issue.Users != together {
		t.Errorf("%+v, %v; want %d calls of as many users", issue, err, together)
	}
}
