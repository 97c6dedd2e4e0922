package doctor

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"wsk-scenario/engine/fit"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/target"
	"wsk-scenario/engine/whisk"
)

// patience bounds the first questions to a target.
const patience = 20 * time.Second

// reach brings the target up and reads what it says of itself.
func (e *examination) reach(ctx context.Context) (err error) {
	if e.access, err = e.target.Up(ctx); err != nil {
		return err
	}
	if e.client, err = whisk.New(e.access, 1); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if e.limits, err = e.client.Limits(ctx); err == nil {
		e.info, err = e.client.Info(ctx)
	}
	if err != nil {
		e.client.Close()
	}
	return err
}

// version says which OpenWhisk answers.
func (e *examination) version(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	build, err := e.client.Build(ctx)
	if err != nil {
		e.unchecked("target.version", "%v", err)
		return
	}
	if build == (whisk.Build{}) {
		e.unchecked("target.version", "the target names no build")
		return
	}
	text := "OpenWhisk, build " + build.Build
	if build.Number != build.Build {
		text += " " + build.Number
	}
	e.fine("target.version", "%s", text)
}

// required compares the target with what the scenario says under require.
func (e *examination) required() {
	r := e.plan.Require
	if r.PerMinute.Least == 0 && r.Concurrent.Least == 0 && len(r.Kinds) == 0 {
		return
	}
	e.refused("require", fit.Required(e.plan.Require, e.limits, e.info), "all that the scenario requires is there", "the run is refused",
		"raise what is named, or relax require in the scenario")
}

// kinds compares the kinds.
func (e *examination) kinds() {
	if len(e.info.Runtimes) == 0 {
		e.unchecked("kinds", "the target does not say which kinds it has")
		return
	}
	fix := "choose a kind that is there, map it under kinds in a profile, or add it to the target's runtimes (chart: runtimes)"
	if e.embedded() {
		fix = "install what is named"
	}
	e.refused("kinds", fit.Kinds(e.plan, e.info), "all "+strings.Join(kindsOf(e.plan), ", ")+" are there", "the run is refused", fix)
}

// images compares architectures, where actions are made of images.
func (e *examination) images() {
	var named []string
	for _, cell := range e.plan.Cells {
		for _, a := range cell.Actions {
			if a.Image != nil {
				named = append(named, a.Image.String())
			}
		}
	}
	switch arch := target.Architecture(e.target); {
	case len(named) > 0:
		e.refused("images", fit.Images(e.plan, e.info, arch), fmt.Sprintf("%s: named for %s; what is inside shows when it starts",
			strings.Join(unique(named), ", "), cmp.Or(arch, "all architectures")), "the run is refused", "name an image for the architecture of the target")
	case e.embedded() || arch != "":
		e.fine("images", "no action is made of an image")
	default:
		e.unchecked("images", "no action is made of an image, and this OpenWhisk does not tell on which architectures those of its kinds run")
	}
}

// roles looks for a node of each role that the scenario asks for.
func (e *examination) roles() {
	const check = "placement"
	placer, can := e.target.(target.Placer)
	asked := e.plan.Roles()
	if len(asked) == 0 {
		return
	}
	if !can {
		e.add(Finding{Check: check, Verdict: Spoils, Found: e.target.Name() + " can neither place actions nor prove where they ran",
			Costs: "the run is refused", Fix: "leave the placement out, name the cluster in a profile, or run on the embedded OpenWhisk"})
		return
	}
	roles := map[string]bool{}
	for _, n := range placer.Nodes() {
		roles[n.Role] = true
	}
	if len(roles) == 0 {
		e.unchecked(check, "which nodes play which role shows when a run labels them, and doctor changes nothing on a cluster")
		return
	}
	for _, role := range asked {
		if !roles[role.Value] {
			e.add(Finding{Check: check, Verdict: Spoils, Found: "no node has the role " + role.Value, Costs: "the run is refused", Fix: "describe one in the profile"})
			return
		}
	}
	e.fine(check, "there is a node for each role")
}

// refused adds what a comparison says, each fault a line.
func (e *examination) refused(check string, err error, fine, costs, fix string) {
	if err == nil {
		e.fine(check, "%s", fine)
		return
	}
	e.add(Finding{Check: check, Verdict: Spoils, Found: err.Error(), Costs: costs, Fix: fix})
}

// kindsOf are the kinds of the plan's actions, each once.
func kindsOf(p *plan.Plan) (kinds []string) {
	for _, cell := range p.Cells {
		for _, a := range cell.Actions {
			if a.Image == nil {
				kinds = append(kinds, a.Kind)
			}
		}
	}
	return unique(kinds)
}

func unique(names []string) []string {
	slices.Sort(names)
	return slices.Compact(names)
}
