package run

import (
	"time"
)

// report emits the progress of a phase, or of several that run side by side, a few times a second until the returned
// function is called.
func report(watch *observer, cell int, name string, began time.Time, of ...*shooter) (stop func()) {
	end, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(200 * time.Millisecond)
		defer tick.Stop()
		var pace pace
		for {
			select {
			case <-end:
				return
			case <-tick.C:
				done, failed := sums(of)
				elapsed := time.Since(began)
				watch.emit(Progress{
					Cell: cell, Phase: name, Done: done, Errors: failed, Elapsed: elapsed, P95: slowest(of),
					Achieved: pace.over(elapsed, done), Offered: due(of, elapsed),
				})
			}
		}
	}()
	return func() {
		close(end)
		<-ended
	}
}

// pace is how fast calls get over.
type pace struct {
	since time.Duration // the moment from which it is counted
	done  int           // until then
	rate  float64
}

// over is the calls a second of the last whole second or more; before the first is over, of the time until now.
func (p *pace) over(elapsed time.Duration, done int) float64 {
	if long := elapsed - p.since; long >= time.Second || p.since == 0 && long > 0 {
		p.rate = float64(done-p.done) / long.Seconds()
	}
	if elapsed-p.since >= time.Second {
		p.since, p.done = elapsed, done
	}
	return p.rate
}

// sums are the calls that are over, and the errors among them.
func sums(of []*shooter) (done, failed int) {
	for _, s := range of {
		done, failed = done+int(s.done.Load()), failed+int(s.errors.Load())
	}
	return done, failed
}

// slowest is the p95 of the phase whose is highest.
func slowest(of []*shooter) (p95 time.Duration) {
	for _, s := range of {
		p95 = max(p95, s.responses.Quantile(.95))
	}
	return p95
}

// due is how many calls a second are due.
func due(of []*shooter, elapsed time.Duration) (rate float64) {
	for _, s := range of {
		rate += float64(s.schedule.At(elapsed))
	}
	return rate
}
