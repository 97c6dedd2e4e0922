package run

import (
	"context"
	"errors"
	"slices"
	"time"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/slo"
)

// guardEvery is how often the assertions that abort a phase are judged.
const guardEvery = 250 * time.Millisecond

var errAborted = errors.New("an assertion stopped the phase")

// guarded returns a context for the calls of a phase that ends when an assertion says so, and what ends the watch and
// returns that assertion; empty when none did.
func (r *runner) guarded(ctx context.Context, ph *plan.Phase, s *shooter, want measure.Wanted) (context.Context, func() string) {
	guard := slo.NewGuard(r.plan, s.cell, ph.Name)
	if guard == nil {
		return ctx, func() string { return "" }
	}
	ctx, cancel := context.WithCancelCause(ctx)
	before, began := slices.Clone(r.result.Summaries), time.Now()
	failing, ended := "", make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(guardEvery)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			samples, stretch, err := s.sofar()
			if err != nil {
				continue // a fault of the disk is told by the next call
			}
			judging := time.Now()
			now := measure.Summarize(s.cell, s.phase, ph.Name, want, nil, samples, r.asked)
			if stretch.Err() != nil {
				continue
			}
			tick.Reset(max(guardEvery, 20*time.Since(judging))) // a long phase is not slowed down by its watch
			if failing = guard.Failing(append(before, now), r.result.Known(), time.Since(began).Seconds()); failing != "" {
				cancel(errAborted)
				return
			}
		}
	}()
	return ctx, func() string {
		cancel(nil)
		<-ended
		return failing
	}
}
