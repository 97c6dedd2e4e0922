package slo

import (
	"fmt"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
)

// Start is the Assertion of a verdict about a phase's `start:`, which stands in no assert list.
const Start = -1

// strayShare is the share of samples of another start than was asked for that a phase may have: those are counted and left
// out of its statistics. Beyond it the phase did not measure what it says.
const strayShare = 0.05

// starts judges, for each phase that asks for cold or warm starts, whether its samples are proved to be that.
func starts(values *Values, summaries []measure.Summary) (verdicts []Verdict) {
	for i, ph := range values.plan.Cells[values.cell].Phases {
		if ph.Start == plan.AnyStart {
			continue
		}
		v := Verdict{Assertion: Start, Cell: values.cell, Expect: fmt.Sprintf("%s: start is %s", ph.Name, ph.Start)}
		v.judgeStart(values, ph, summaryOf(summaries, values.cell, i))
		verdicts = append(verdicts, v)
	}
	return verdicts
}

func (v *Verdict) judgeStart(values *Values, ph plan.Phase, sum *measure.Summary) {
	at := ph.StartAt.Range
	if why := notRun(ph.Name, sum); why != "" {
		v.undecided(values, NotJudged, at, why)
		return
	}
	all, _ := sum.Class("all")
	known := all.Samples + sum.Strays
	if known == 0 {
		why := "ended ok"
		if sum.Elsewhere+sum.Unproved > 0 {
			why = "is proved to have run where it was placed"
		}
		v.undecided(values, NoData, at, "no call of phase "+ph.Name+" "+why)
		return
	}
	if unproved, ok := sum.Class(string(measure.Initialised)); ok && ph.Start == plan.ColdStart && unproved.Samples > 0 {
		// It fails nothing: the scenario cannot help what the platform does not tell. But it is not green either.
		v.Warn = true
		v.undecided(values, NotJudged, at, fmt.Sprintf("%d of %d samples were initialised, but this platform does not show whether their containers were new",
			unproved.Samples, known))
		return
	}
	share := float64(sum.Strays) / float64(known)
	v.Comparisons = []Comparison{{
		Text: v.Expect, Left: fmt.Sprintf("%d of %d", all.Samples, known), Op: ">=", Right: fmt.Sprintf("%g %%", 100*(1-strayShare)),
		Holds: share <= strayShare,
	}}
	if share <= strayShare {
		v.Status = Pass
		return
	}
	v.Status = Fail
	v.Diagnostic = &diag.Diagnostic{Severity: diag.Failed, Range: at, Summary: v.summary(values),
		Hint: fmt.Sprintf("only %d of %d samples are proved %s", all.Samples, known, ph.Start)}
}

func summaryOf(summaries []measure.Summary, cell, phase int) *measure.Summary {
	for i := range summaries {
		if summaries[i].Cell == cell && summaries[i].Phase == phase {
			return &summaries[i]
		}
	}
	return nil
}
