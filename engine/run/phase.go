package run

import (
	"context"
	"iter"
	"time"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/result"
)

// phase runs one phase: its load, then the drain of its records, then its books and summary. What was measured is kept
// also when the load broke off.
func (r *runner) phase(ctx context.Context, cell, index int, made *entities) error {
	ph := &r.plan.Cells[cell].Phases[index]
	if ph.Wait > 0 {
		r.wait(ctx, cell, ph)
		return nil
	}
	s, err := r.shooter(ctx, cell, index, made)
	if err != nil {
		return err
	}
	total := 0
	if e := ph.Estimate(); e.Exact {
		total = e.Invocations
	}
	r.watch.emit(PhaseStarted{cell, ph.Name, total, ph.Load.For})
	began := time.Now()
	stop, flushed := s.report(&r.watch, ph.Name, began), s.flushing()
	want := measure.Wanted(ph.Start)
	driving, ended := r.guarded(ctx, ph, s, want)
	issue, loadErr := r.drive(driving, ph, s)
	aborted := ended()
	issued := issue.Issued
	stop()
	flushed()
	waiting := s.finish()
	r.drain(ctx, ph, waiting)
	r.watch.emit(PhaseEnded{cell, ph.Name, int(s.done.Load()), int(s.errors.Load()), time.Since(began)})
	r.calls += issued + issue.Dropped
	samples, err := s.whole(waiting)
	if err != nil {
		return err
	}
	r.result.Books = append(r.result.Books, measure.Balance(cell, index, issued, issue.Dropped, r.timed(samples)))
	summary := measure.Summarize(cell, index, ph.Name, want, s.dropped, samples.Samples())
	if err := samples.Err(); err != nil {
		return err
	}
	if ph.Load.Open != nil {
		summary.LimitGenerator()
	}
	if summary.Limited {
		r.note("generator-limited: in phase %s of cell %s, %d of %d calls were sent more than %v after they were due; nothing that is asserted of it is judged",
			ph.Name, r.plan.Cells[cell].ID, summary.Late, issued, measure.LateBy)
	}
	if err := r.knee(ph, s.rates, &summary); err != nil {
		return err
	}
	if summary.Aborted = aborted; aborted != "" {
		r.note("phase %s of cell %s was stopped after %d calls: %s does not hold", ph.Name, r.plan.Cells[cell].ID, issued, aborted)
	}
	summary.Cut = aborted != "" || loadErr != nil || (ctx.Err() != nil && issued+issue.Dropped != total)
	if summary.Cut && aborted == "" {
		r.note("phase %s of cell %s was cut off after %d calls: its figures are of these alone", ph.Name, r.plan.Cells[cell].ID, issued)
	}
	r.result.Summaries = append(r.result.Summaries, summary)
	return loadErr
}

// timed are the samples, each of which tells of the clocks in passing.
func (r *runner) timed(samples *result.Stretch) iter.Seq[*measure.Sample] {
	return func(yield func(*measure.Sample) bool) {
		for s := range samples.Samples() {
			if r.clocks.Add(s); !yield(s) {
				return
			}
		}
	}
}

// wait lets time go by. An interrupt ends it: the cell sees that by itself.
func (r *runner) wait(ctx context.Context, cell int, ph *plan.Phase) {
	r.watch.emit(PhaseStarted{cell, ph.Name, 0, ph.Wait})
	began := time.Now()
	timer := time.NewTimer(ph.Wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
	r.watch.emit(PhaseEnded{cell, ph.Name, 0, 0, time.Since(began)})
}
