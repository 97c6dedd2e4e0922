package main

import (
	"github.com/spf13/cobra"
)

func newReport(m Machine) *cobra.Command {
	var noColor bool
	cmd := &cobra.Command{
		Use:   "report RESULT",
		Short: "Show a saved result",
		Long: `Shows a saved result as it was shown after the run. It judges nothing: see wsk-
scenario check.`,
		Example: `  wsk-scenario report results/startup/20260701T123000.000Z`,
		Args:    one("the folder of a result", "results/startup/20260701T123000.000Z"),
		RunE: func(_ *cobra.Command, args []string) error {
			r, folder, err := open(args[0])
			if err != nil {
				return err
			}
			return show(m.screen(m.Out, noColor), r, folder)
		},
	}
	cmd.Flags().BoolVar(&noColor, "no-color", false, "write without colour")
	return cmd
}
