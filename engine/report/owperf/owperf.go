// Package owperf writes a saved result as the row of owperf, the performance tool of Apache OpenWhisk: its options, its counters
// and its latencies, computed from the samples in one of two definitions. It knows nothing of how a row gets to a file, and asks
// no target.
//
//	plan ──► Tests: what owperf would have run, or why it could not
//	samples ──► turns (iterations, window) ──► compat or corrected ──► row
package owperf

import (
	"bufio"
	"fmt"
	"io"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/result"
)

// Definition says whose arithmetic makes the figures of a row.
type Definition string

// The definitions. docs/owperf.md states both.
const (
	Compat    Definition = "compat"    // the tool's own, with its defects
	Corrected Definition = "corrected" // what the names of the figures say
)

// Samples goes through all samples of a result; it can be called again and again.
type Samples func(each func(*measure.Sample) error) error

// arithmetic makes the figures of one test. The samples of a test come in any order.
type arithmetic interface {
	count(s *measure.Sample, master bool)
	figures() (figures, error)
}

// Write writes one row for each test of the result, in the order of the plan, the names of the columns ahead where header says
// so. It writes nothing when one of the rows could not be right, and says why.
func Write(w io.Writer, r *result.Result, samples Samples, by Definition, header bool) error {
	tests, err := Tests(r.Plan)
	if err != nil {
		return err
	}
	if err := whole(r, tests); err != nil {
		return err
	}
	rows, err := rowsOf(r, tests, samples, by)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	if header {
		rows[0].header(out)
	}
	for _, row := range rows {
		row.write(out)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write owperf's row: %w", err)
	}
	return nil
}

// whole reports what is missing of a run: owperf has a row of a test that came to its end, or none.
func whole(r *result.Result, tests []Test) error {
	if r.Status != result.Complete {
		return fmt.Errorf("owperf has no row for the run %s: it is %s, and the figures of a row are of a whole test", r.Run, r.Status)
	}
	for _, t := range tests {
		for _, sum := range r.Summaries {
			if sum.Cell == t.Cell && sum.Phase == t.Master.phase && (sum.Cut || sum.Aborted != "") {
				return fmt.Errorf("owperf has no row for the run %s: phase %s was stopped before its load was done", r.Run, sum.Name)
			}
		}
	}
	return nil
}

// rowsOf goes through the samples twice: the window of a test is known when all its iterations are.
func rowsOf(r *result.Result, tests []Test, samples Samples, by Definition) ([]row, error) {
	all := map[place]*under{}
	list := make([]*under, len(tests))
	for i := range tests {
		list[i] = &under{Test: &tests[i], turns: turns{}}
		all[place{tests[i].Cell, tests[i].Master.phase}] = list[i]
		if tests[i].Workers != nil {
			all[place{tests[i].Cell, tests[i].Workers.phase}] = list[i]
		}
	}
	each := func(do func(u *under, s *measure.Sample)) error {
		return samples(func(s *measure.Sample) error {
			if u := all[place{s.Cell, s.Phase}]; u != nil {
				do(u, s)
			}
			return nil
		})
	}
	if err := each(func(u *under, s *measure.Sample) { u.turns.add(u.Test, s) }); err != nil {
		return nil, err
	}
	for _, u := range list {
		if err := u.begin(r, by); err != nil {
			return nil, err
		}
	}
	if err := each(func(u *under, s *measure.Sample) { u.count(s, u.isMaster(s)) }); err != nil {
		return nil, err
	}
	rows := make([]row, len(list))
	for i, u := range list {
		f, err := u.figures()
		if err != nil {
			return nil, fmt.Errorf("owperf has no row for phase %s in cell %s: %w", u.Master.name, r.Plan.Cells[u.Cell].ID, err)
		}
		rows[i] = append(u.input(), f.columns()...)
	}
	return rows, nil
}

// place is a phase of a cell.
type place struct{ cell, phase int }

// under is a test whose row is being made.
type under struct {
	*Test
	turns turns
	arithmetic
}

// begin chooses the arithmetic, which needs to know when the test was measured.
func (u *under) begin(r *result.Result, by Definition) error {
	w, known := u.turns.window(u.Test, by == Compat)
	if !known {
		return fmt.Errorf("owperf has no row for phase %s in cell %s: its master has made no call", u.Master.name, r.Plan.Cells[u.Cell].ID)
	}
	if by == Compat {
		u.arithmetic = newCompat(u.Test, r.Started, w, u.turns)
	} else {
		u.arithmetic = newCorrected(u.Test, r.Started, w, u.turns)
	}
	return nil
}
