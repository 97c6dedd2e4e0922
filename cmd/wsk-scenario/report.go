package main

import (
	"errors"

	"github.com/spf13/cobra"
)

func newReport(m Machine) *cobra.Command {
	var noColor, header bool
	var formats []string
	cmd := &cobra.Command{
		Use:   "report RESULT",
		Short: "Show a saved result, or write it for other programs",
		Long: `Shows a saved result as it was shown after the run, or writes it in other forms.
It judges nothing: see wsk-scenario check. Formats:

` + formsListed(forms) + `
A format without a file goes to the standard output; there can be one of these.
Of a folder with the results of several scenarios, --format html=FILE writes a page
that lists them all, with the page of each beside it.`,
		Example: `  wsk-scenario report results/startup
  wsk-scenario report results/startup --format markdown
  wsk-scenario report results --format html=results/index.html
  wsk-scenario report results/startup --format junit=junit.xml --format parquet=calls.parquet
  wsk-scenario report results/owperf-action --format owperf --header`,
		Args: one("the folder of a result", "results/startup/20260701T123000.000Z"),
		RunE: func(_ *cobra.Command, args []string) error {
			wanted, err := wishes("format", forms, formats)
			if err != nil {
				return err
			}
			if err := oneOutput(wanted); err != nil {
				return err
			}
			if below := resultsBelow(args[0]); len(below) > 0 {
				return m.index(args[0], below, wanted)
			}
			r, folder, err := open(args[0])
			if err != nil {
				return err
			}
			if len(wanted) == 0 {
				return show(m.screen(m.Out, noColor), r, folder)
			}
			s, err := load(r, folder)
			if err != nil {
				return err
			}
			s.header = header
			for _, w := range wanted {
				if w.fits != nil && w.fits(r.Plan) != nil {
					return wrong(w.fits(r.Plan))
				}
				if err := fulfil(m, w, s, s.report.Scenario, "-"); err != nil {
					return err
				}
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&noColor, "no-color", false, "write without colour")
	cmd.Flags().BoolVar(&header, "header", false, "write the names of the columns ahead, in the formats of owperf")
	cmd.Flags().StringArrayVar(&formats, "format", nil, "`format` to write, with =FILE to a file; may be given several times")
	return complete(cmd, map[string]cobra.CompletionFunc{"format": formNames(forms)})
}

// oneOutput refuses two formats that would be mixed on the standard output.
func oneOutput[T any](wanted []wish[T]) error {
	n := 0
	for _, w := range wanted {
		if w.file == "" || w.file == "-" {
			n++
		}
	}
	if n > 1 {
		return wrong(errors.New("only one format can go to the standard output: name files for the others, such as --format junit=junit.xml"))
	}
	return nil
}

// formNames completes the names of formats in a shell.
func formNames[T any](forms []form[T]) cobra.CompletionFunc {
	return func(*cobra.Command, []string, string) (names []string, _ cobra.ShellCompDirective) {
		for _, f := range forms {
			names = append(names, f.name+"\t"+f.about)
		}
		return names, cobra.ShellCompDirectiveNoSpace | cobra.ShellCompDirectiveNoFileComp
	}
}
