package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"wsk-scenario/dsl/diag"
)

// validation is the flags of validate.
type validation struct {
	choices
	tags    []string
	format  string
	strict  bool
	noColor bool
}

func newValidate(m Machine) *cobra.Command {
	var v validation
	cmd := &cobra.Command{
		Use:   "validate FILE|FOLDER…",
		Short: "Find every fault in scenarios and profiles without touching anything",
		Long: `Reads scenarios and cluster profiles, in folders all of them, and reports all
faults at once, each with its place. No connection is opened.

Exit codes: 0 no fault, 2 a fault was found.`,
		Example: `  wsk-scenario validate scenarios
  wsk-scenario validate --strict --format github scenarios/*.yaml`,
		Args:              files,
		ValidArgsFunction: scenarioFiles,
		RunE:              func(_ *cobra.Command, args []string) error { return v.run(m, args) },
	}
	v.flags(cmd.Flags())
	cmd.Flags().StringVar(&v.format, "format", "text",
		"how to write the faults: text, json or github (annotations of a workflow)")
	tagFlag(cmd.Flags(), &v.tags)
	cmd.Flags().BoolVar(&v.strict, "strict", false, "take warnings for errors")
	cmd.Flags().BoolVar(&v.noColor, "no-color", false, "write without colour")
	return complete(cmd, map[string]cobra.CompletionFunc{"set": variables, "format": words("text", "json", "github")})
}

func (v *validation) run(m Machine, files []string) error {
	if err := oneOf("--format", v.format, "text", "json", "github"); err != nil {
		return err
	}
	files, err := expand(files)
	if err != nil {
		return err
	}
	scenarios, err := v.load(m, files)
	if err != nil {
		return err
	}
	if scenarios, err = tagged(scenarios, v.tags); err != nil {
		return err
	}
	faults, sources := faultsOf(m, scenarios)
	if err := v.write(m, scenarios, faults, sources); err != nil {
		return err
	}
	if faults.HasErrors() || (v.strict && len(faults) > 0) {
		return &exit{code: exitWrong}
	}
	return nil
}

// write tells people on the error stream what is wrong, and on the other what is right; programs read one stream.
func (v *validation) write(m Machine, scenarios []loaded, faults diag.List, sources diag.Sources) error {
	switch v.format {
	case "json":
		return diag.Printer{Out: m.Out, Sources: sources}.JSON(faults)
	case "github":
		return diag.Printer{Out: m.Out, Sources: sources}.GitHub(faults)
	}
	if err := tell(m.screen(m.Err, v.noColor), faults, sources); err != nil {
		return err
	}
	for _, l := range scenarios {
		if l.profile != nil {
			fmt.Fprintf(m.Out, "%s: valid, a profile of %s\n", l.file, where(l.profile))
		}
		if l.plan != nil {
			calls := plural(l.plan.Estimate().Invocations, "call")
			if !l.plan.Estimate().Exact {
				calls = "at least " + calls
			}
			fmt.Fprintf(m.Out, "%s: valid, cells: %d, %s\n", l.file, len(l.plan.Cells), calls)
		}
	}
	return nil
}

// tell draws faults for people, with their number as the last line.
func tell(s screen, faults diag.List, sources diag.Sources) error {
	if len(faults) == 0 {
		return nil
	}
	if err := s.printer(sources).Text(faults); err != nil {
		return fmt.Errorf("write the faults: %w", err)
	}
	_, err := fmt.Fprintf(s.out, "\n%s\n", diag.Summary(faults))
	return err
}

// oneOf checks a flag that takes one of a few words.
func oneOf(flag, value string, words ...string) error {
	for _, w := range words {
		if value == w {
			return nil
		}
	}
	return wrong(fmt.Errorf("%s cannot be %q: %s", flag, value, diag.Suggest(value, words)))
}
