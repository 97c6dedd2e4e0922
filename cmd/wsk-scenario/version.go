package main

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"
)

func newVersion(m Machine) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  none,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintf(m.Out, "wsk-scenario %s (%s, %s/%s)\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return err
		},
	}
}
