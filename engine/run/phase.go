package run

import (
	"context"
	"errors"
	"iter"
	"time"

	"wsk-scenario/engine/load"
	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/result"
)

// underway is a phase that is being run.
type underway struct {
	*shooter
	ph      *plan.Phase
	index   int
	made    *entities
	total   int // planned calls; 0 where nobody knows
	want    measure.Wanted
	issue   load.Issue
	err     error
	aborted string // the assertion that stopped it
	early   bool   // the wait for its records was interrupted: what is missing might have come
}

// phase runs one phase: its load, then the drain of its records, then its books and summary. What was measured is kept
// also when the load broke off.
func (r *runner) phase(ctx context.Context, cell, index int, made *entities) error {
	ph := &r.plan.Cells[cell].Phases[index]
	if ph.Wait > 0 {
		r.wait(ctx, cell, ph)
		return nil
	}
	u, err := r.begin(ctx, cell, index, made)
	if err != nil {
		return err
	}
	r.watch.emit(PhaseStarted{cell, ph.Name, u.total, ph.Load.For})
	began := time.Now()
	stop := report(&r.watch, cell, ph.Name, began, u.shooter)
	r.send(ctx, u)
	stop()
	r.watch.emit(PhaseEnded{cell, ph.Name, int(u.done.Load()), int(u.errors.Load()), time.Since(began)})
	return r.settle(ctx, u)
}

// begin makes ready what a phase needs.
func (r *runner) begin(ctx context.Context, cell, index int, made *entities) (*underway, error) {
	ph := &r.plan.Cells[cell].Phases[index]
	s, err := r.shooter(ctx, cell, index, made)
	if err != nil {
		return nil, err
	}
	if ph.Load.Find == nil && ph.Warmup == (plan.Warmup{}) {
		s.schedule = ph.Load.Curve()
	}
	u := &underway{shooter: s, ph: ph, made: made, index: index, want: measure.Wanted(ph.Start)}
	if e := ph.Estimate(); e.Exact {
		u.total = e.Invocations
	}
	return u, nil
}

// send makes the calls of a phase, until its load is done, an assertion stops it, or ctx ends.
func (r *runner) send(ctx context.Context, u *underway) {
	flushed := u.flushing()
	driving, ended := r.guarded(ctx, u.ph, u.shooter, u.want)
	u.issue, u.err = r.drive(driving, u.ph, u.shooter)
	u.aborted = ended()
	flushed()
}

// settle collects the records of a phase and sums it up.
func (r *runner) settle(ctx context.Context, u *underway) error {
	s, ph, issued := u.shooter, u.ph, u.issue.Issued
	waiting := s.finish()
	due, undrained := r.drain(ctx, u, waiting)
	samples, err := s.whole()
	if err = errors.Join(undrained, err); err != nil {
		return err
	}
	books := measure.Balance(s.cell, u.index, issued, u.issue.Dropped, r.timed(samples))
	books.Due, books.LostWorkers = due, s.lost
	if !s.answers { // what answers requests may well keep its answers
		books.Twice = s.kept.ids.twice
	}
	r.result.Books = append(r.result.Books, books)
	summary := measure.Summarize(s.cell, u.index, ph.Name, u.want, s.dropped, samples.Samples(), r.asked)
	if err := r.knee(ph, s.rates, samples.Samples(), &summary); err != nil {
		return err
	}
	if err := samples.Err(); err != nil {
		return err
	}
	if ph.Load.Open != nil {
		summary.LimitGenerator()
	}
	if summary.Limited {
		r.note("generator-limited: in phase %s of cell %s, %d of %d calls were sent more than %v after they were due; nothing that is asserted of it is judged",
			ph.Name, r.plan.Cells[s.cell].ID, summary.Late, issued, measure.LateBy)
	}
	r.cut(ctx, u, &summary)
	r.result.Summaries = append(r.result.Summaries, summary)
	return u.err
}

// cut says when a phase did not come to its end.
func (r *runner) cut(ctx context.Context, u *underway, summary *measure.Summary) {
	issued, id := u.issue.Issued, r.plan.Cells[u.cell].ID
	if summary.Aborted = u.aborted; u.aborted != "" {
		r.note("phase %s of cell %s was stopped after %s: %s does not hold", u.ph.Name, id, counted(issued, "call"), u.aborted)
	}
	summary.Cut = u.aborted != "" || u.lost > 0 || u.err != nil || u.early || (ctx.Err() != nil && issued+u.issue.Dropped != u.total)
	if issued+u.issue.Dropped == 0 && !summary.Cut {
		r.note("phase %s of cell %s made no call: its load was over before one was due", u.ph.Name, id)
	}
	if summary.Cut && u.aborted == "" {
		r.note("phase %s of cell %s was cut off after %s: its figures are of these alone", u.ph.Name, id, counted(issued, "call"))
	}
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
	pause(ctx, ph.Wait)
	r.watch.emit(PhaseEnded{cell, ph.Name, 0, 0, time.Since(began)})
}

// pause lets time go by, or less when ctx ends.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
