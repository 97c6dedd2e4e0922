package load

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// recorder is a Shooter whose calls take a fixed time each.
type recorder struct {
	takes   func(Call) time.Duration
	prepare func(user int) error

	mu    sync.Mutex
	calls []Call
	cut   int // calls whose context ended before they did
}

func (r *recorder) Prepare(_ context.Context, user int) error {
	if r.prepare == nil {
		return nil
	}
	return r.prepare(user)
}

func (r *recorder) Shoot(ctx context.Context, call Call) {
	cut := 0
	select {
	case <-time.After(r.takes(call)):
	case <-ctx.Done():
		cut = 1
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls = append(r.calls, call)
	r.cut += cut
}

func (r *recorder) count(warmup bool) (n int) {
	for _, c := range r.calls {
		if c.Warmup == warmup {
			n++
		}
	}
	return n
}

func everyCall(d time.Duration) func(Call) time.Duration {
	return func(Call) time.Duration { return d }
}

func TestClosedIssuesWhatThePlanSays(t *testing.T) {
	for _, row := range []struct {
		name    string
		load    Closed
		warmups int
		calls   int
		elapsed time.Duration
	}{
		{"one user calls back to back", Closed{Users: 1, Iterations: 5}, 0, 5, 500 * time.Millisecond},
		{"users share the iterations", Closed{Users: 4, Iterations: 10}, 0, 10, 300 * time.Millisecond},
		{"more users than iterations leave some idle", Closed{Users: 8, Iterations: 3}, 0, 3, 100 * time.Millisecond},
		{"each user has its own iterations", Closed{Users: 3, PerUser: 4}, 0, 12, 400 * time.Millisecond},
		{"a load by time ends with the calls under way", Closed{Users: 2, For: 250 * time.Millisecond}, 0, 6, 300 * time.Millisecond},
		{"warm-up calls come on top, for each user", Closed{Users: 2, Iterations: 4, WarmupIterations: 3}, 6, 4, 500 * time.Millisecond},
		{"a warm-up by time", Closed{Users: 2, PerUser: 1, WarmupFor: 150 * time.Millisecond}, 4, 2, 300 * time.Millisecond},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := &recorder{takes: everyCall(100 * time.Millisecond)}
				anchor := time.Now()
				issued, err := row.load.Run(t.Context(), anchor, time.Second, r)
				if err != nil {
					t.Fatal(err)
				}
				if issued != row.warmups+row.calls || r.count(true) != row.warmups || r.count(false) != row.calls {
					t.Errorf("issued %d, %d warm-ups and %d calls; want %d and %d", issued, r.count(true), r.count(false), row.warmups, row.calls)
				}
				if got := time.Since(anchor); got != row.elapsed {
					t.Errorf("took %s, want %s", got, row.elapsed)
				}
			})
		})
	}
}

func TestNobodyBeginsTheLoadBeforeAllAreWarm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &recorder{takes: func(c Call) time.Duration { return time.Duration(1+c.User) * time.Second }}
		anchor := time.Now()
		if _, err := (Closed{Users: 3, PerUser: 1, WarmupIterations: 1}).Run(t.Context(), anchor, 0, r); err != nil {
			t.Fatal(err)
		}
		for _, c := range r.calls {
			if !c.Warmup && c.Due != 3*time.Second {
				t.Errorf("user %d was due at %s, want 3s, when the slowest warm-up was over", c.User, c.Due)
			}
		}
	})
}

func TestAnEndedContextLetsCallsUnderWayEnd(t *testing.T) {
	for _, row := range []struct {
		name    string
		grace   time.Duration
		cut     int
		elapsed time.Duration
	}{
		{"a call shorter than the grace ends by itself", 10 * time.Second, 0, 4 * time.Second},
		{"a call longer than the grace is cut off", time.Second, 2, 2 * time.Second},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				r := &recorder{takes: everyCall(4 * time.Second)}
				anchor := time.Now()
				issued, err := Closed{Users: 2, Iterations: 100}.Run(ctx, anchor, row.grace, r)
				if issued != 2 || len(r.calls) != 2 || err != nil {
					t.Errorf("issued %d, ended %d, error %v; want 2, 2, none", issued, len(r.calls), err)
				}
				if got := time.Since(anchor); got != row.elapsed || r.cut != row.cut {
					t.Errorf("took %s with %d cut off, want %s and %d", got, r.cut, row.elapsed, row.cut)
				}
			})
		})
	}
}

func TestAFailedPreparationEndsThePhaseWithoutACall(t *testing.T) {
	for _, warmups := range []int{0, 2} {
		synctest.Test(t, func(t *testing.T) {
			broken := errors.New("no such action")
			prepared := 0
			r := &recorder{takes: everyCall(time.Second), prepare: func(user int) error {
				prepared++
				if user == 0 && prepared > 2 {
					return broken
				}
				return nil
			}}
			issued, err := Closed{Users: 1, Iterations: 100, WarmupIterations: warmups}.Run(t.Context(), time.Now(), time.Second, r)
			if !errors.Is(err, broken) || issued != 2 || len(r.calls) != 2 {
				t.Errorf("issued %d, ended %d, error %v; want 2, 2 and the error", issued, len(r.calls), err)
			}
		})
	}
}
