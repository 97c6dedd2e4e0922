package run

import (
	"context"
	"fmt"
	"time"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/target"
)

// startWithin is how long after its call one waits for what is told of a container's creation. What comes later is not seen.
const startWithin = 30 * time.Second

// forcedByPods is the first phase of a cell whose cold starts are forced by deleting pods; nil where there is none.
func forcedByPods(cell *plan.Cell) *plan.Phase {
	for p := range cell.Phases {
		if ph := &cell.Phases[p]; ph.Start == plan.ColdStart && ph.ByPods {
			return ph
		}
	}
	return nil
}

// removable refuses a scenario that has pods deleted where there are none, before the target is touched.
func (r *runner) removable() error {
	if _, can := r.opts.Target.(target.Remover); can {
		return nil
	}
	for c := range r.plan.Cells {
		if ph := forcedByPods(&r.plan.Cells[c]); ph != nil {
			return fmt.Errorf("%s: cold starts of phase %s are forced by deleting pods, and %s has no pods of actions; "+
				"write by: update, or run on a cluster profile of OpenWhisk on Kubernetes", ph.StartAt.Range, ph.Name, r.opts.Target.Name())
		}
	}
	return nil
}

// removals refuses it where the target, now that it is up, has no such pods or may not delete them. A cell that changes the
// target is looked at when it has.
func (r *runner) removals(ctx context.Context) error {
	for c := range r.plan.Cells {
		if cell := &r.plan.Cells[c]; !r.changes(cell) && forcedByPods(cell) != nil {
			return r.removal(ctx, cell)
		}
	}
	return nil
}

// removal refuses a cell that has pods deleted of a target that has none, or may not.
func (r *runner) removal(ctx context.Context, cell *plan.Cell) error {
	ph := forcedByPods(cell)
	if ph == nil {
		return nil
	}
	remover, _ := r.opts.Target.(target.Remover) // or it was refused before
	if err := remover.CanRemoveContainers(ctx); err != nil {
		return fmt.Errorf("%s: cold starts of phase %s cannot be forced by deleting pods; write by: update, or change this: %w",
			ph.StartAt.Range, ph.Name, err)
	}
	return nil
}

// steps notes what makes the waits of cold starts come out in steps.
func (r *runner) steps() {
	watcher, tells := r.opts.Target.(target.Watcher)
	if !tells || watcher.Steps() == "" {
		return
	}
	for _, cell := range r.plan.Cells {
		for i := range cell.Phases {
			if cell.Phases[i].Start != plan.WarmStart {
				r.note("%s", watcher.Steps())
				return
			}
		}
	}
}

// chill forces a cold start of an action of one user: an update makes a new version, which no warm container serves; or its pods
// are deleted.
func (s *shooter) chill(ctx context.Context, action string) (err error) {
	if s.remover != nil {
		err = s.remover.RemoveContainers(ctx, action)
	} else {
		update := s.update
		update.Name = action
		_, err = s.client.PutAction(ctx, update)
	}
	if err != nil && ctx.Err() == nil {
		return fmt.Errorf("force a cold start: %w", err)
	}
	return ctx.Err()
}

// await marks the sample of a call that initialised a container whose creation the target may have seen: what is told of it comes
// beside the answer, and is asked for with the records.
func (w *witness) await(s *measure.Sample) {
	if w.watcher != nil && s.Level == 0 && s.Stages == nil && s.Record != nil && s.Record.Init != nil {
		s.Stages = &measure.Stages{Awaited: true}
	}
}

// start asks how the container of a sample came to be, which proves its temperature where the record does not. As long as more
// may be told the sample waits, for a while.
func (d *drain) start(ctx context.Context, s *measure.Sample, last bool) {
	if s.Stages == nil || !s.Stages.Awaited {
		return
	}
	sent, done := d.anchor.Add(s.Sent), d.anchor.Add(max(s.Done, s.Completed))
	last = last || time.Since(done) > startWithin
	var start target.Start
	more := true
	if record := d.read(ctx, s.Activation); record != nil {
		start, more = d.witness.watcher.StartOf(record, sent, done)
	}
	if more && !last {
		return
	}
	if s.Stages = d.stages(start); s.Container == "" {
		s.Container = start.Container
	}
	if s.Temperature == measure.Initialised {
		s.Temperature, s.Proof = measure.Classify(measure.Evidence{Record: true, Initialised: true, Pod: start.Temperature})
	}
}

// stages are the moments of a start since the run began; nil where nothing was told of any.
func (d *drain) stages(start target.Start) *measure.Stages {
	if start.Requested.IsZero() {
		return nil
	}
	since := func(moment time.Time) time.Duration {
		if moment.IsZero() {
			return 0
		}
		return moment.Sub(d.anchor)
	}
	return &measure.Stages{
		Requested: since(start.Requested), Scheduled: since(start.Scheduled), Pulling: since(start.Pulling), Pulled: since(start.Pulled),
		Created: since(start.Created), Started: since(start.Started), Ready: since(start.Ready),
	}
}
