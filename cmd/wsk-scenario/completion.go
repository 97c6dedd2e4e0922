package main

import (
	"os"

	"github.com/spf13/cobra"

	"wsk-scenario/dsl"
)

// variables completes --set in a shell: the variables of the files that stand on the command line, each with its "=".
func variables(_ *cobra.Command, files []string, _ string) (list []string, _ cobra.ShellCompDirective) {
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			continue // the command itself will say so
		}
		for _, name := range dsl.VarNames(file, source) {
			list = append(list, name+"=")
		}
	}
	return list, cobra.ShellCompDirectiveNoSpace | cobra.ShellCompDirectiveNoFileComp
}

// words completes a flag that takes one of a few words.
func words(list ...string) cobra.CompletionFunc {
	return cobra.FixedCompletions(list, cobra.ShellCompDirectiveNoFileComp)
}

// complete tells the shell how to complete flags of cmd, those of them that it has.
func complete(cmd *cobra.Command, flags map[string]cobra.CompletionFunc) *cobra.Command {
	for name, f := range flags {
		if err := cmd.RegisterFlagCompletionFunc(name, f); err != nil {
			panic(err) // a flag that cmd does not have: a mistake of the programmer
		}
	}
	return cmd
}
