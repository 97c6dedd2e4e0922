package run

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"wsk-scenario/engine/load"
	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/whisk"
)

// How records are collected. OpenWhisk stores a record after it has answered, so that a first read may find nothing.
const (
	drainParallel  = 16
	drainFirstWait = 10 * time.Millisecond
	drainLongWait  = time.Second
	lastLook       = 5 * time.Second  // for what calls have started, when the time is over: what is missing then is lost
	drainExtra     = 30 * time.Second // beyond the time that the last activation may run
)

// defaultActionTimeout is OpenWhisk's own, for actions that say none.
const defaultActionTimeout = 60 * time.Second

// drain reads the records that the answers did not hold, in rounds: each sample of the backlog once in a round, all again
// after a pause as long as some are missing, until a deadline. What is complete goes to the bundle. What is missing after it
// is lost, and counted as that. The error is one of the disk.
//
// It returns how many activations the rules of triggers had to start: one for each rule of each fire that was accepted.
func (r *runner) drain(ctx context.Context, u *underway, waiting *backlog) (due int, err error) {
	total := waiting.len()
	if total == 0 {
		return 0, nil
	}
	r.watch.emit(Draining{total})
	outer := ctx
	ctx, cancel := r.drainContext(ctx, u.ph)
	defer cancel()
	if err := waiting.spill(); err != nil { // a crash while records are awaited loses no call
		return 0, err
	}
	d := &drain{runner: r, of: u, ph: u.ph, witness: &u.shooter.witness}
	longest := drainLongWait
	for wait := drainFirstWait; ; wait = min(2*wait, longest) {
		err := d.pass(ctx, waiting)
		if err == nil && d.orphans > 0 && d.orphans == waiting.len() {
			longest, err = orphanWait, d.identify(ctx, waiting)
		}
		if err != nil || waiting.len() == 0 {
			d.tell(total)
			return d.due, err
		}
		select {
		case <-ctx.Done():
			u.early = outer.Err() != nil
			return d.due, d.give(context.WithoutCancel(outer), waiting, total)
		case <-time.After(wait):
		}
	}
}

// pass looks for the record of each sample of the backlog once, and leaves there those that still wait.
func (d *drain) pass(ctx context.Context, waiting *backlog) error {
	d.orphans = 0
	next := &backlog{bundle: d.bundle}
	err := waiting.each(func(samples []measure.Sample) error { return d.round(ctx, samples, next) })
	err = errors.Join(err, next.spill(), d.bundle.Flush(), waiting.close()) // in this order: what is closed is gone
	*waiting = *next
	return err
}

// drain is that of one phase.
type drain struct {
	*runner
	of      *underway
	ph      *plan.Phase
	witness *witness
	listed  map[string]*whisk.Record // of this round, what was read of many at a time
	found   map[string]string        // activations of orphans, by their transactions
	orphans int                      // that wait
	adopted int                      // orphans whose activation was found

	mu           sync.Mutex
	reason       string // why a record could not be read the last time, other than that it is not there
	absent, torn int    // samples without a record, and sequences with a component that has none
	due          int    // activations that rules had to start
}

// mostMissing is how many records in a row of a round may be missing. They come about in about the order of the calls, and a
// platform that still works off its queue is not asked for all that it cannot have yet.
const mostMissing = 64

// round reads the records of some samples, those of components too. What is complete then goes to the bundle, the rest to next,
// what was not asked for ahead of what is missing: so nothing that is there waits for ever behind what is not.
func (d *drain) round(ctx context.Context, samples []measure.Sample, next *backlog) error {
	var readers errgroup.Group
	readers.SetLimit(drainParallel)
	started, asked := make([][]measure.Sample, len(samples)), make([]bool, len(samples))
	d.listed = d.list(ctx, samples)
	traced := len(d.called()) > 0
	var missing atomic.Int64 // in a row
	for i := range samples {
		s := &samples[i]
		if d.orphan(s) && !d.adopt(s) {
			if asked[i] = true; !traced {
				lose(s, noID)
			} else {
				d.orphans++
			}
			continue
		}
		if missing.Load() >= mostMissing {
			continue
		}
		asked[i] = true
		readers.Go(func() error {
			if started[i] = d.look(ctx, s, false); d.waits(s) {
				missing.Add(1)
			} else {
				missing.Store(0)
			}
			return nil
		})
	}
	_ = readers.Wait() // no reader fails: what it cannot read waits
	known := make([]measure.Sample, 0, len(samples))
	var late []measure.Sample
	for i, s := range samples {
		switch {
		case !d.waits(&s):
			d.count(&s)
			known = append(append(known, s), started[i]...)
		case asked[i]:
			late = append(late, s)
		default:
			if err := next.add(s); err != nil {
				return err
			}
		}
	}
	return errors.Join(next.add(late...), d.bundle.Add(known))
}

// noID is why a call is lost that nothing leads to the record of.
const noID = "it was accepted without an activation id"

// look reads what there is of a sample: its record, those of components, and those of what it has started, which are returned.
// Where something is missing the sample goes on waiting, or, at last, is what it is without.
func (d *drain) look(ctx context.Context, s *measure.Sample, last bool) []measure.Sample {
	if d.ph.Fire != "" {
		return d.fired(ctx, s, last)
	}
	if s.Record == nil {
		result := d.collect(ctx, s)
		if d.of.chain && s.Record != nil {
			started, whole := d.chained(ctx, s, result, last)
			if !whole {
				s.Record = nil
				return nil
			}
			d.expand(ctx, s)
			d.start(ctx, s, true) // what it has started was read for the last time
			return started
		}
	}
	if s.Record != nil {
		d.expand(ctx, s)
		d.start(ctx, s, last)
	}
	return nil
}

// waits reports whether a sample still has something to be read. A fire, which has no record of its own, waits until it is known
// how it ended.
func (d *drain) waits(s *measure.Sample) bool {
	if d.ph.Fire != "" {
		return s.Outcome == measure.Accepted
	}
	return s.Outcome != measure.Lost && waits(s)
}

// count counts what a fire that was accepted had to start.
func (d *drain) count(s *measure.Sample) {
	if d.ph.Fire != "" && d.ph.Await != "activation" && s.Activation != "" {
		d.due += d.plan.Cells[d.of.shooter.cell].Trigger(d.ph.Fire).RuleCount()
	}
}

// drainContext bounds the drain: by what the slowest action may still take, or shortly when the run is interrupted.
func (r *runner) drainContext(ctx context.Context, ph *plan.Phase) (context.Context, context.CancelFunc) {
	longer, release := load.Outlive(ctx, drainGrace)
	limited, cancel := context.WithTimeout(longer, cmp.Or(ph.Deadline, r.drainFor()))
	return limited, func() {
		cancel()
		release()
	}
}

func (r *runner) drainFor() time.Duration {
	if r.opts.DrainFor > 0 {
		return r.opts.DrainFor
	}
	var most time.Duration
	for _, cell := range r.plan.Cells {
		for _, a := range cell.Actions {
			most = max(most, cmp.Or(a.Timeout, defaultActionTimeout))
		}
	}
	return most + drainExtra
}
