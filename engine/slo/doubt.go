package slo

import (
	"fmt"
	"slices"
	"strings"

	"wsk-scenario/dsl/expr"
	"wsk-scenario/engine/measure"
)

// supposition is what calls are taken to have been whose temperature nobody has proved; the zero value takes them for nothing, as the
// counters do.
type supposition struct{ initialised, untold measure.Temperature }

// String says it behind "were".
func (s supposition) String() string {
	if s.initialised == s.untold {
		return "they " + string(s.untold)
	}
	return fmt.Sprintf("those with an initTime %s and the others %s", s.initialised, s.untold)
}

// suppositions are what they may have been.
var suppositions = []supposition{
	{measure.Cold, measure.Cold}, {measure.Prewarmed, measure.Prewarmed}, {measure.Cold, measure.Warm}, {measure.Prewarmed, measure.Warm},
}

// temperatures are the counters that such calls are missing from.
var temperatures = []string{"cold", "prewarmed", "warm", "cold_share"}

// doubt says why an assertion that holds or does not may be decided otherwise by calls whose temperature is not proved; nothing when
// it is not.
func (v *Values) doubt(program *expr.Program, holds bool) string {
	if !slices.ContainsFunc(program.Places(), func(r expr.Reference) bool {
		return slices.Contains(temperatures, r.Name[strings.LastIndex(r.Name, ".")+1:])
	}) {
		return ""
	}
	for _, s := range suppositions {
		if got, err := program.Eval(v.supposing(s).Get); err == nil && got != any(holds) {
			return fmt.Sprintf("it depends on calls whose start nothing proves: were %s, it would be %t", s, got)
		}
	}
	return ""
}

// supposing are the same values with a supposition.
func (v *Values) supposing(s supposition) *Values {
	other := *v
	other.supposed = s
	other.across = make(map[string]*Values, len(v.across))
	for name, values := range v.across {
		other.across[name] = values.supposing(s)
	}
	return &other
}

// supposed is a summary's counter of a temperature with what is supposed of the calls that have none. Fires and commands have no
// container, and nothing to suppose.
func (v *Values) supposedOf(sum *measure.Summary, name string) (value float64, ok bool) {
	if v.supposed == (supposition{}) || !slices.Contains(temperatures, name) {
		return 0, false
	}
	untold := float64(sum.Untold)
	if sum.Cell < len(v.plan.Cells) && sum.Phase < len(v.plan.Cells[sum.Cell].Phases) {
		if ph := &v.plan.Cells[sum.Cell].Phases[sum.Phase]; ph.Fire != "" || ph.Exec != nil {
			untold = 0
		}
	}
	of := func(t measure.Temperature) float64 {
		n := sum.Counters[string(t)]
		if v.supposed.initialised == t {
			n += float64(sum.Initialised)
		}
		if v.supposed.untold == t {
			n += untold
		}
		return n
	}
	if name != "cold_share" {
		return of(measure.Temperature(name)), true
	}
	all := of(measure.Cold) + of(measure.Prewarmed) + of(measure.Warm)
	return of(measure.Cold) / all, all > 0
}
