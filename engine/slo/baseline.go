package slo

import (
	"strings"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
)

// Known is what assertions see beside the summaries of the run itself.
type Known struct {
	Limits   Limits
	Baseline *Baseline // nil: none was named
}

// Baseline is an earlier run of the same plan, as baseline.<phase>… in expressions.
type Baseline struct {
	Run       string            `json:"run"`
	Cells     []string          `json:"cells"` // the ids of its plan's cells
	Summaries []measure.Summary `json:"summaries"`
}

// NewBaseline keeps of an earlier run what expressions may ask of it.
func NewBaseline(run string, p *plan.Plan, summaries []measure.Summary) *Baseline {
	b := &Baseline{Run: run, Summaries: summaries}
	for _, cell := range p.Cells {
		b.Cells = append(b.Cells, cell.ID)
	}
	return b
}

// values are those of the same cell of the baseline, in the same pass where it has one; nil where it has no such cell.
func (b *Baseline) values(p *plan.Plan, cell int) *Values {
	for i, id := range b.Cells {
		if id == p.Cells[cell].ID {
			v := &Values{plan: p, cell: cell, phases: map[string]*measure.Summary{}}
			for k := range b.Summaries {
				if b.Summaries[k].Cell == i {
					v.phases[b.Summaries[k].Name] = &b.Summaries[k]
				}
			}
			return v
		}
	}
	return nil
}

// ofBaseline finds what a name means in the baseline. Without one it says why.
func (v *Values) ofBaseline(name string) (values *Values, rest, why string) {
	rest, is := strings.CutPrefix(name, "baseline.")
	switch {
	case !is:
		return nil, "", ""
	case v.known.Baseline == nil:
		return nil, rest, "no baseline was named: wsk-scenario run --baseline RESULT"
	}
	if values = v.known.Baseline.values(v.plan, v.cell); values == nil {
		return nil, rest, "the baseline " + v.known.Baseline.Run + " has no cell " + v.plan.Cells[v.cell].ID
	}
	return values, rest, ""
}
