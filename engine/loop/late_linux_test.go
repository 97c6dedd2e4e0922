package loop

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// A moment that is over has precedence over answers that wait: one of these has its turn before it, so that none waits for ever,
// and no more.
func TestOneAnswerAtMostGoesAheadOfADueMoment(t *testing.T) {
	const tasks = 50
	l := newLoop(t, t.Context())
	answered := 0
	for range tasks {
		l.Start(func() {
			l.Await(func() {})
			answered++
		})
	}
	for landed := 0; landed < tasks; {
		runtime.Gosched()
		l.mu.Lock()
		landed = len(l.landed)
		l.mu.Unlock()
	}
	for i := range tasks {
		if !l.Until(time.Now().Add(-time.Second)) || answered != i+1 {
			t.Fatalf("%d answers were read ahead of %d moments", answered, i+1)
		}
	}
}

// BenchmarkLateness is how late moments are kept while other goroutines compute, as those do that pack samples or collect garbage.
func BenchmarkLateness(b *testing.B) {
	for _, row := range []struct {
		name        string
		busy, extra int
	}{{"alone", 0, 0}, {"one computes", 1, 0}, {"two compute", 2, 0}, {"two compute, a processor more", 2, 1}} {
		b.Run(row.name, func(b *testing.B) {
			if row.extra > 0 {
				n := runtime.GOMAXPROCS(0)
				runtime.GOMAXPROCS(n + row.extra)
				defer runtime.GOMAXPROCS(n)
			}
			l := newLoop(b, b.Context())
			var stop atomic.Bool
			var computing sync.WaitGroup
			for range row.busy {
				computing.Go(func() {
					for n := 0; !stop.Load(); n++ {
					}
				})
			}
			var late []time.Duration
			due := time.Now()
			for b.Loop() {
				due = due.Add(time.Millisecond)
				if time.Until(due) < 0 {
					due = time.Now().Add(time.Millisecond)
				}
				l.Until(due)
				late = append(late, time.Since(due))
			}
			stop.Store(true)
			computing.Wait()
			slices.Sort(late)
			b.ReportMetric(float64(late[len(late)/2].Microseconds()), "p50-µs")
			b.ReportMetric(float64(late[len(late)*99/100].Microseconds()), "p99-µs")
		})
	}
}
