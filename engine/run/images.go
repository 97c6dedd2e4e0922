package run

import (
	"errors"
	"fmt"

	"wsk-scenario/engine/target"
	"wsk-scenario/engine/whisk"
)

// architecture is that of the machines that run the actions, as Go names it; empty when the target does not know.
func (r *runner) architecture() string {
	if local, ok := r.opts.Target.(target.Local); ok {
		return local.Architecture()
	}
	return ""
}

// images checks that the target runs actions that are made of an image, and that there is one for its architecture.
func (r *runner) images(info whisk.Info) error {
	var faults []error
	seen := map[string]bool{}
	for _, cell := range r.plan.Cells {
		for _, a := range cell.Actions {
			if a.Image == nil || seen[a.Name] {
				continue
			}
			seen[a.Name] = true
			lack := info.Missing[a.Kind]
			switch arch := r.architecture(); {
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
