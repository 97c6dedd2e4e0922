package main

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/spf13/cobra"

	"wsk-scenario/engine/cluster"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/report"
)

// planning is the flags of plan.
type planning struct {
	choices
	format             string
	manifests, noColor bool
}

func newPlan(m Machine) *cobra.Command {
	var p planning
	cmd := &cobra.Command{
		Use:   "plan FILE",
		Short: "Show what a run would do",
		Long: `Shows the cells, phases, actions and number of calls that a run of the scenario
would have, how long it would take and how much memory the containers would
need. No connection is opened. Two plans with the same fingerprint measure the
same thing. docs/plan.md explains the JSON form.

--manifests shows instead the objects of the Helm releases that it would install
on a Kubernetes cluster, one after the other where cells want different ones,
with the values of secrets hidden. The cluster is not asked; only a chart that is
not of this machine is fetched.`,
		Example: `  wsk-scenario plan scenarios/startup.yaml
  wsk-scenario plan scenarios/startup.yaml --set loops=100 --format json
  wsk-scenario plan scenarios/startup.yaml --cluster k3s.yaml --manifests`,
		Args:              one("a scenario's file", "scenarios/startup.yaml"),
		ValidArgsFunction: scenarioFiles,
		RunE: func(cmd *cobra.Command, args []string) error {
			if p.manifests && cmd.Flags().Changed("format") {
				return wrong(errors.New("--manifests is YAML: leave --format out"))
			}
			return p.show(cmd.Context(), m, args[0])
		},
	}
	f := cmd.Flags()
	p.choices.flags(f)
	f.StringVar(&p.format, "format", "text", "how to write the plan: text or json")
	f.BoolVar(&p.manifests, "manifests", false, "show the objects of the Helm releases that would be installed")
	f.BoolVar(&p.noColor, "no-color", false, "write without colour")
	return complete(cmd, map[string]cobra.CompletionFunc{"set": variables, "format": words("text", "json")})
}

// show writes the plan of a file, or the objects of its releases.
func (p *planning) show(ctx context.Context, m Machine, file string) error {
	if err := oneOf("--format", p.format, "text", "json"); err != nil {
		return err
	}
	scenarios, err := p.load(m, []string{file})
	if err != nil {
		return err
	}
	if err := noProfiles("plan", scenarios); err != nil {
		return err
	}
	faults, sources := faultsOf(m, scenarios)
	if err := tell(m.screen(m.Err, p.noColor), faults, sources); err != nil {
		return err
	}
	made := scenarios[len(scenarios)-1].plan
	switch {
	case made == nil || faults.HasErrors():
		return &exit{code: exitWrong}
	case p.manifests:
		return showManifests(ctx, m, made)
	case p.format == "json":
		return report.PlanJSON(m.Out, made)
	}
	return report.Plan(m.Out, made, m.screen(m.Out, p.noColor).width)
}

// showManifests writes the objects of every release that cells of the plan want, each once.
func showManifests(ctx context.Context, m Machine, p *plan.Plan) error {
	var shown []*plan.Deployment
	for i := range p.Cells {
		d := p.Cells[i].Deployment
		if d == nil || slices.ContainsFunc(shown, func(other *plan.Deployment) bool { return reflect.DeepEqual(d, other) }) {
			continue
		}
		shown = append(shown, d)
		text, err := cluster.Manifests(ctx, *p.Cluster.Kubernetes, *d)
		if err != nil {
			return wrong(err)
		}
		fmt.Fprintf(m.Out, "# cell %s\n%s", p.Cells[i].ID, text)
	}
	if len(shown) == 0 {
		return wrong(errors.New("--manifests: neither the scenario nor a profile (--cluster FILE) has a deployment"))
	}
	return nil
}
