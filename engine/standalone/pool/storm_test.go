package pool

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Many callers with more actions than there is room, while containers are killed and expire: every call ends well, no
// container serves a strange key, and the memory given out is never more than there is.
func TestBooksBalanceInAStorm(t *testing.T) {
	const capacity, callers, calls = 640, 8, 60
	p := newPool(t, Config{UserMemory: capacity, IdleTimeout: 20 * time.Millisecond})
	const script = `#!/bin/sh
n=0
while read -r l; do n=$((n+1)); echo "{\"key\":\"$KEY\",\"n\":$n}" >&3; done`
	var wg sync.WaitGroup
	for caller := range callers {
		random := rand.New(rand.NewPCG(1, uint64(caller)))
		wg.Go(func() {
			for range calls {
				key := fmt.Sprint("key", random.IntN(6))
				a := sized(key, script, 128*int64(1+random.IntN(2)))
				a.Key, a.Env = fmt.Sprint(key, a.Memory), map[string]string{"KEY": key}
				out := invoke(t, p, a, `{}`)
				want := fmt.Sprintf(`{"key":%q,"n":`, key)
				if out.Status != Success || len(out.Result) < len(want) || string(out.Result[:len(want)]) != want {
					t.Errorf("%s: status %d with %s", key, out.Status, out.Result)
				}
				checkBook(t, p)
				killIdle(p, random)
			}
		})
	}
	wg.Wait()
	eventually(t, "all containers have expired", func() bool { return len(p.Containers()) == 0 })
	if p.book.used != 0 || len(p.book.idle) != 0 || len(p.book.waiting) != 0 {
		t.Errorf("at the end %d MB are given out, %d are idle, %d wait", p.book.used, len(p.book.idle), len(p.book.waiting))
	}
}

func checkBook(t *testing.T, p *Pool) {
	t.Helper()
	p.book.mu.Lock()
	defer p.book.mu.Unlock()
	var sum int64
	for c := range p.book.all {
		sum += c.memory
	}
	if sum != p.book.used || sum > p.book.capacity {
		t.Errorf("the containers have %d MB, the book says %d of %d", sum, p.book.used, p.book.capacity)
	}
}

// killIdle kills an idle container now and then. It holds the book's lock: no call can begin on a container meanwhile that
// is doomed but does not look so.
func killIdle(p *Pool, random *rand.Rand) {
	p.book.mu.Lock()
	defer p.book.mu.Unlock()
	if len(p.book.idle) == 0 || random.IntN(4) != 0 {
		return
	}
	c := p.book.idle[random.IntN(len(p.book.idle))]
	_ = syscall.Kill(c.process.PID(), syscall.SIGKILL) // it may be dead already
	for end := time.Now().Add(deadline); running(c.process.PID()) && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
}
