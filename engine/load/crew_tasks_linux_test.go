package load

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"wsk-scenario/engine/loop"
)

// looped is a shooter whose calls are tasks that wait for something outside of the loop. All of it runs in one goroutine.
type looped struct {
	loop     *loop.Loop
	takes    time.Duration
	prepare  func(user int) error
	calls    []Call
	dropped  []Call
	now, max int // under way
	cut      int // ended with their context
}

func (s *looped) Prepare(_ context.Context, user int) error {
	if s.prepare == nil {
		return nil
	}
	return s.prepare(user)
}

func (s *looped) Shoot(ctx context.Context, call Call) {
	s.now++
	s.max = max(s.max, s.now)
	s.loop.Await(func() {
		select {
		case <-time.After(s.takes):
		case <-ctx.Done():
		}
	})
	if ctx.Err() != nil {
		s.cut++
	}
	s.now--
	s.calls = append(s.calls, call)
}

func (s *looped) Drop(call Call) { s.dropped = append(s.dropped, call) }

// drive runs a load on a loop of its own.
func (s *looped) drive(t *testing.T, ctx context.Context, grace time.Duration, o Open, lag *Lag) (Issue, error) {
	t.Helper()
	l, err := loop.New(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	s.loop, o.Loop = l, l
	return o.Run(ctx, time.Now(), grace, lag, s)
}

// The clock is the real one: how much is dropped depends on the machine, that nothing is lost does not.
func TestALoopMakesOrDropsEveryCallOfTheSchedule(t *testing.T) {
	for _, row := range []struct {
		name  string
		load  Open
		takes time.Duration
		due   int
		drops bool
	}{
		{"short calls", Open{Schedule: NewArrivals(Steady(2000, 100*ms), Constant, 1), MaxInFlight: 1000}, 0, 200, false},
		{"many at a time", Open{Schedule: NewArrivals(Steady(2000, 100*ms), Poisson, 1), MaxInFlight: 1000, Spare: 20}, 20 * ms, len(momentsOf(NewArrivals(Steady(2000, 100*ms), Poisson, 1))), false},
		{"more than there may be", Open{Schedule: NewBursts(50, 20*ms, 100*ms), MaxInFlight: 7, Spare: 50}, 200 * ms, 250, true},
		{"with a warm-up", Open{Schedule: NewArrivals(Steady(1000, 50*ms), Constant, 1), MaxInFlight: 100, WarmupIterations: 3}, ms, 50, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			s, lag := &looped{takes: row.takes}, &Lag{}
			issue, err := s.drive(t, t.Context(), time.Minute, row.load, lag)
			warm := row.load.WarmupIterations
			if err != nil || issue.Issued+issue.Dropped != row.due+warm || len(s.calls) != issue.Issued || len(s.dropped) != issue.Dropped {
				t.Errorf("%+v, %v; %d made, %d dropped, want %d in all", issue, err, len(s.calls), len(s.dropped), row.due+warm)
			}
			if (issue.Dropped > 0) != row.drops || s.max > row.load.MaxInFlight || lag.Count() != issue.Issued-warm || issue.Users > row.load.MaxInFlight {
				t.Errorf("%+v; %d under way at most, %d lags", issue, s.max, lag.Count())
			}
			var seqs []int
			for _, c := range append(slices.Clone(s.calls), s.dropped...) {
				if seqs = append(seqs, c.Seq); c.Warmup != (c.Seq < warm) {
					t.Errorf("call %d: warm-up %t", c.Seq, c.Warmup)
				}
			}
			slices.Sort(seqs)
			for i, seq := range seqs {
				if i != seq {
					t.Fatalf("ordinal %d stands where %d should", seq, i)
				}
			}
		})
	}
}

func momentsOf(s Schedule) (all []Due) {
	for due, ok := s.Next(); ok; due, ok = s.Next() {
		all = append(all, due)
	}
	return all
}

func TestAnInterruptEndsALoopAndLetsItsCallsEnd(t *testing.T) {
	for _, row := range []struct {
		name         string
		takes, grace time.Duration
		cut          bool
	}{{"within their grace", 50 * ms, time.Hour, false}, {"or cuts them off after it", time.Hour, ms, true}} {
		t.Run(row.name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			s := &looped{takes: row.takes, prepare: func(user int) error {
				if user == 3 {
					cancel()
				}
				return nil
			}}
			issue, err := s.drive(t, ctx, row.grace, Open{Schedule: NewArrivals(Steady(200, time.Hour), Constant, 1), MaxInFlight: 99}, &Lag{})
			if err != nil || issue.Issued == 0 || issue.Issued != len(s.calls) || (s.cut == issue.Issued) != row.cut {
				t.Errorf("%+v, %v; %d made, %d cut off", issue, err, len(s.calls), s.cut)
			}
		})
	}
}

func TestAFailedPreparationEndsALoop(t *testing.T) {
	for _, row := range []struct {
		name   string
		user   int
		warm   int
		issued int
	}{{"of the first user", 0, 0, 0}, {"of the warm-up", 0, 2, 0}, {"of one that is made for a call", 1, 0, 1}} {
		t.Run(row.name, func(t *testing.T) {
			broken := errors.New("no such action")
			s := &looped{takes: 20 * ms, prepare: func(user int) error {
				if user == row.user {
					return broken
				}
				return nil
			}}
			load := Open{Schedule: NewArrivals(Steady(1000, time.Hour), Constant, 1), MaxInFlight: 9, WarmupIterations: row.warm}
			issue, err := s.drive(t, t.Context(), time.Minute, load, &Lag{})
			if !errors.Is(err, broken) || issue.Issued != row.issued || len(s.calls) != row.issued {
				t.Errorf("%+v, %d made, error %v; want %d and the error", issue, len(s.calls), err, row.issued)
			}
		})
	}
}
