package run

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"

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
func (r *runner) drain(ctx context.Context, ph *plan.Phase, samples []measure.Sample) {
	var missing []*measure.Sample
	for i := range samples {
		if s := &samples[i]; s.Record == nil && s.Activation != "" {
			missing = append(missing, s)
		}
	}
	if len(missing) == 0 {
		return
	}
	r.watch.emit(Draining{len(missing)})
	ctx, cancel := r.drainContext(ctx)
	defer cancel()
	var readers errgroup.Group
	readers.SetLimit(drainParallel)
	for _, s := range missing {
		readers.Go(func() error { return r.collect(ctx, ph, s) })
	}
	if err := readers.Wait(); err != nil {
		r.note("phase %s: not every activation record could be read: %s", ph.Name, err)
	}
}

// drainContext bounds the drain: by what the slowest action may still take, or shortly when the run is interrupted.
func (r *runner) drainContext(ctx context.Context) (context.Context, context.CancelFunc) {
	longer, cancel := context.WithTimeout(context.WithoutCancel(ctx), r.drainFor())
	stop := context.AfterFunc(ctx, func() {
		select {
		case <-time.After(drainGrace):
			cancel()
		case <-longer.Done():
		}
	})
	return longer, func() {
		stop()
		cancel()
	}
}

func (r *runner) drainFor() time.Duration {
	if r.opts.DrainFor > 0 {
		return r.opts.DrainFor
	}
	most := defaultActionTimeout
	for _, cell := range r.plan.Cells {
		for _, a := range cell.Actions {
			most = max(most, a.Timeout)
		}
	}
	return most + drainExtra
}

// collect reads one record, again and again while it is not there.
func (r *runner) collect(ctx context.Context, ph *plan.Phase, s *measure.Sample) error {
	for wait := drainFirstWait; ; wait = min(2*wait, drainLongWait) {
		record, err := r.client.Activation(ctx, s.Activation)
		if err == nil {
			r.complete(ph, s, record)
			return nil
		}
		if !errors.Is(err, whisk.ErrNotFound) && ctx.Err() == nil {
			lose(s)
			return err
		}
		select {
		case <-ctx.Done():
			lose(s)
			return nil
		case <-time.After(wait):
		}
	}
}

// complete adds a record that was read later to its sample. It decides the outcome wherever the answer could not.
func (r *runner) complete(ph *plan.Phase, s *measure.Sample, record *whisk.Record) {
	attach(s, record)
	if s.Outcome == measure.Accepted {
		s.Completed = time.UnixMilli(record.End).Sub(r.anchor.Round(0))
		if ph.Blocking == plan.ForNothing {
			s.Outcome = measure.Outcome(record.Class())
		}
	}
	if ph.Blocking == plan.ForResult && s.Outcome != measure.OK {
		s.Outcome = measure.Outcome(record.Class())
	}
	if s.Outcome.IsError() && s.Error == "" {
		s.Error = short(r.opts.Secrets.String(record.ErrorText()))
	}
}

// lose ends a call whose record was not found: without it nobody knows how it ended. An answer with the result is an end.
func lose(s *measure.Sample) {
	if s.Outcome == measure.Accepted {
		s.Outcome, s.Error = measure.Lost, "its record was not found before the deadline"
	}
}

// attach takes from a record what a sample keeps, and tells the temperature. A nil record proves nothing.
func attach(s *measure.Sample, record *whisk.Record) {
	if record == nil {
		s.Temperature, s.Proof = measure.Classify(measure.Evidence{})
		return
	}
	s.Record = &measure.Record{
		Start: record.Start, End: record.End, Duration: record.Duration, Wait: record.Wait(), Init: record.Init(),
	}
	host, _ := record.Host()
	s.Node, s.Container = host.Node, host.Container
	if record.Sequence() {
		s.Temperature, s.Proof = measure.Unknown, "a sequence has no container of its own"
		return
	}
	s.Temperature, s.Proof = measure.Classify(measure.Evidence{Record: true, Initialised: s.Record.Init != nil, Start: host.Start})
}
