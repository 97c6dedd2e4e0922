package slo

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
)

// Placement is the Assertion of a verdict about where a phase ran, which stands in no assert list.
const Placement = -2

// placements judges, for each phase whose actions are placed, whether its samples are proved to have run there.
func placements(values *Values, summaries []measure.Summary) (verdicts []Verdict) {
	cell := &values.plan.Cells[values.cell]
	for i := range cell.Phases {
		ph := &cell.Phases[i]
		roles := cell.Roles(ph.Targets()...)
		if len(roles) == 0 {
			continue
		}
		on := strings.Join(roles, " and ")
		v := Verdict{Assertion: Placement, Cell: values.cell, Expect: fmt.Sprintf("%s: placed on %s", ph.Name, on)}
		v.judgePlacement(values, ph, on, roleAt(cell, roles[0]), summaryOf(summaries, values.cell, i))
		verdicts = append(verdicts, v)
	}
	return verdicts
}

// roleAt is where the scenario asks for a role.
func roleAt(cell *plan.Cell, role string) diag.Range {
	i := slices.IndexFunc(cell.Actions, func(a plan.Action) bool { return a.Role == role })
	return cell.Actions[i].RoleAt
}

func (v *Verdict) judgePlacement(values *Values, ph *plan.Phase, on string, at diag.Range, sum *measure.Summary) {
	if why := notRun(ph.Name, sum); why != "" {
		v.undecided(values, NotJudged, at, why)
		return
	}
	all, _ := sum.Class("all")
	placed := all.Samples + sum.Strays
	known := placed + sum.Elsewhere
	if known+sum.Unproved == 0 {
		v.undecided(values, NoData, at, "no call of phase "+ph.Name+" ended ok")
		return
	}
	if share := float64(sum.Elsewhere) / float64(known+sum.Unproved); share > strayShare {
		v.Comparisons = []Comparison{v.placed(placed, known+sum.Unproved, false)}
		v.Status = Fail
		v.Diagnostic = &diag.Diagnostic{Severity: diag.Failed, Range: at, Summary: "not placed: " + v.summary(values),
			Hint: fmt.Sprintf("%d of %d samples ran elsewhere than on %s: %s", sum.Elsewhere, known+sum.Unproved, on, counts(sum.Nodes))}
		return
	}
	if sum.Unproved > 0 { // the scenario cannot help what the platform does not tell; but it is not green either
		v.Warn = true
		v.undecided(values, NotJudged, at, fmt.Sprintf("nothing proves where %d of %d samples ran", sum.Unproved, known+sum.Unproved))
		return
	}
	v.Comparisons, v.Status = []Comparison{v.placed(placed, known, true)}, Pass
}

func (v *Verdict) placed(placed, of int, holds bool) Comparison {
	return Comparison{Text: v.Expect, Left: fmt.Sprintf("%d of %d", placed, of), Op: ">=",
		Right: fmt.Sprintf("%g %%", 100*(1-strayShare)), Holds: holds}
}

// counts says how many samples ran on each node.
func counts(nodes map[string]int) string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(nodes)) {
		list = append(list, fmt.Sprintf("%d on %s", nodes[name], name))
	}
	return strings.Join(list, ", ")
}
