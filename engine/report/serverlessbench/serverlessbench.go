// Package serverlessbench writes a saved result as the scripts of ServerlessBench print theirs: a block of text for each phase,
// and the moments of every call as CSV. It shares no code with them, and asks no target.
package serverlessbench

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/result"
)

// Samples goes through all samples of a result; it can be called again and again.
type Samples func(each func(*measure.Sample) error) error

// test is a phase of a cell, with the calls that were measured.
type test struct {
	cell   string
	phase  *plan.Phase
	calls  []call
	errors int // calls that did not end well, and have no latency
	strays int // calls that met another start, or another place, than the phase asks for
}

// call is a call that ended well. Moments are milliseconds of the epoch, as a clock of whole milliseconds shows them.
type call struct {
	invoked, ended int64
	started        int64 // by the clock of the action, where the phase extracts start; 0 elsewhere
}

// Fits says why ServerlessBench could not have measured a plan; nil when it could.
func Fits(p *plan.Plan) error {
	var reasons []string
	measured := 0
	for c := range p.Cells {
		for i := range p.Cells[c].Phases {
			ph := &p.Cells[c].Phases[i]
			if !isTest(ph) {
				continue
			}
			measured++
			if why := strange(ph); why != "" && !slices.Contains(reasons, why) {
				reasons = append(reasons, why)
			}
		}
	}
	if measured == 0 {
		reasons = []string{"it has no phase that is measured"}
	}
	if len(reasons) > 0 {
		return fmt.Errorf("ServerlessBench has no output for the scenario %s: %s", p.Scenario, strings.Join(reasons, "; "))
	}
	return nil
}

func isTest(ph *plan.Phase) bool { return !ph.Unmeasured && ph.Wait == 0 }

// strange is why ServerlessBench's clients could not do what a phase does; empty when they could.
func strange(ph *plan.Phase) string {
	switch l := ph.Load; {
	case l.Open != nil:
		return fmt.Sprintf("phase %s has an open load, and its clients wait for their answers", ph.Name)
	case len(l.Steps) > 0 || l.Ramp != nil:
		return fmt.Sprintf("phase %s changes its users on the way", ph.Name)
	case ph.Exec == nil && ph.Request == nil && ph.Fire == "" && ph.Blocking == plan.ForNothing:
		return fmt.Sprintf("phase %s waits for no answer (blocking: none), and its latency is until the answer", ph.Name)
	}
	return ""
}

// tests are the tests of a result in the order of its plan.
func tests(r *result.Result, samples Samples) ([]*test, error) {
	if err := Fits(r.Plan); err != nil {
		return nil, err
	}
	type place struct{ cell, phase int }
	at := map[place]*test{}
	var list []*test
	for c := range r.Plan.Cells {
		cell := &r.Plan.Cells[c]
		for i := range cell.Phases {
			if isTest(&cell.Phases[i]) {
				at[place{c, i}] = &test{cell: cell.ID, phase: &cell.Phases[i]}
				list = append(list, at[place{c, i}])
			}
		}
	}
	err := samples(func(s *measure.Sample) error {
		if t := at[place{s.Cell, s.Phase}]; t != nil && !s.Warmup && s.Level == 0 {
			t.add(s, r.Started)
		}
		return nil
	})
	for _, t := range list {
		slices.SortStableFunc(t.calls, func(a, b call) int { return int(a.invoked - b.invoked) })
	}
	return list, err
}

// add takes the moments of a call that ended well, as the phase asks for.
func (t *test) add(s *measure.Sample, zero time.Time) {
	latency, answered := latency.Of(s)
	if s.Outcome != measure.OK || !answered {
		t.errors++
		return
	}
	if !measure.Wanted(t.phase.Start).Takes(s) {
		t.strays++
		return
	}
	c := call{invoked: zero.Add(s.Sent).UnixMilli(), ended: zero.Add(s.Sent + time.Duration(latency)).UnixMilli()}
	for _, e := range s.Extracted {
		if e.Name == "start" && len(e.Values) == 1 {
			c.started = int64(e.Values[0] / t.unit())
		}
	}
	t.calls = append(t.calls, c)
}

// latency is the metric that the scripts take of a call.
var latency = measure.Metrics[slices.IndexFunc(measure.Metrics, func(m measure.Metric) bool { return m.Name == "latency" })]

// unit is what a value of start is to be divided by for milliseconds: without a unit it is taken for such.
func (t *test) unit() float64 {
	for _, e := range t.phase.Extract {
		if e.Name == "start" && e.Unit != "none" {
			return float64(time.Millisecond)
		}
	}
	return 1
}

// loops is how many calls were made.
func (t *test) loops() int { return len(t.calls) + t.errors + t.strays }

// extracts reports whether the phase takes the moment start out of the result.
func (t *test) extracts() bool {
	return slices.ContainsFunc(t.phase.Extract, func(e plan.Extraction) bool { return e.Name == "start" })
}
