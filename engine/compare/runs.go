package compare

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/result"
	"wsk-scenario/engine/slo"
)

// run is one pass of a scenario over its matrix: a saved result holds one, or as many as the scenario repeats.
type run struct {
	result  *result.Result
	pass    int // 0 when the result holds one
	started time.Time
	cells   map[string]int // index of a cell by its id without the pass
}

// runsOf are the runs of saved results, in the order of time. Why a result gives none is in left.
func runsOf(results []*result.Result) (runs []run, left []string) {
	for _, r := range results {
		if r.Status != result.Complete {
			left = append(left, fmt.Sprintf("run %s of %s is %s and was left out", r.Run, r.Started.UTC().Format(time.DateTime), r.Status))
			continue
		}
		passes := map[int]map[string]int{}
		for i := range r.Plan.Cells {
			cell := &r.Plan.Cells[i]
			if passes[cell.Repeat] == nil {
				passes[cell.Repeat] = map[string]int{}
			}
			passes[cell.Repeat][cell.Base()] = i
		}
		for pass, cells := range passes {
			runs = append(runs, run{result: r, pass: pass, started: r.Started, cells: cells})
		}
	}
	slices.SortFunc(runs, func(a, b run) int {
		return cmp.Or(a.started.Compare(b.started), cmp.Compare(a.pass, b.pass))
	})
	return runs, left
}

// name says which run it is.
func (r run) name() string {
	if r.pass == 0 {
		return r.result.Run
	}
	return fmt.Sprintf("%s (pass %d)", r.result.Run, r.pass)
}

// values are what expressions see of a cell in this run; nil when the run has no such cell.
func (r run) values(cell string) *slo.Values {
	i, ok := r.cells[cell]
	if !ok {
		return nil
	}
	return slo.NewValues(r.result.Plan, i, r.result.Summaries, r.result.Known())
}

// number is the value of a metric of a cell in this run. Without one it says why.
func (r run) number(cell string, m Metric) (float64, string) {
	values := r.values(cell)
	if values == nil {
		return 0, r.name() + " has no cell " + cell
	}
	if why := values.Absent(m.Name); why != "" {
		return 0, r.name() + ": " + why
	}
	value, _ := values.Get(m.Name)
	switch v := value.(type) {
	case time.Duration:
		return float64(v), ""
	case int:
		return float64(v), ""
	case float64:
		return v, ""
	}
	return 0, fmt.Sprintf("%s: %s is no number", r.name(), m.Name)
}

// measured are the phases of the plan that have statistics, in order, without those of several cells twice.
func measured(p *plan.Plan) (phases []plan.Phase) {
	for _, cell := range p.Cells {
		for _, ph := range cell.Phases {
			known := slices.ContainsFunc(phases, func(other plan.Phase) bool { return other.Name == ph.Name })
			if !known && ph.Wait == 0 && !ph.Unmeasured {
				phases = append(phases, ph)
			}
		}
	}
	return phases
}
