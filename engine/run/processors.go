package run

import (
	"runtime"
	"sync"
)

// processors gives each loop one processor of the Go runtime more than the machine has. Samples are packed, garbage is collected
// and an embedded server works beside it; once they have all processors, a loop whose moment has come would wait until the
// runtime takes one away from them, which it does every 10 ms. With one to itself it is the system that decides, and the system
// lets what mostly sleeps go first. The zero value is ready.
type processors struct {
	mu    sync.Mutex
	loops int
	own   int // what there was before the first loop
}

func (p *processors) add(loops int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.loops == 0 {
		p.own = runtime.GOMAXPROCS(0)
	}
	p.loops += loops
	runtime.GOMAXPROCS(p.own + p.loops)
}
