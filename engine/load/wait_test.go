package load

import (
	"context"
	"testing"
	"time"
)

// The clock is the real one: that a moment is not there before it is, and that the end of a context ends a wait, hold on any
// machine, however slow.
func TestAWaiterReturnsNoSoonerThanItsMoment(t *testing.T) {
	for name, timing := range map[string]Timing{"best": Best, "sleep": Sleep} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			w, err := timing(ctx)
			if err != nil {
				t.Fatal(err)
			}
			defer w.Close()
			for _, wait := range []time.Duration{-time.Second, 0, time.Nanosecond, 3 * ms, 300 * time.Microsecond} {
				due := time.Now().Add(wait)
				if ok := w.Until(due); !ok || time.Now().Before(due) {
					t.Errorf("%s: until %s from now: %t, %s too early", w.Name(), wait, ok, time.Until(due))
				}
			}
			time.AfterFunc(5*ms, cancel)
			if w.Until(time.Now().Add(time.Hour)) {
				t.Errorf("%s: the hour is said to be over", w.Name())
			}
			if w.Until(time.Now().Add(-time.Hour)) {
				t.Errorf("%s: a wait goes on after its context", w.Name())
			}
		})
	}
}
