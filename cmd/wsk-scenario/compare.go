package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"wsk-scenario/engine/compare"
	"wsk-scenario/engine/report"
	"wsk-scenario/engine/report/file"
	"wsk-scenario/engine/report/page"
	"wsk-scenario/engine/result"
)

// comparing is the flags of compare.
type comparing struct {
	primary, secondary, allow []string
	margin, calibration       string
	formats                   []string
	wanted                    []wish[*compare.Report]
	paired, tolerant, noColor bool
}

func newCompare(m Machine) *cobra.Command {
	var c comparing
	cmd := &cobra.Command{
		Use:   "compare BASE… -- NEW…",
		Short: "Judge new runs against base runs",
		Long: `Judges whether new runs of a scenario are slower, faster or the same as base runs.
The unit is the run, or each pass of a repeated one; invocations are never
pooled. It takes at least 10 runs a side, or 6 pairs, for a verdict. Name a
folder of results to take all in it. Run base and new in turns: what drifts
between them looks like a change.

A metric has regressed (or improved) when the exact test of Mann and Whitney (mid-p), or
the signed-rank test of pairs, sees a change, corrected by Holm's method, and the
ratio of medians is at least the margin; it is equivalent when the interval of
that ratio lies within the margin; otherwise it is inconclusive, and the
number of runs that would decide is said.

Formats, of which one without a file goes to the standard output; the others leave
it to what the terminal shows:

` + formsListed(c.forms(m)) + `
Where GITHUB_STEP_SUMMARY names a file, the comparison is appended to it as Markdown.
What is refused is written in these forms, too: they say why.

Exit codes: 0 equivalent or improved, 1 inconclusive or not judged, 2 the
command line is wrong, 3 base and new cannot be compared, 4 regressed.`,
		Example: `  wsk-scenario compare results/base -- results/new
  wsk-scenario compare results/base -- results/new --metric warm.response.p95 --margin 10%
  wsk-scenario compare --format html=changes.html --format junit=changes.xml results/base -- results/new
  wsk-scenario compare b1 b2 b3 b4 b5 b6 -- n1 n2 n3 n4 n5 n6 --paired`,
		RunE: func(cmd *cobra.Command, args []string) error {
			at := cmd.ArgsLenAtDash()
			if at < 1 || at >= len(args) {
				return wrong(errors.New("compare needs results on both sides of --, such as: wsk-scenario compare results/base -- results/new"))
			}
			if flag := slices.IndexFunc(args[at:], func(arg string) bool { return strings.HasPrefix(arg, "-") }); flag >= 0 {
				return wrong(fmt.Errorf("write %s before the results: what follows -- are the new ones", args[at+flag]))
			}
			return c.run(m, args[:at], args[at:])
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&c.primary, "metric", nil, "`metric` that the comparison is about, such as warm.response.p50; may be repeated")
	f.StringArrayVar(&c.secondary, "also", nil, "further `metric`, corrected as a family of its own; may be repeated")
	f.StringVar(&c.margin, "margin", "5%", "smallest `change` that counts")
	f.BoolVar(&c.paired, "paired", false, "the first of base belongs to the first of new, and so on")
	f.StringArrayVar(&c.allow, "allow", nil, "`kind` of difference that is meant: scenario, plan, code, cluster or generator; may be repeated")
	f.StringVar(&c.calibration, "calibration", "", "`FILE` of calibrate; default is calibration.json beside the base results, where there is one")
	f.BoolVar(&c.tolerant, "allow-inconclusive", false, "end with exit code 0 also when nothing can be decided")
	f.StringArrayVar(&c.formats, "format", nil, "`format` to write, with =FILE to a file; may be given several times")
	f.BoolVar(&c.noColor, "no-color", false, "write without colour")
	return complete(cmd, map[string]cobra.CompletionFunc{"format": formNames(c.forms(m)), "allow": words(kindNames()...)})
}

func (c *comparing) run(m Machine, base, latest []string) error {
	options, err := c.options()
	if err != nil {
		return err
	}
	if c.wanted, err = wishes("format", c.forms(m), c.formats); err != nil {
		return err
	}
	if err := oneOutput(c.wanted); err != nil {
		return err
	}
	a, err := openAll(base)
	if err != nil {
		return err
	}
	b, err := openAll(latest)
	if err != nil {
		return err
	}
	for _, metric := range slices.Concat(c.primary, c.secondary) {
		if _, err := compare.ParseMetric(metric, b[0].Plan); err != nil {
			return wrong(fmt.Errorf("--metric %s: %w", metric, err))
		}
	}
	r, err := compare.Compare(a, b, options)
	if err == nil {
		err = c.calibrated(r, base[0])
	}
	if err != nil {
		return errors.Join(err, c.refuse(m, compare.Refuse(a, b, options, err)))
	}
	if err := c.show(m, r); err != nil {
		return err
	}
	switch {
	case r.Verdict == compare.Regressed:
		return &exit{code: exitRegressed}
	case r.Verdict != compare.Equivalent && r.Verdict != compare.Improved && !c.tolerant:
		return &exit{code: exitUnmet}
	}
	return nil
}

// forms are all forms that a comparison can have.
func (c *comparing) forms(m Machine) []form[*compare.Report] {
	return []form[*compare.Report]{
		{name: "text", suffix: ".txt", about: "what the terminal shows", write: func(w io.Writer, r *compare.Report) error { return report.Terminal{Out: w}.Comparison(r) }},
		{name: "html", suffix: ".html", about: "one page with forest plots, which needs no network", write: page.Comparison},
		{name: "markdown", suffix: ".md", about: "for a page of GitHub or GitLab", write: file.ComparisonMarkdown},
		{name: "junit", suffix: ".junit.xml", about: "a test case for each metric of each cell, for CI",
			write: func(w io.Writer, r *compare.Report) error { return file.ComparisonJUnit(w, r, c.tolerant) }},
		{name: "json", suffix: ".json", about: "all that is said, by schema/comparison.schema.json", write: file.ComparisonJSON},
	}
}

// refuse writes the forms that were asked for of a comparison that was not made; the terminal hears of it from the error.
func (c *comparing) refuse(m Machine, r *compare.Report) error {
	if err := c.write(m, r); err != nil {
		return err
	}
	return c.summarize(m, r)
}

// write writes the forms that were asked for.
func (c *comparing) write(m Machine, r *compare.Report) error {
	for _, w := range c.wanted {
		if err := fulfil(m, w, r, r.Scenario, "-"); err != nil {
			return err
		}
	}
	return nil
}

// summarize appends the comparison to GitHub's page of the job, where there is one.
func (c *comparing) summarize(m Machine, r *compare.Report) error {
	if summary := m.Env("GITHUB_STEP_SUMMARY"); summary != "" {
		return appendSummary(summary, func(w io.Writer) error { return file.ComparisonMarkdown(w, r) })
	}
	return nil
}

// show writes the comparison in the forms that were asked for. What the terminal shows is written unless one of them goes there.
func (c *comparing) show(m Machine, r *compare.Report) error {
	if err := c.write(m, r); err != nil {
		return err
	}
	onScreen := func(w wish[*compare.Report]) bool { return w.file == "" || w.file == "-" }
	if !slices.ContainsFunc(c.wanted, onScreen) {
		s := m.screen(m.Out, c.noColor)
		if err := (report.Terminal{Out: s.out, Width: s.width, Color: s.color}).Comparison(r); err != nil {
			return err
		}
	}
	return c.summarize(m, r)
}

func (c *comparing) options() (compare.Options, error) {
	o := compare.Options{Primary: c.primary, Secondary: c.secondary, Paired: c.paired}
	margin, err := percent(c.margin)
	if err != nil {
		return o, wrong(fmt.Errorf("--margin: %w", err))
	}
	o.Margin = margin
	for _, kind := range c.allow {
		if err := oneOf("--allow", kind, kindNames()...); err != nil {
			return o, err
		}
		o.Allow = append(o.Allow, compare.Kind(kind))
	}
	return o, nil
}

// calibrated refuses a margin that the target cannot show, by the calibration beside the base results.
func (c *comparing) calibrated(r *compare.Report, base string) error {
	path := c.calibration
	if path == "" {
		path = calibrationBeside(base)
	}
	if path == "" {
		return nil // nobody calibrated
	}
	known, err := compare.ReadCalibration(path)
	if err != nil {
		return err
	}
	return known.Refuse(r)
}

// calibrationBeside is the newest calibration in the folder of results, in a folder of it, or in the one around it.
func calibrationBeside(results string) string {
	for _, pattern := range []string{results, filepath.Join(results, "*"), filepath.Dir(filepath.Clean(results))} {
		if found, err := filepath.Glob(filepath.Join(pattern, calibrationFile)); err == nil && len(found) > 0 {
			return found[len(found)-1] // the folders are named by their time, and Glob sorts
		}
	}
	return ""
}

func kindNames() (names []string) {
	for _, kind := range compare.Kinds {
		names = append(names, string(kind))
	}
	return names
}

// percent reads a share: 5% is 0.05. A bare number would leave open which of the two is meant.
func percent(text string) (float64, error) {
	number, ok := strings.CutSuffix(strings.TrimSpace(text), "%")
	value, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if !ok || err != nil || !(value > 0 && value < 100) {
		return 0, fmt.Errorf("%q is no percentage between 0%% and 100%%; write 5%%", text)
	}
	return value / 100, nil
}

// openAll reads results: each path is one, a folder of them, or one of folders of them.
func openAll(paths []string) (list []*result.Result, err error) {
	for _, path := range paths {
		within := []string{path}
		for _, below := range []string{"*", "*/*"} {
			if found, err := filepath.Glob(filepath.Join(path, below, "result.json")); err == nil && len(found) > 0 {
				within = found
				break
			}
		}
		for _, one := range within {
			r, err := result.Read(one)
			if err != nil {
				return nil, wrong(err)
			}
			list = append(list, r)
		}
	}
	return list, nil
}
