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
	of, err := load(r, folder)
	if err != nil {
		return err
	}
	return of.text(s)
}

// text writes what the terminal shows.
func (s *saved) text(on screen) error {
	kept, err := result.Sources(s.folder)
	if err != nil {
		return err
	}
	return report.Terminal{Out: on.out, Width: on.width, Color: on.color, Sources: sourcesOf(s.result, kept)}.Result(s.report)
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
