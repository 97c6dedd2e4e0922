package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/report/chart"
	"wsk-scenario/engine/report/content"
	"wsk-scenario/engine/report/file"
	"wsk-scenario/engine/report/owperf"
	"wsk-scenario/engine/report/page"
	"wsk-scenario/engine/report/serverlessbench"
	"wsk-scenario/engine/result"
)

// saved is a saved result while it is reported: what to say, and the samples behind it.
type saved struct {
	result  *result.Result
	folder  string
	report  *content.Report
	samples file.Samples
	header  bool // with the names of the columns, in a form that has them only then
}

// form is one form of a report of T.
type form[T any] struct {
	name, suffix, about string
	binary              bool
	write               func(w io.Writer, of T) error
	// fits says why a plan has no report of this form; nil where every plan has one.
	fits func(*plan.Plan) error
}

// forms are all forms that a report can have. The name of the file in a result's folder is report and the suffix.
var forms = []form[*saved]{
	{name: "html", suffix: ".html", about: "one page with charts, which needs no network", write: writePage},
	{name: "text", suffix: ".txt", about: "what the terminal shows", write: func(w io.Writer, s *saved) error { return s.text(screen{out: w}) }},
	{name: "markdown", suffix: ".md", about: "for a page of GitHub or GitLab", write: plainly(file.Markdown)},
	{name: "junit", suffix: ".junit.xml", about: "a test case for each phase and assertion, for CI", write: plainly(file.JUnit)},
	{name: "json", suffix: ".json", about: "all that is said, by schema/report.schema.json", write: plainly(file.JSON)},
	{name: "csv", suffix: ".csv", about: "the summaries: a row for each metric of each phase", write: plainly(file.CSV)},
	{name: "parquet", suffix: ".parquet", about: "every call, for pandas or DuckDB", binary: true, write: func(w io.Writer, s *saved) error { return file.Parquet(w, s.report, s.samples) }},
	{name: "openmetrics", suffix: ".prom", about: "for Prometheus' text-file collector", write: plainly(file.OpenMetrics)},
	{name: "vega-lite", suffix: ".vl.json", about: "the charts as a specification, for papers and notebooks", write: writeVega},
	{name: "latex", suffix: ".tex", about: "the table of figures, with booktabs", write: plainly(file.LaTeX)},
	{name: "methods", suffix: ".methods.txt", about: "a paragraph that says how it was measured", write: plainly(file.Methods)},
	{name: "owperf", suffix: ".owperf.csv", about: "owperf's row of 88 columns, by its own arithmetic", write: owperfRow(owperf.Compat), fits: fitsOwperf},
	{name: "owperf-corrected", suffix: ".owperf-corrected.csv", about: "the same columns, as their names say", write: owperfRow(owperf.Corrected), fits: fitsOwperf},
	{name: "serverlessbench", suffix: ".serverlessbench.txt", about: "what ServerlessBench's scripts print", fits: serverlessbench.Fits,
		write: func(w io.Writer, s *saved) error {
			return serverlessbench.Text(w, s.result, serverlessbench.Samples(s.samples))
		}},
	{name: "serverlessbench-csv", suffix: ".serverlessbench.csv", about: "the moments of every call, as in their result.csv", fits: serverlessbench.Fits,
		write: func(w io.Writer, s *saved) error {
			return serverlessbench.CSV(w, s.result, serverlessbench.Samples(s.samples))
		}},
}

// writePage draws the samples, too.
func writePage(w io.Writer, s *saved) error {
	charts, err := chart.New(s.report, s.twice)
	if err != nil {
		return err
	}
	return page.HTML(w, s.report, charts, file.MethodsText(s.report))
}

// writeVega draws the samples, too.
func writeVega(w io.Writer, s *saved) error {
	charts, err := chart.New(s.report, s.twice)
	if err != nil {
		return err
	}
	return file.VegaLite(w, s.report, charts)
}

// twice goes through the samples; that is faster without their ids.
func (s *saved) twice(ids bool, each func(*measure.Sample) error) error {
	if ids {
		return s.samples(each)
	}
	var fault error
	err := result.Outcomes(s.folder, func(sample *measure.Sample) {
		if fault == nil {
			fault = each(sample)
		}
	})
	return errors.Join(fault, err)
}

// owperfRow writes owperf's row in one of its definitions.
func owperfRow(by owperf.Definition) func(io.Writer, *saved) error {
	return func(w io.Writer, s *saved) error {
		return owperf.Write(w, s.result, owperf.Samples(s.samples), by, s.header)
	}
}

// fitsOwperf says why a plan has no row of owperf.
func fitsOwperf(p *plan.Plan) error {
	_, err := owperf.Tests(p)
	return err
}

func plainly(write func(io.Writer, *content.Report) error) func(io.Writer, *saved) error {
	return func(w io.Writer, s *saved) error { return write(w, s.report) }
}

// formsListed is the help text of forms.
func formsListed[T any](forms []form[T]) string {
	var text strings.Builder
	for _, f := range forms {
		fmt.Fprintf(&text, "  %-20s %s\n", f.name, f.about)
	}
	return text.String()
}

// wish is a form and where it shall go: FORMAT, or FORMAT=FILE.
type wish[T any] struct {
	form[T]
	file string // empty where no file was named; - is the standard output
}

// wishes reads the values of --format or --report.
func wishes[T any](flag string, forms []form[T], values []string) (list []wish[T], err error) {
	for _, value := range values {
		name, path, named := strings.Cut(value, "=")
		if named && path == "" {
			return nil, wrong(fmt.Errorf("--%s %s names no file behind the =", flag, value))
		}
		var names []string
		found := false
		for _, f := range forms {
			names = append(names, f.name)
			if f.name == name {
				list, found = append(list, wish[T]{f, path}), true
			}
		}
		if !found {
			return nil, wrong(fmt.Errorf("--%s: there is no format %q: %s", flag, name, diag.Suggest(name, names)))
		}
	}
	return list, nil
}

// load makes the report of the result in a folder.
func load(r *result.Result, folder string) (*saved, error) {
	examples, err := examplesIn(folder)
	if err != nil {
		return nil, err
	}
	report := content.New(content.Source{
		Result: r, Folder: folder, Column: columns(r),
		Example: func(cell, phase int, o measure.Outcome) string { return examples[ending{cell, phase, o}] },
	})
	samples := func(each func(*measure.Sample) error) error { return result.Samples(folder, each) }
	return &saved{result: r, folder: folder, report: report, samples: samples}, nil
}

// fulfil writes one form of a report on a scenario. usual is where it goes when no file was named; - is m's output.
func fulfil[T any](m Machine, w wish[T], of T, scenario, usual string) error {
	path := w.file
	if path == "" {
		path = usual
	}
	if path != "-" {
		return writeWhole(strings.ReplaceAll(path, "{scenario}", scenario), func(out io.Writer) error { return w.write(out, of) })
	}
	if w.binary && m.screen(m.Out, true).terminal {
		return wrong(fmt.Errorf("%s is nothing to look at: write it to a file, --format %s=samples.parquet", w.name, w.name))
	}
	return w.write(m.Out, of)
}

// writeWhole writes a file whole or not at all.
func writeWhole(path string, write func(io.Writer) error) error {
	next, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".")
	if err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	err = errors.Join(write(next), next.Chmod(0o644), next.Close())
	if err == nil {
		err = os.Rename(next.Name(), path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write the report %s: %w", path, err), os.Remove(next.Name()))
	}
	return nil
}
