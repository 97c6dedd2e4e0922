package run

import (
	"cmp"
	"context"
	"errors"

	"wsk-scenario/engine/measure"
)

// give gives up what is missing, after a last look for what can be found.
func (d *drain) give(ctx context.Context, waiting *backlog, total int) error {
	ctx, cancel := context.WithTimeout(ctx, lastLook)
	defer cancel()
	var err error
	if d.orphans > 0 {
		err = d.identify(ctx, waiting)
	}
	err = errors.Join(err, waiting.each(func(samples []measure.Sample) error { return d.lose(ctx, samples) }), waiting.close())
	d.tell(total)
	return err
}

// why says why a record could not be read.
func (d *drain) why() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	usual := "its record was not found before the deadline"
	if d.of.early {
		usual = "the run was interrupted before its record was found"
	}
	return cmp.Or(d.reason, usual)
}

// lose gives up the records of some samples.
func (d *drain) lose(ctx context.Context, samples []measure.Sample) error {
	var all []measure.Sample
	for i := range samples {
		s := &samples[i]
		var started []measure.Sample
		adopted := d.adopt(s)
		if s.Activation != "" && (d.ph.Fire != "" || d.of.chain || adopted) {
			started = d.look(ctx, s, true)
		}
		d.start(ctx, s, true)
		switch {
		case d.orphan(s):
			lose(s, noID+", and no record is surely its own")
			d.absent++
		case d.ph.Fire != "" || s.Record != nil && s.Record.Components == nil:
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
	if d.adopted > 0 {
		d.note("phase %s: accepted without an activation id: %s; the list of activations has one that can only be theirs", d.ph.Name, counted(d.adopted, "call"))
	}
	if d.torn > 0 {
		d.note("phase %s: of %s a component's record was not found; their hops are missing from its figures", d.ph.Name, counted(d.torn, "sequence"))
	}
	if d.absent > 0 {
		d.note("phase %s: %d of %d activation records are missing, and what they would tell from its figures (%s)", d.ph.Name, d.absent, total, d.why())
	}
}
