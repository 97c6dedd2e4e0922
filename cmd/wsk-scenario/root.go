package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"wsk-scenario/dsl/diag"
)

// newRoot is the program's command line.
func newRoot(m Machine) *cobra.Command {
	root := &cobra.Command{
		Use:   "wsk-scenario",
		Short: "Measure Apache OpenWhisk with scenarios",
		Long: `wsk-scenario measures Apache OpenWhisk. A scenario, written in YAML, says what
is created, what is called, how often, and what must hold; wsk-scenario runs
it, on a real OpenWhisk or on an embedded one that starts real processes, and
reports what was measured, what was proved and what was not.`,
		Example: `  wsk-scenario validate scenarios
  wsk-scenario plan scenarios/startup.yaml
  wsk-scenario run scenarios/startup.yaml --set loops=20`,
		Version:       about(),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknownCommand(cmd, args[0])
			}
			return cmd.Help()
		},
	}
	root.SetVersionTemplate("{{.Version}}\n")
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(newRun(m), newRerun(m), newValidate(m), newPlan(m), newDoctor(m), newCheck(m), newReport(m), newSamples(m), newCompare(m),
		newCalibrate(m), newUp(m), newDown(m), newStandalone(m),
		newNew(m), newExplain(m), newSchema(m), newVersion(m), newWorker(m), newRuntime(m))
	return root
}

// unknownCommand names the nearest command instead of printing the help.
func unknownCommand(root *cobra.Command, name string) error {
	names := []string{"help", "completion"}
	for _, c := range root.Commands() {
		if c.Hidden {
			continue
		}
		names = append(names, c.Name())
	}
	return wrong(fmt.Errorf("unknown command %q%s (wsk-scenario --help lists them)", name, nearest(name, "", names)))
}

// flagError makes a short sentence of what is wrong with a flag.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) {
		return wrong(fmt.Errorf("%w (%s --help)", err, cmd.CommandPath()))
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	name, dashes := unknown.GetSpecifiedName(), "--"
	if len(unknown.GetSpecifiedShortnames()) > 0 {
		dashes = "-"
	}
	return wrong(fmt.Errorf("unknown flag %s%s%s (%s --help lists them)", dashes, name, nearest(name, "--", names),
		cmd.CommandPath()))
}

func nearest(name, prefix string, names []string) string {
	near := diag.Nearest(name, names)
	if len(near) == 0 {
		return ""
	}
	return ", did you mean " + prefix + strings.Join(near, " or "+prefix) + "?"
}

// files takes one or more file names and says with an example what is missing.
func files(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return wrong(fmt.Errorf("%s needs a scenario's file, such as: %s scenarios/startup.yaml", cmd.Name(), cmd.CommandPath()))
	}
	return nil
}

// one takes exactly one argument, named by what.
func one(what, example string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != 1 {
			return wrong(fmt.Errorf("%s needs %s, such as: %s %s", cmd.Name(), what, cmd.CommandPath(), example))
		}
		return nil
	}
}

// none takes no arguments.
func none(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return wrong(fmt.Errorf("%s takes no arguments, but got %q", cmd.Name(), args[0]))
	}
	return nil
}

// scenarioFiles completes names of YAML files in a shell.
func scenarioFiles(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return []string{"yaml", "yml"}, cobra.ShellCompDirectiveFilterFileExt
}
