package run

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/whisk"
)

// An orphan is a call that was accepted without the id of its activation, as when a proxy drops the header. Its record is one
// of those that no other call has: a stray. Nothing in a record names the call; but only calls of this run invoke this run's
// own actions, and a record cannot begin before its call was sent.
const (
	mostOrphans = 10_000
	mostStrays  = 50_000           // records that are looked at to find them
	strayFor    = time.Minute      // how long after an orphan was sent its activation may begin, to be found
	orphanWait  = 10 * time.Second // between two looks, at most
)

// claim is a call that may have started an activation whose id it was not told.
type claim struct {
	transaction string
	sent        int64 // epoch, nanoseconds
	orphan      bool  // otherwise its end is known, as that of a broken connection
}

// stray is an activation that no call names.
type stray struct {
	id    string
	start int64 // epoch ms
}

// match finds the strays that can be of one claim only, by the transactions of the orphans among these. early is by how much
// a record may begin before its call was sent, by the clocks. Going through the strays by time, each is of one of the claims
// sent until then that have none yet: where that is one claim, it is found; where they are several, none of them is, and
// all are settled once there have been as many strays. A stray that no claim was sent for shows that others use the action,
// or that the clocks are farther apart than is known: then nothing is certain.
//
//	claims  │1    │2    │3 │4        │5
//	strays     │a    │b        │c │d    │e      1 is a, 2 is b; 3 and 4 are c and d or d and c; 5 is e
func match(claims []claim, strays []stray, early time.Duration) map[string]string {
	slices.SortFunc(claims, func(a, b claim) int { return cmp.Compare(a.sent, b.sent) })
	slices.SortFunc(strays, func(a, b stray) int { return cmp.Compare(a.start, b.start) })
	found := map[string]string{}
	var pending []claim
	settled := 0 // strays of pending claims
	for _, s := range strays {
		for until := (s.start+1)*int64(time.Millisecond) + int64(early); len(claims) > 0 && claims[0].sent < until; claims = claims[1:] {
			pending = append(pending, claims[0])
		}
		switch {
		case len(pending) == 0:
			return nil
		case len(pending) == 1:
			if pending[0].orphan {
				found[pending[0].transaction] = s.id
			}
			pending = nil
		default:
			if settled++; settled == len(pending) {
				pending, settled = nil, 0
			}
		}
	}
	return found
}

// identify finds activations of orphans. The error is one of the disk.
func (d *drain) identify(ctx context.Context, waiting *backlog) error {
	var claims []claim
	window, strays := whisk.Window{}, map[string]int64{}
	err := waiting.each(func(samples []measure.Sample) error {
		for i := range samples {
			if s := &samples[i]; d.orphan(s) && len(claims) < mostOrphans {
				claims = append(claims, d.claim(s))
				d.widen(&window, s)
			}
		}
		return nil
	})
	if err != nil || len(claims) == 0 || len(claims) == mostOrphans {
		return err
	}
	window.Upto = window.Upto.Add(strayFor)
	if !d.strays(ctx, window, strays) {
		return nil
	}
	others, early, err := d.others(waiting, strays)
	if err != nil {
		return err
	}
	left := make([]stray, 0, len(strays))
	for id, start := range strays {
		left = append(left, stray{id, start})
	}
	d.found = match(append(claims, others...), left, early)
	return nil
}

// strays reads which activations of what the phase calls began in a window; false when there are too many, or not all could
// be read.
func (d *drain) strays(ctx context.Context, in whisk.Window, strays map[string]int64) bool {
	seen, called := 0, d.called()
	prefix := strings.TrimSuffix(d.name(d.of.cell, 0, ""), "0-")
	err := d.client.Each(ctx, in, func(page []whisk.Record) bool {
		for i := range page {
			r := &page[i]
			if r.Cause == "" && strings.HasPrefix(r.Name, prefix) && slices.Contains(called, scenarioName(r.Name)) {
				strays[r.ActivationID] = r.Start
			}
		}
		seen += len(page)
		return seen < mostStrays
	})
	d.failed(ctx, err)
	return err == nil && seen < mostStrays
}

// called are the entities that the phase invokes or fires, as the scenario calls them; none where it does neither, and where
// other phases run beside it, whose calls are not all known yet.
func (d *drain) called() (names []string) {
	if d.ph.Group != 0 {
		return nil
	}
	targets := d.ph.Invoked()
	if d.ph.Fire != "" {
		targets = []string{d.ph.Fire}
	}
	for _, target := range targets {
		for _, name := range d.of.made.names(target) {
			if !strings.Contains(name, "/") { // in a record, the name of a packaged action is no longer that of this run
				names = append(names, scenarioName(name))
			}
		}
	}
	return names
}

// others goes through all other calls of the cell: an activation that one of them names is no stray, and one that may have
// started an activation without hearing of it has a claim. From what is known of all it takes how early a record can begin.
func (d *drain) others(waiting *backlog, strays map[string]int64) (claims []claim, early time.Duration, err error) {
	known := false
	see := func(s *measure.Sample) {
		delete(strays, s.Activation)
		if r := s.Record; r != nil && s.Level == 0 {
			known = true
			early = max(early, d.moment(s.Sent).Sub(time.UnixMilli(r.Start+1)))
		}
		if s.Activation == "" && s.Outcome != measure.OK && (s.Status == 0 || s.Status >= http.StatusInternalServerError) {
			claims = append(claims, d.claim(s))
		}
	}
	for phase := range d.plan.Cells[d.of.cell].Phases {
		stretch, err := d.bundle.Of(d.of.cell, phase)
		if err != nil {
			return nil, 0, err
		}
		for s := range stretch.Named() {
			see(s)
		}
		if err := stretch.Err(); err != nil {
			return nil, 0, fmt.Errorf("look for activations without a call: %w", err)
		}
	}
	err = waiting.each(func(samples []measure.Sample) error {
		for i := range samples {
			delete(strays, samples[i].Activation)
		}
		return nil
	})
	if !known {
		early = nearClocks
	}
	return claims, early, err
}

func (d *drain) claim(s *measure.Sample) claim {
	return claim{s.Transaction, d.moment(s.Sent).UnixNano(), d.orphan(s)}
}

// orphan reports whether a sample is of an orphan that is still to be identified.
func (d *drain) orphan(s *measure.Sample) bool {
	return s.Outcome == measure.Accepted && s.Activation == "" && s.Record == nil
}

// adopt gives an orphan the activation that was found for it.
func (d *drain) adopt(s *measure.Sample) bool {
	if d.orphan(s) && d.found[s.Transaction] != "" {
		s.Activation = d.found[s.Transaction]
		d.adopted++
		return true
	}
	return false
}
