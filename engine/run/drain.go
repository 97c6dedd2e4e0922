package run

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"
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
	last := context.WithoutCancel(ctx)
	ctx, cancel := r.drainContext(ctx, u.ph)
	defer cancel()
	d := &drain{runner: r, of: u, ph: u.ph, witness: &u.shooter.witness}
	for wait := drainFirstWait; ; wait = min(2*wait, drainLongWait) {
		next := &backlog{bundle: r.bundle}
		err := waiting.each(func(samples []measure.Sample) error { return d.round(ctx, samples, next) })
		err = errors.Join(err, waiting.close())
		*waiting = *next
		if err != nil || waiting.len() == 0 {
			d.tell(total)
			return d.due, err
		}
		select {
		case <-ctx.Done():
			last, cancel := context.WithTimeout(last, lastLook)
			defer cancel()
			err := waiting.each(func(samples []measure.Sample) error { return d.lose(last, samples) })
			d.tell(total)
			return d.due, errors.Join(err, waiting.close())
		case <-time.After(wait):
		}
	}
}

// drain is that of one phase.
type drain struct {
	*runner
	of      *underway
	ph      *plan.Phase
	witness *witness

	mu           sync.Mutex
	reason       string // why a record could not be read the last time, other than that it is not there
	absent, torn int    // samples without a record, and sequences with a component that has none
	due          int    // activations that rules had to start
}

// round reads the records of some samples, those of components too. What is complete then goes to the bundle, the rest to next.
func (d *drain) round(ctx context.Context, samples []measure.Sample, next *backlog) error {
	var readers errgroup.Group
	readers.SetLimit(drainParallel)
	started := make([][]measure.Sample, len(samples))
	for i := range samples {
		s := &samples[i]
		if s.Record == nil && s.Activation == "" {
			lose(s, "it was accepted without an activation id")
			continue
		}
		readers.Go(func() error {
			started[i] = d.look(ctx, s, false)
			return nil
		})
	}
	_ = readers.Wait() // no reader fails: what it cannot read waits
	known := make([]measure.Sample, 0, len(samples))
	for i, s := range samples {
		if d.waits(&s) {
			if err := next.add(s); err != nil {
				return err
			}
			continue
		}
		d.count(&s)
		known = append(append(known, s), started[i]...)
	}
	return d.bundle.Add(known)
}

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
			return started
		}
	}
	if s.Record != nil {
		d.expand(ctx, s)
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

// why says why a record could not be read.
func (d *drain) why() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return cmp.Or(d.reason, "its record was not found before the deadline")
}

// count counts what a fire that was accepted had to start.
func (d *drain) count(s *measure.Sample) {
	if d.ph.Fire != "" && d.ph.Await != "activation" && s.Activation != "" {
		d.due += d.plan.Cells[d.of.shooter.cell].Trigger(d.ph.Fire).RuleCount()
	}
}

// lose gives up the records of some samples.
func (d *drain) lose(ctx context.Context, samples []measure.Sample) error {
	var all []measure.Sample
	for i := range samples {
		s := &samples[i]
		var started []measure.Sample
		if d.ph.Fire != "" || d.of.chain {
			started = d.look(ctx, s, true)
		}
		switch {
		case d.ph.Fire != "" || d.of.chain && s.Record != nil && s.Record.Components == nil:
		case s.Record != nil:
			s.Record.Components = nil
			d.witness.torn(s)
			d.torn++
		default:
			lose(s, d.why())
			d.absent++
		}
		d.count(s)
		all = append(append(all, *s), started...)
	}
	return d.bundle.Add(all)
}

// tell says what is missing of so many.
func (d *drain) tell(total int) {
	if d.torn > 0 {
		d.note("phase %s: of %d sequences a component's record was not found; their hops are missing from its figures", d.ph.Name, d.torn)
	}
	if d.absent > 0 {
		d.note("phase %s: %d of %d activation records were not found; what they would tell is missing from its figures", d.ph.Name, d.absent, total)
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

// collect reads the record of a sample, if it is there, and returns the result in it.
func (d *drain) collect(ctx context.Context, s *measure.Sample) json.RawMessage {
	record := d.read(ctx, s.Activation)
	if record == nil {
		return nil
	}
	early := s.Outcome == measure.Accepted
	d.complete(d.ph, s, record)
	d.witness.see(s, record)
	if early {
		d.of.judge(s, record.Result)
	}
	return record.Result
}

// read reads the record of an activation; nil when it is not there.
func (d *drain) read(ctx context.Context, id string) *whisk.Record {
	record, err := d.client.Activation(ctx, id)
	if err == nil {
		return record
	}
	if ctx.Err() == nil && !errors.Is(err, whisk.ErrNotFound) {
		d.mu.Lock()
		d.reason = "its record could not be read: " + short(d.opts.Secrets.String(err.Error()))
		d.mu.Unlock()
	}
	return nil
}

// expand reads the records of a sequence's components, those of nested sequences too, sees where they ran, and notes the time
// between them when all are there.
func (d *drain) expand(ctx context.Context, s *measure.Sample) {
	of := s.Record
	ids := of.Components
	var before *whisk.Record // the component that ran last
	var hops []int64
	var parts []measure.Part
	for len(ids) > 0 {
		record := d.read(ctx, ids[0])
		if record == nil {
			return
		}
		if ids = ids[1:]; record.Sequence() {
			ids = append(slices.Clone(record.Components), ids...)
			continue
		}
		d.witness.part(s, record)
		parts = append(parts, measure.Part{Action: scenarioName(record.Name), Duration: record.Duration})
		if before != nil {
			hops = append(hops, record.Start-before.End)
		}
		before = record
	}
	of.Hops, of.Parts, of.Components = hops, parts, nil
}

// complete adds a record that was read later to its sample. It decides the outcome wherever the answer could not: a call
// that was still running after the wait stays accepted only when it ended well.
func (r *runner) complete(ph *plan.Phase, s *measure.Sample, record *whisk.Record) {
	attach(s, record, nil)
	ended := measure.Outcome(record.Class())
	switch {
	case s.Outcome == measure.Accepted:
		s.Completed = time.UnixMilli(record.End).Sub(r.anchor.Round(0))
		if ph.Blocking == plan.ForNothing || ended != measure.OK {
			s.Outcome = ended
		}
	case ph.Blocking == plan.ForResult && s.Outcome != measure.OK:
		s.Outcome = ended
	}
	if s.Outcome.IsError() && s.Error == "" {
		s.Error = short(r.opts.Secrets.String(record.ErrorText()))
	}
}

// lose ends a call whose record was not found: without it nobody knows how it ended. An answer with the result is an end.
func lose(s *measure.Sample, reason string) {
	if s.Outcome == measure.Accepted {
		s.Outcome, s.Error = measure.Lost, reason
	}
}

// attach takes from a record what a sample keeps, and tells the temperature. A nil record proves nothing.
func attach(s *measure.Sample, record *whisk.Record, kept *records) {
	if record == nil {
		s.Temperature, s.Proof = measure.Classify(measure.Evidence{})
		return
	}
	s.Record = kept.of(record)
	host, _ := record.Host()
	s.Node, s.Container = host.Node, host.Container
	if record.Sequence() {
		s.Temperature, s.Proof = measure.Unknown, "a sequence has no container of its own"
		return
	}
	s.Temperature, s.Proof = measure.Classify(measure.Evidence{Record: true, Initialised: s.Record.Init != nil, Start: host.Start})
}
