package main

import (
	"github.com/spf13/cobra"

	"wsk-scenario/engine/report"
)

func newPlan(m Machine) *cobra.Command {
	var c choices
	var format string
	var noColor bool
	cmd := &cobra.Command{
		Use:   "plan FILE",
		Short: "Show what a run would do",
		Long: `Shows the cells, phases, actions and number of calls that a run of the scenario
would have, how long it would take and how much memory the containers would
need. No connection is opened. Two plans with the same fingerprint measure the
same thing. docs/plan.md explains the JSON form.`,
		Example: `  wsk-scenario plan scenarios/startup.yaml
  wsk-scenario plan scenarios/startup.yaml --set loops=100 --format json`,
		Args:              one("a scenario's file", "scenarios/startup.yaml"),
		ValidArgsFunction: scenarioFiles,
		RunE: func(_ *cobra.Command, args []string) error {
			if err := oneOf("--format", format, "text", "json"); err != nil {
				return err
			}
			return showPlan(m, &c, args[0], format, noColor)
		},
	}
	c.flags(cmd.Flags())
	cmd.Flags().StringVar(&format, "format", "text", "how to write the plan: text or json")
	cmd.Flags().BoolVar(&noColor, "no-color", false, "write without colour")
	return complete(cmd, map[string]cobra.CompletionFunc{"set": variables, "format": words("text", "json")})
}

func showPlan(m Machine, c *choices, file, format string, noColor bool) error {
	scenarios, err := c.load(m, []string{file})
	if err != nil {
		return err
	}
	if err := noProfiles("plan", scenarios); err != nil {
		return err
	}
	faults, sources := faultsOf(m, scenarios)
	if err := tell(m.screen(m.Err, noColor), faults, sources); err != nil {
		return err
	}
	p := scenarios[len(scenarios)-1].plan
	if p == nil || faults.HasErrors() {
		return &exit{code: exitWrong}
	}
	if format == "text" {
		return report.Plan(m.Out, p, m.screen(m.Out, noColor).width)
	}
	return report.PlanJSON(m.Out, p)
}
