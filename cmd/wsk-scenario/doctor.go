package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"wsk-scenario/engine/doctor"
	"wsk-scenario/engine/plan"
)

// looking is the flags of doctor.
type looking struct {
	running
	format  string
	noProbe bool
}

func newDoctor(m Machine) *cobra.Command {
	var d looking
	cmd := &cobra.Command{
		Use:   "doctor [FILE…]",
		Short: "Look for what would spoil a run",
		Long: `Compares what scenarios need with what the target and this machine have: limits
of invocations and of actions, sizes of code and payloads, memory for containers,
kinds and images, clocks, control groups, open files, disk space, and what the
load generator can send from here. Each finding says what it costs and what
mends it. What could not be checked is listed with the reason, never as fine.

Clocks are read from the records of a few calls of an action of its own, which is
removed again; --no-probe makes none, but for the one that shows that a cluster of
a profile works. Nothing is installed there and no node is labelled. Without a FILE only the
target and this machine are looked at.

Exit codes: 0 nothing that spoils a run, 1 something will, 2 a scenario or the
command line is wrong, 3 the target could not be looked at, 130 interrupted.`,
		Example: `  wsk-scenario doctor
  wsk-scenario doctor scenarios/startup.yaml --cluster scenarios/clusters/throttled.yaml
  WSK_AUTH=uuid:key wsk-scenario doctor scenarios/startup.yaml --apihost https://openwhisk.example.org`,
		ValidArgsFunction: scenarioFiles,
		RunE:              func(cmd *cobra.Command, args []string) error { return d.all(cmd.Context(), m, args) },
	}
	f := cmd.Flags()
	d.choices.flags(f)
	d.access.flags(f)
	f.StringVar(&d.results, "results", "results", "`folder` that results would be kept in")
	f.StringVar(&d.format, "format", "text", "how to write the findings: text or json")
	f.BoolVar(&d.noProbe, "no-probe", false, "call nothing on the target but what shows that the OpenWhisk of a cluster works")
	tagFlag(f, &d.tags)
	return complete(cmd, map[string]cobra.CompletionFunc{"set": variables, "format": words("text", "json")})
}

// all looks at every scenario where it would run, and at this machine once.
func (d *looking) all(ctx context.Context, m Machine, files []string) error {
	if err := oneOf("--format", d.format, "text", "json"); err != nil {
		return err
	}
	if d.results == "" {
		return wrong(errors.New("--results needs the name of a folder"))
	}
	scenarios, err := d.checked(m, files)
	if err != nil {
		return err
	}
	plans := d.plans(scenarios)
	cache, err := m.cacheDir()
	if err != nil {
		return err
	}
	generator, untried := doctor.Calibrate(ctx)
	var findings []doctor.Finding
	var unreached error
	for _, p := range plans {
		for _, s := range d.subjects(m, cache, p, len(files) > 0) {
			s.Options = doctor.Options{CacheDir: cache, Results: d.results, Probe: !d.noProbe}
			list, err := doctor.Examine(ctx, s)
			if ctx.Err() != nil {
				return &exit{code: exitInterrupted}
			}
			findings, unreached = append(findings, list...), errors.Join(unreached, err)
		}
		if len(files) == 0 {
			p = nil
		}
		findings = append(findings, generator.Of(p, untried)...)
	}
	if err := d.write(m, findings); err != nil {
		return err
	}
	switch {
	case unreached != nil:
		return &exit{exitCannot, unreached}
	case doctor.Worst(findings) == doctor.Spoils:
		return &exit{code: exitUnmet}
	}
	return nil
}

// subjects are what is looked at for a plan: the target without what a run changes on it, as doctor installs nothing and labels
// no node. Where each role has a release of its own, that is each release that the plan calls, with the cells that do so; all of
// them where no scenario is named.
func (d *looking) subjects(m Machine, cache string, p *plan.Plan, named bool) (list []doctor.Subject) {
	one := doctor.Subject{Plan: p}
	if !named {
		one.Plan = nil
	}
	if d.kubernetes == nil {
		one.Target = d.target(m, cache, p, nil)
		return []doctor.Subject{one}
	}
	k := *d.kubernetes
	k.Deployment = nil
	if len(k.Releases) == 0 {
		k.Roles = nil
		one.Target = d.onKubernetes(m, k, nil, false)
		return []doctor.Subject{one}
	}
	for _, r := range d.kubernetes.Releases {
		k.Releases = []plan.Release{r}
		s := doctor.Subject{Target: d.onKubernetes(m, k, nil, false), Release: fmt.Sprintf("%s (%s)", r.Name, r.Role)}
		if named {
			part := *p
			part.Cells = slices.DeleteFunc(slices.Clone(p.Cells), func(c plan.Cell) bool { return d.kubernetes.Serving(&c).Name != r.Name })
			if s.Plan = &part; len(part.Cells) == 0 {
				continue
			}
		}
		list = append(list, s)
	}
	return list
}

// plans are those of the scenarios; without any, one that calls nothing, where the profile says.
func (d *looking) plans(scenarios []loaded) (list []*plan.Plan) {
	for _, l := range scenarios {
		if l.plan != nil {
			list = append(list, l.plan)
		}
	}
	if len(list) > 0 {
		return list
	}
	empty := &plan.Plan{Seed: d.seed}
	if site := d.site(scenarios); site != nil {
		empty.Cluster = plan.ClusterOf(site.profile)
		empty.Nodes = empty.Cluster.Nodes
	}
	return []*plan.Plan{empty}
}

func (d *looking) write(m Machine, findings []doctor.Finding) error {
	for i := range findings { // what a target answers may hold credentials
		f := &findings[i]
		for _, text := range []*string{&f.Found, &f.Costs, &f.Fix, &f.Reason} {
			*text = m.secrets.String(*text)
		}
	}
	if d.format == "json" {
		return doctor.JSON(m.Out, fmt.Sprintf("wsk-scenario %s", version), findings)
	}
	return doctor.Text(m.Out, findings, m.screen(m.Out, true).width)
}
