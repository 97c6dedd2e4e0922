package main

import (
	"wsk-scenario/dsl/diag"
	"wsk-scenario/dsl/expr"
	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/report"
	"wsk-scenario/engine/result"
	"wsk-scenario/engine/slo"
)

// show writes the whole report of the result in folder.
func show(s screen, r *result.Result, folder string) error {
	t, err := terminal(s, r, folder)
	if err != nil {
		return err
	}
	return t.Result(r)
}

// terminal is the report's writer with all that the bundle in folder holds.
func terminal(s screen, r *result.Result, folder string) (report.Terminal, error) {
	kept, err := result.Sources(folder)
	if err != nil {
		return report.Terminal{}, err
	}
	examples, err := examplesIn(folder)
	if err != nil {
		return report.Terminal{}, err
	}
	return report.Terminal{
		Out: s.out, Width: s.width, Color: s.color, Folder: folder, Sources: sourcesOf(r, kept),
		Cells: columns(r),
		Example: func(cell, phase int, o measure.Outcome) string {
			return examples[ending{cell, phase, o}]
		},
	}, nil
}

// ending is one way in which calls of a phase ended.
type ending struct {
	cell, phase int
	outcome     measure.Outcome
}

// examplesIn keeps the first error text of each ending.
func examplesIn(folder string) (map[ending]string, error) {
	examples := map[ending]string{}
	err := result.Outcomes(folder, func(s *measure.Sample) {
		key := ending{s.Cell, s.Phase, s.Outcome}
		if s.Error != "" && examples[key] == "" {
			examples[key] = s.Error
		}
	})
	return examples, err
}

// columns evaluates the columns of the scenario's own tables.
func columns(r *result.Result) func(int, diag.Text) (string, bool) {
	scope := r.Plan.Scope()
	return func(cell int, column diag.Text) (string, bool) {
		program, faults := expr.Compile(column, scope, expr.Any)
		if faults.HasErrors() {
			return "", false
		}
		value, err := program.Eval(slo.NewValues(r.Plan, cell, r.Summaries, r.Known()).Get)
		if err != nil {
			return "", false
		}
		return expr.Format(value), true
	}
}
