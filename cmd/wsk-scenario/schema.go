package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/schema"
)

// schemas are the kinds of files that have a JSON Schema; the first is the usual one.
var schemas = []struct {
	name string
	text func() []byte
}{
	{"scenario", schema.Scenario},
	{"cluster", schema.Cluster},
	{"report", schema.Report},
	{"comparison", schema.Comparison},
}

func newSchema(m Machine) *cobra.Command {
	var names []string
	for _, s := range schemas {
		names = append(names, s.name)
	}
	return &cobra.Command{
		Use:   "schema [scenario|cluster|report|comparison]",
		Short: "Print the JSON Schema of scenarios, cluster profiles, reports or comparisons",
		Long: `Prints the JSON Schema of the language, from which editors complete and explain
keys, or of what report and compare write as JSON; scenario when not said. An editor finds it by a first line in the file,
such as

  # yaml-language-server: $schema=scenario.schema.json`,
		Example: `  wsk-scenario schema > scenario.schema.json
  wsk-scenario schema cluster > cluster.schema.json`,
		ValidArgs: names,
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				args = names[:1]
			}
			for _, s := range schemas {
				if len(args) == 1 && s.name == args[0] {
					_, err := m.Out.Write(s.text())
					return err
				}
			}
			return wrong(fmt.Errorf("there is no schema %q: %s", args[len(args)-1], diag.Suggest(args[len(args)-1], names)))
		},
	}
}
