package fit

import (
	"errors"
	"fmt"

	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/whisk"
)

// Images is nil where the target runs all actions that are made of an image, and there is one for its architecture, which is
// as Go names it, or empty when the target does not know.
func Images(p *plan.Plan, info whisk.Info, arch string) error {
	var faults []error
	seen := map[string]bool{}
	for _, cell := range p.Cells {
		for _, a := range cell.Actions {
			if a.Image == nil || seen[a.Name] {
				continue
			}
			seen[a.Name] = true
			switch lack := info.Missing[a.Kind]; {
			case lack != "":
				faults = append(faults, fmt.Errorf("%s: action %s is made of the image %s, which cannot run here: %s", a.Range, a.Name, a.Image, lack))
			case a.Image.For(arch) == "" && arch == "":
				faults = append(faults, fmt.Errorf("%s: action %s has images by architecture, and the target does not tell its own: write one image",
					a.Range, a.Name))
			case a.Image.For(arch) == "":
				faults = append(faults, fmt.Errorf("%s: action %s has no image for %s, which the target is", a.Range, a.Name, arch))
			}
		}
	}
	return errors.Join(faults...)
}
