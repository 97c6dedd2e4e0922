package main

import (
	"github.com/spf13/cobra"
)

func newCheck(m Machine) *cobra.Command {
	var noColor bool
	cmd := &cobra.Command{
		Use:   "check RESULT",
		Short: "Judge a saved result again",
		Long: `Computes the figures of a saved result anew from its samples, judges the
assertions on them and shows the verdicts.

Exit codes: 0 all met, 1 an assertion failed or had no data, 2 there is no such
result, 3 the run could not be finished, 130 it was interrupted.`,
		Example: `  wsk-scenario check results/startup/20260701T123000.000Z`,
		Args:    one("the folder of a result", "results/startup/20260701T123000.000Z"),
		RunE: func(_ *cobra.Command, args []string) error {
			r, folder, err := open(args[0])
			if err != nil {
				return err
			}
			if err := r.Judge(folder); err != nil {
				return err
			}
			if err := show(m.screen(m.Out, noColor), r, folder); err != nil {
				return err
			}
			return ended(r)
		},
	}
	cmd.Flags().BoolVar(&noColor, "no-color", false, "write without colour")
	return cmd
}
