package result

import (
	"errors"
	"fmt"
	"slices"

	"wsk-scenario/engine/slo"
)

// check says what is wrong with a result that was read: everything in it must speak of cells, phases and assertions that
// its plan has.
func (r *Result) check() error {
	if r.Plan == nil || len(r.Plan.Cells) == 0 {
		return errors.New("it holds no plan")
	}
	if !slices.Contains([]Status{Complete, Interrupted, Broken}, r.Status) {
		return fmt.Errorf("its status is %q", r.Status)
	}
	for _, axis := range r.Plan.Axes {
		if len(axis.Values) == 0 {
			return fmt.Errorf("the axis %s has no values", axis.Name)
		}
	}
	for _, s := range r.Summaries {
		if !r.has(s.Cell, s.Phase) {
			return fmt.Errorf("it sums up phase %d of cell %d, which the plan does not have", s.Phase, s.Cell)
		}
	}
	for _, u := range r.Usage {
		if len(u.At) == 0 || len(u.Milli) != len(u.At) || len(u.InUse) != len(u.At) {
			return fmt.Errorf("what node %s used has columns of different length, or none", u.Node)
		}
	}
	for _, b := range r.Books {
		if !r.has(b.Cell, b.Phase) {
			return fmt.Errorf("it has books of phase %d of cell %d, which the plan does not have", b.Phase, b.Cell)
		}
	}
	for _, v := range r.Verdicts {
		if v.Cell < 0 || v.Cell >= len(r.Plan.Cells) || v.Assertion < slo.Placement || v.Assertion >= len(r.Plan.Assertions) {
			return fmt.Errorf("it judges assertion %d in cell %d, which the plan does not have", v.Assertion, v.Cell)
		}
	}
	return nil
}

// has reports whether the plan has that phase of that cell.
func (r *Result) has(cell, phase int) bool {
	return cell >= 0 && cell < len(r.Plan.Cells) && phase >= 0 && phase < len(r.Plan.Cells[cell].Phases)
}
