package run

import "time"

// report emits the progress of a phase, or of several that run side by side, a few times a second until the returned
// function is called.
func report(watch *observer, cell int, name string, began time.Time, of ...*shooter) (stop func()) {
	end, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(200 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-end:
				return
			case <-tick.C:
				done, failed := sums(of)
				watch.emit(Progress{cell, name, done, failed, time.Since(began), last(of)})
			}
		}
	}()
	return func() {
		close(end)
		<-ended
	}
}

// sums are the calls that are over, and the errors among them.
func sums(of []*shooter) (done, failed int) {
	for _, s := range of {
		done, failed = done+int(s.done.Load()), failed+int(s.errors.Load())
	}
	return done, failed
}

// last is the latency of a call that was over last.
func last(of []*shooter) time.Duration {
	if len(of) == 0 {
		return 0
	}
	return time.Duration(of[0].last.Load())
}
