package load

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// crowd is a recorder that also hears of dropped calls, and when calls were sent.
type crowd struct {
	recorder
	dropped []Call
}

func (c *crowd) Drop(call Call) { c.dropped = append(c.dropped, call) }

func dues(calls []Call) (at []time.Duration) {
	for _, c := range calls {
		at = append(at, c.Due)
	}
	slices.Sort(at)
	return at
}

// The clock is that of the bubble: moments are exact, and the timers are those of the runtime.
func TestAnOpenLoadSendsAtItsMoments(t *testing.T) {
	for _, row := range []struct {
		name    string
		load    Open
		takes   time.Duration
		want    Issue
		due     []time.Duration
		dropped []time.Duration
		ends    time.Duration
	}{
		{"one user is enough for short calls", Open{Schedule: NewArrivals(Steady(10, 300*ms), Constant, 1), MaxInFlight: 9}, 50 * ms,
			Issue{3, 0, 1, "sleep"}, []time.Duration{0, 100 * ms, 200 * ms}, nil, 250 * ms},
		{"no slow call delays the next", Open{Schedule: NewArrivals(Steady(10, 300*ms), Constant, 1), MaxInFlight: 9}, 10 * time.Second,
			Issue{3, 0, 3, "sleep"}, []time.Duration{0, 100 * ms, 200 * ms}, nil, 10200 * ms},
		{"a full house drops what is due", Open{Schedule: NewArrivals(Steady(10, 500*ms), Constant, 1), MaxInFlight: 2}, 250 * ms,
			Issue{4, 1, 2, "sleep"}, []time.Duration{0, 100 * ms, 300 * ms, 400 * ms}, []time.Duration{200 * ms}, 650 * ms},
		{"a burst beyond the house", Open{Schedule: NewBursts(3, 100*ms, 200*ms), MaxInFlight: 2, Spare: 2}, 50 * ms,
			Issue{4, 2, 2, "sleep"}, []time.Duration{0, 0, 100 * ms, 100 * ms}, []time.Duration{0, 100 * ms}, 150 * ms},
		{"a warm-up goes ahead", Open{Schedule: NewArrivals(Steady(10, 100*ms), Constant, 1), MaxInFlight: 2, WarmupIterations: 2}, 50 * ms,
			Issue{3, 0, 1, "sleep"}, []time.Duration{0, 50 * ms, 100 * ms}, nil, 150 * ms},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, anchor, lag := &crowd{recorder: recorder{takes: everyCall(row.takes)}}, time.Now(), &Lag{}
				row.load.Timing = Sleep
				got, err := row.load.Run(t.Context(), anchor, time.Minute, lag, c)
				if err != nil || got != row.want {
					t.Errorf("got %+v, %v; want %+v", got, err, row.want)
				}
				if at := dues(c.calls); !slices.Equal(at, row.due) {
					t.Errorf("due at %v, want %v", at, row.due)
				}
				if at := dues(c.dropped); !slices.Equal(at, row.dropped) {
					t.Errorf("dropped what was due at %v, want %v", at, row.dropped)
				}
				if took := time.Since(anchor); took != row.ends || lag.Max() != 0 {
					t.Errorf("took %s with a lag of %s, want %s and none", took, lag.Max(), row.ends)
				}
			})
		})
	}
}

func TestOrdinalsAndStepsOfAnOpenLoadCountDroppedCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &crowd{recorder: recorder{takes: everyCall(250 * ms)}}
		load := Open{Schedule: NewArrivals(Steps([]Rate{10, 20}, 200*ms), Constant, 1), MaxInFlight: 1, Timing: Sleep}
		if _, err := load.Run(t.Context(), time.Now(), time.Minute, &Lag{}, c); err != nil {
			t.Fatal(err)
		}
		calls := append(slices.Clone(c.calls), c.dropped...)
		slices.SortFunc(calls, func(a, b Call) int { return a.Seq - b.Seq })
		for i, step := range []int{0, 0, 1, 1, 1, 1} {
			if i >= len(calls) || calls[i].Seq != i || calls[i].Step != step {
				t.Fatalf("calls %+v, want call %d in step %d", calls, i, step)
			}
		}
	})
}

// A preparation belongs between two calls: when it takes longer than that, a call is late, and is said to be.
func TestALateCallStaysDueWhenItWas(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &crowd{recorder: recorder{takes: everyCall(10 * ms), prepare: func(user int) error {
			if user > 0 {
				time.Sleep(30 * ms)
			}
			return nil
		}}}
		lag := &Lag{}
		if _, err := (Open{Schedule: NewBursts(2, 100*ms, 100*ms), MaxInFlight: 2, Timing: Sleep}).Run(t.Context(), time.Now(), 0, lag, c); err != nil {
			t.Fatal(err)
		}
		if at := dues(c.calls); !slices.Equal(at, []time.Duration{0, 0}) || lag.Max() != 30*ms || lag.Count() != 2 {
			t.Errorf("due at %v, %d lags up to %s; want two of 0s, the second 30ms late", at, lag.Count(), lag.Max())
		}
	})
}

func TestAnInterruptEndsAnOpenLoadAndLetsItsCallsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 150*ms)
		defer cancel()
		c, anchor := &crowd{recorder: recorder{takes: everyCall(time.Second)}}, time.Now()
		got, err := Open{Schedule: NewArrivals(Steady(10, time.Hour), Poisson, 1), MaxInFlight: 99, Spare: 50, Timing: Sleep}.Run(ctx, anchor, time.Minute, &Lag{}, c)
		if err != nil || got.Issued != len(c.calls) || got.Issued == 0 || c.cut != 0 || time.Since(anchor) > 1150*ms {
			t.Errorf("%+v, %v; %d ended, %d cut off, after %s", got, err, len(c.calls), c.cut, time.Since(anchor))
		}
	})
}

func TestAFailedPreparationEndsAnOpenLoad(t *testing.T) {
	for _, row := range []struct {
		name   string
		user   int
		issued int
	}{{"of the first user", 0, 0}, {"of one that is made for a call", 1, 1}} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				broken := errors.New("no such action")
				c := &crowd{recorder: recorder{takes: everyCall(time.Second), prepare: func(user int) error {
					if user == row.user {
						return broken
					}
					return nil
				}}}
				got, err := Open{Schedule: NewArrivals(Steady(2, time.Hour), Constant, 1), MaxInFlight: 9, Timing: Sleep}.Run(t.Context(), time.Now(), time.Minute, &Lag{}, c)
				if !errors.Is(err, broken) || got.Issued != row.issued || len(c.calls) != row.issued {
					t.Errorf("%+v, %d made, error %v; want %d and the error", got, len(c.calls), err, row.issued)
				}
			})
		})
	}
}
