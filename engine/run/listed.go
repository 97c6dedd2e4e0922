package run

import (
	"context"
	"time"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/whisk"
)

const (
	manyOpen     = 500         // from so many records on, a list of them is asked for ahead of each by itself
	nearClocks   = time.Second // how far clocks are taken to be apart where nothing tells
	listedPerOne = 4           // records that a list may have for each that is looked for, before it is given up
)

// list reads many records with few requests: those that started when the samples were sent. It is a short cut: what a list
// lacks, because it is stale, or what started late, is read by its id.
func (d *drain) list(ctx context.Context, samples []measure.Sample) map[string]*whisk.Record {
	open, window := 0, whisk.Window{}
	for i := range samples {
		s := &samples[i]
		if s.Record != nil && s.Record.Components == nil || s.Activation == "" {
			continue
		}
		open++
		d.widen(&window, s)
	}
	if open < manyOpen || d.ph.Fire != "" {
		return nil
	}
	listed, most := make(map[string]*whisk.Record, open), listedPerOne*open
	err := d.client.Each(ctx, window, func(page []whisk.Record) bool {
		for i := range page {
			if !d.of.reads() && page[i].Class() == whisk.OK {
				page[i].Result = nil
			}
			listed[page[i].ActivationID] = &page[i]
			most--
		}
		return most > 0
	})
	d.failed(ctx, err)
	return listed
}

// widen makes a window hold the moment at which a sample was sent, by any clock that is not far off.
func (d *drain) widen(w *whisk.Window, s *measure.Sample) {
	sent := d.moment(s.Sent)
	if since := sent.Add(-nearClocks); w.Since.IsZero() || since.Before(w.Since) {
		w.Since = since
	}
	if upto := sent.Add(nearClocks); upto.After(w.Upto) {
		w.Upto = upto
	}
}

// moment is the time of day of a moment of the run, by the clock of its beginning.
func (r *runner) moment(at time.Duration) time.Time { return r.anchor.Round(0).Add(at) }

// reads reports whether the results of calls are looked into.
func (s *shooter) reads() bool { return s.chain || s.expect != nil || len(s.extracted) > 0 }
