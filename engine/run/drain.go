package run

import (
	"cmp"
	"context"
	"errors"
	"slices"
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
	drainExtra     = 30 * time.Second // beyond the time that the last activation may run
)

// defaultActionTimeout is OpenWhisk's own, for actions that say none.
const defaultActionTimeout = 60 * time.Second

// drain reads, by id, the records that the answers did not hold, until a deadline. What is missing after it is lost, and
// counted as that.
func (r *runner) drain(ctx context.Context, ph *plan.Phase, w *witness, samples []measure.Sample) {
	var missing []*measure.Sample
	for i := range samples {
		switch s := &samples[i]; {
		case s.Record == nil && s.Activation != "", s.Record != nil && s.Record.Components != nil:
			missing = append(missing, s)
		case s.Outcome == measure.Accepted && s.Activation == "":
			lose(s, "it was accepted without an activation id")
		}
	}
	if len(missing) == 0 {
		return
	}
	r.watch.emit(Draining{len(missing)})
	ctx, cancel := r.drainContext(ctx)
	defer cancel()
	var readers errgroup.Group
	var torn atomic.Int64 // sequences with a component whose record is not known
	readers.SetLimit(drainParallel)
	for _, s := range missing {
		readers.Go(func() error {
			if s.Record == nil {
				r.collect(ctx, ph, w, s)
			}
			if s.Record != nil && !r.expand(ctx, w, s) {
				w.torn(s)
				torn.Add(1)
			}
			return nil
		})
	}
	_ = readers.Wait() // no reader fails: what it cannot read is counted below
	if n := torn.Load(); n > 0 {
		r.note("phase %s: of %d sequences a component's record was not found; their hops are missing from its figures", ph.Name, n)
	}
	if absent := withoutRecord(missing); absent > 0 {
		r.note("phase %s: %d of %d activation records were not found; what they would tell is missing from its figures", ph.Name, absent, len(missing))
	}
}

func withoutRecord(samples []*measure.Sample) (n int) {
	for _, s := range samples {
		if s.Record == nil {
			n++
		}
	}
	return n
}

// drainContext bounds the drain: by what the slowest action may still take, or shortly when the run is interrupted.
func (r *runner) drainContext(ctx context.Context) (context.Context, context.CancelFunc) {
	longer, release := load.Outlive(ctx, drainGrace)
	limited, cancel := context.WithTimeout(longer, r.drainFor())
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

// collect reads one record, again and again while it is not there or the server fails to give it.
func (r *runner) collect(ctx context.Context, ph *plan.Phase, w *witness, s *measure.Sample) {
	record, reason := r.read(ctx, s.Activation)
	if record == nil {
		lose(s, reason)
		return
	}
	r.complete(ph, s, record)
	w.see(s, record)
}

// read reads the record of an activation; nil, and why, when it is not there in time.
func (r *runner) read(ctx context.Context, id string) (record *whisk.Record, reason string) {
	reason = "its record was not found before the deadline"
	for wait := drainFirstWait; ; wait = min(2*wait, drainLongWait) {
		record, err := r.client.Activation(ctx, id)
		switch {
		case err == nil:
			return record, ""
		case ctx.Err() == nil && !errors.Is(err, whisk.ErrNotFound):
			reason = "its record could not be read: " + short(err.Error())
		}
		select {
		case <-ctx.Done():
			return nil, reason
		case <-time.After(wait):
		}
	}
}

// expand reads the records of a sequence's components, those of nested sequences too, notes the time between them and sees
// where they ran. It reports whether all are known; without one of them nothing is noted.
func (r *runner) expand(ctx context.Context, w *witness, s *measure.Sample) bool {
	of := s.Record
	ids := of.Components
	of.Components = nil
	var before *whisk.Record // the component that ran last
	var hops []int64
	for len(ids) > 0 {
		record, _ := r.read(ctx, ids[0])
		if record == nil {
			return false
		}
		if ids = ids[1:]; record.Sequence() {
			ids = append(slices.Clone(record.Components), ids...)
			continue
		}
		w.part(s, record)
		if before != nil {
			hops = append(hops, record.Start-before.End)
		}
		before = record
	}
	of.Hops = hops
	return true
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
