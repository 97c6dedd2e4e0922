package fit

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/whisk"
)

// Kinds is nil where the target has every kind of the plan, or does not say which it has; otherwise it names all that are
// lacking, with what to install where that is known.
func Kinds(p *plan.Plan, info whisk.Info) error {
	if len(info.Runtimes) == 0 {
		return nil
	}
	var lacking []string
	for _, cell := range p.Cells {
		for _, a := range cell.Actions {
			if a.Image == nil && !info.Offers(a.Kind) && !slices.Contains(lacking, a.Kind) {
				lacking = append(lacking, a.Kind)
			}
		}
	}
	var faults []error
	for _, kind := range lacking {
		faults = append(faults, lacks(kind, info))
	}
	return errors.Join(faults...)
}

// lacks says that the target does not run a kind, and what would help.
func lacks(kind string, info whisk.Info) error {
	family, _, _ := strings.Cut(kind, ":")
	if install := info.Missing[family]; install != "" {
		return fmt.Errorf("kind %s cannot run here: %s", kind, install)
	}
	return fmt.Errorf("the target does not offer kind %s; it has %s", kind, strings.Join(info.Kinds(), ", "))
}
