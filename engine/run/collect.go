package run

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/whisk"
)

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
	if record := d.listed[id]; record != nil {
		return record
	}
	record, err := d.client.Activation(ctx, id)
	if err == nil {
		return record
	}
	d.failed(ctx, err)
	return nil
}

// failed keeps why reading fails, other than that something is not there.
func (d *drain) failed(ctx context.Context, err error) {
	if err != nil && ctx.Err() == nil && !errors.Is(err, whisk.ErrNotFound) {
		d.mu.Lock()
		d.reason = "its record could not be read: " + short(d.opts.Secrets.String(err.Error()))
		d.mu.Unlock()
	}
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
	s.Temperature, s.Proof = measure.Classify(measure.Evidence{Record: true, Doubt: doubt(s.Record, record), Initialised: s.Record.Init != nil, Start: host.Start})
}

// doubt says why a record is no evidence of the container that its activation had. OpenWhisk writes records for activations that
// came to none, too: when it fails itself, and, without a wait, when it gives up what waits for one.
func doubt(kept *measure.Record, record *whisk.Record) string {
	failed := record.Class() != whisk.OK && kept.Init == nil
	switch {
	case failed && (record.Class() == whisk.PlatformError || kept.Wait == nil):
		return "it failed, and nothing shows that it came to a container"
	case kept.Contradiction() != "":
		return kept.Contradiction()
	}
	return ""
}
