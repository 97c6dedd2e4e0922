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
			_, err := fmt.Fprintln(m.Out, about())
			return err
		},
	}
}

// about is the line that says which program this is.
func about() string {
	return fmt.Sprintf("wsk-scenario %s (%s, %s/%s)", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
