package load

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// stalling is a server that answers at once, but for a time in which it answers nobody.
type stalling struct {
	anchor   time.Time
	from, to time.Duration

	mu        sync.Mutex
	responses []time.Duration
}

func (*stalling) Prepare(context.Context, int) error { return nil }

func (*stalling) Drop(Call) {}

func (s *stalling) Shoot(_ context.Context, call Call) {
	if at := time.Since(s.anchor); at >= s.from && at < s.to {
		time.Sleep(s.to - at)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.responses = append(s.responses, time.Since(s.anchor)-call.Due)
}

// Of calls at an even rate in a time T, of which a server answers nobody for S, those due in it wait for its rest: the share q
// of all takes S − (1 − q) T and more. A generator that waits for its answers would have sent a few calls only in that time.
func TestTheQuantilesOfAStallAreThoseOfItsClosedForm(t *testing.T) {
	const lasts, stall = 60 * time.Second, 5 * time.Second
	for _, q := range []float64{.99, .95, .93} {
		synctest.Test(t, func(t *testing.T) {
			s, lag := &stalling{anchor: time.Now(), from: 20 * time.Second, to: 20*time.Second + stall}, &Lag{}
			o := Open{Schedule: NewArrivals(Steady(100, lasts), Constant, 1), MaxInFlight: 1000, Timing: Sleep}
			issue, err := o.Run(t.Context(), s.anchor, time.Minute, lag, s)
			if err != nil || issue.Issued != 6000 || len(s.responses) != 6000 {
				t.Fatalf("%+v, %v, %d responses", issue, err, len(s.responses))
			}
			slices.Sort(s.responses)
			want := stall - time.Duration((1-q)*float64(lasts))
			got := s.responses[int(q*float64(len(s.responses)))]
			if off := (got - want).Abs(); off > want/20 {
				t.Errorf("quantile %g is %s, want %s", q, got, want)
			}
		})
	}
}
