package link

import (
	"math/rand/v2"
	"sync"
	"time"
)

// line is one direction of a link, which all connections share. It reckons in the time since the link began:
//
//	at ─ waits for those before it, and for the end of an outage ─▶ goes out at the rate ─▶ delay ± jitter ─▶ arrives
type line struct {
	link   Link
	mu     sync.Mutex
	free   time.Duration // when the last byte of those before has gone out
	jitter *rand.Rand
	gaps   *rand.Rand
	outage window // the one that comes next, or that is now
}

// window is a stretch of time.
type window struct{ from, to time.Duration }

// The streams of random numbers. Both directions have the outages in common.
const (
	streamOutage = 3
	streamJitter = 5
)

func newLine(l Link, seed uint64, direction uint64) *line {
	line := &line{
		link: l, jitter: rand.New(rand.NewPCG(seed, streamJitter+direction)), gaps: rand.New(rand.NewPCG(seed, streamOutage)),
	}
	line.next(0)
	return line
}

// next plans the next outage after one that ended.
func (l *line) next(after time.Duration) {
	o := l.link.Outage
	if o.Last == 0 {
		return
	}
	from := after + time.Duration(l.gaps.ExpFloat64()*float64(o.Every))
	l.outage = window{from, from + o.Last}
}

// pass sends so many bytes at a moment, and returns when they arrive.
func (l *line) pass(at time.Duration, size int) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := max(at, l.free)
	for l.link.Outage.Last > 0 && out >= l.outage.from {
		out = max(out, l.outage.to)
		l.next(l.outage.to)
	}
	if l.link.Rate > 0 {
		out += time.Duration(int64(size) * 8 * int64(time.Second) / l.link.Rate)
	}
	l.free = out
	return out + l.travel()
}

// travel is one delay.
func (l *line) travel() time.Duration {
	d := l.link.Delay
	if j := int64(l.link.Jitter); j > 0 {
		d += time.Duration(l.jitter.Int64N(2*j+1) - j)
	}
	return d
}
