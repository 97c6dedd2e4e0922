package run

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/whisk"
)

// fired reads the record of a trigger's activation, and those of the activations that its rules have started. It decides how
// the fire ended: well when all of them did, at the end of the last. As long as something is missing the fire waits; at last,
// what is missing is lost.
//
//	fire ──► trigger ──┬─ rule ─► action ─┬─► activations that its result names (await: chain)
//	                   └─ rule ─► action  └─► …
func (d *drain) fired(ctx context.Context, s *measure.Sample, last bool) (started []measure.Sample) {
	record, err := d.client.Fired(ctx, s.Activation)
	switch {
	case err != nil && !last:
		return nil
	case err != nil:
		return d.unknown(s, err)
	}
	if d.ph.Await == "activation" {
		s.Outcome = measure.OK
		return nil
	}
	for _, rule := range record.Rules {
		child := childOf(s, record.Start, 1)
		child.Target, child.Activation = d.of.made.called(rule.Action), rule.Activation
		if !rule.Success {
			child.Outcome, child.Error = refused(rule.Error), short(d.opts.Secrets.String(rule.Error))
			started = append(started, child)
			continue
		}
		more, whole := d.follow(ctx, child, []string{s.Activation}, last)
		if !whole {
			return nil
		}
		started = append(started, more...)
	}
	s.Outcome = measure.OK
	d.over(s, started)
	return started
}

// unknown are the activations of a fire whose own record was not found.
func (d *drain) unknown(s *measure.Sample, err error) (started []measure.Sample) {
	reason := "the trigger's record was not found before the deadline"
	if !errors.Is(err, whisk.ErrNotFound) {
		reason = "its record could not be read: " + short(d.opts.Secrets.String(err.Error()))
	}
	lose(s, reason)
	if d.ph.Await == "activation" {
		return nil
	}
	for range d.plan.Cells[d.of.shooter.cell].Trigger(d.ph.Fire).RuleCount() {
		child := childOf(s, 0, 1)
		child.Outcome, child.Error = measure.Lost, "the trigger's record was not found, which names it"
		started = append(started, child)
	}
	return started
}

// refused is the outcome of a rule that started nothing.
func refused(why string) measure.Outcome {
	if strings.Contains(strings.ToLower(why), "too many") {
		return measure.Throttled
	}
	return measure.Rejected
}

// chained reads the records of the activations that the result of a call names, and reports whether all were there.
func (d *drain) chained(ctx context.Context, s *measure.Sample, result json.RawMessage, last bool) ([]measure.Sample, bool) {
	started, whole := d.named(ctx, s, whisk.Started(result), []string{s.Activation}, last)
	if whole {
		d.over(s, started)
	}
	return started, whole
}

// named follows the activations that a result names. above are those that led here: an action may name itself.
func (d *drain) named(ctx context.Context, of *measure.Sample, ids, above []string, last bool) (started []measure.Sample, whole bool) {
	for _, id := range ids {
		if slices.Contains(above, id) {
			continue
		}
		child := childOf(of, of.Record.Start, max(of.Level, 1)+1)
		child.Activation = id
		more, whole := d.follow(ctx, child, above, last)
		if !whole {
			return nil, false
		}
		started = append(started, more...)
	}
	return started, true
}

// follow reads the record of one activation that was started, and, where the phase awaits the chain, what its result names.
func (d *drain) follow(ctx context.Context, child measure.Sample, above []string, last bool) ([]measure.Sample, bool) {
	record := d.read(ctx, child.Activation)
	if record == nil {
		child.Outcome, child.Error = measure.Lost, d.why()
		return []measure.Sample{child}, last
	}
	attach(&child, record, nil)
	child.Target = cmp.Or(child.Target, scenarioName(record.Name))
	if child.Outcome = measure.Outcome(record.Class()); child.Outcome.IsError() {
		child.Error = short(d.opts.Secrets.String(record.ErrorText()))
	}
	d.witness.see(&child, record)
	if d.expand(ctx, &child); child.Record.Components != nil {
		if !last {
			return nil, false
		}
		child.Record.Components = nil
		d.witness.torn(&child)
	}
	d.of.judge(&child, record.Result)
	if !d.of.chain {
		return []measure.Sample{child}, true
	}
	more, whole := d.named(ctx, &child, whisk.Started(record.Result), append(slices.Clone(above), child.Activation), last)
	return append([]measure.Sample{child}, more...), whole
}

// childOf is the sample of an activation that a call has started, with the moments of the call.
func childOf(s *measure.Sample, fired int64, level int) measure.Sample {
	return measure.Sample{
		Cell: s.Cell, Repeat: s.Repeat, Phase: s.Phase, Warmup: s.Warmup, User: s.User, Seq: s.Seq, Step: s.Step,
		Due: s.Due, Sent: s.Sent, Done: s.Done, Transaction: s.Transaction, Level: level, Fired: fired,
		Temperature: measure.Unknown, Outcome: measure.OK,
	}
}

// over ends a call with the last of what it has started, and badly when one of these did.
func (r *runner) over(s *measure.Sample, started []measure.Sample) {
	last := time.Duration(0)
	for i := range started {
		child := &started[i]
		if child.Outcome != measure.OK && s.Outcome == measure.OK {
			s.Outcome, s.Error = child.Outcome, child.Error
		}
		if child.Record != nil {
			last = max(last, time.UnixMilli(child.Record.End).Sub(r.anchor.Round(0)))
		}
	}
	if last > 0 {
		s.Completed = max(last, s.Completed)
	}
}

// judge takes from a result that was read later what the phase takes out of it, and holds it against what is expected.
func (s *shooter) judge(sample *measure.Sample, result []byte) {
	s.extract(sample, result)
	if s.expect == nil || sample.Outcome != measure.OK && sample.Outcome != measure.Accepted {
		return
	}
	response := responseOf(sample, result)
	response.Status, response.Bytes = http.StatusOK, len(result)
	if why := s.expect.Unmet(response); why != "" {
		sample.Outcome, sample.Error = measure.Unexpected, short(s.secrets.String(why))
	}
}
