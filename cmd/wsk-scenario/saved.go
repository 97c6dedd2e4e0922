package main

import (
	"path/filepath"
	"strings"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/result"
	"wsk-scenario/engine/slo"
)

// open reads a saved result by its folder, by the result.json in it, or as the newest of a scenario by the folder of its
// results.
func open(path string) (*result.Result, string, error) {
	if newest, err := filepath.Glob(filepath.Join(path, "*", "result.json")); err == nil && len(newest) > 0 {
		path = newest[len(newest)-1] // the folders are named by their time, and Glob sorts
	}
	r, err := result.Read(path)
	if err != nil {
		return nil, "", wrong(err)
	}
	return r, strings.TrimSuffix(filepath.Clean(path), string(filepath.Separator)+"result.json"), nil
}

// sourcesOf gives the texts of a bundle the names that the plan's places have.
func sourcesOf(r *result.Result, kept map[string][]byte) diag.Sources {
	sources := diag.Sources(kept)
	if text, ok := kept[filepath.Base(r.Plan.File)]; ok {
		sources[r.Plan.File] = text
	}
	return sources
}

// judgeAgain computes summaries and verdicts anew from the saved samples, as the run did from its own.
func judgeAgain(r *result.Result, folder string) error {
	type key struct{ cell, phase int }
	samples := map[key][]measure.Sample{}
	err := result.Samples(folder, func(s *measure.Sample) error {
		k := key{s.Cell, s.Phase}
		samples[k] = append(samples[k], *s)
		return nil
	})
	if err != nil {
		return err
	}
	for i, s := range r.Summaries {
		phase := r.Plan.Cells[s.Cell].Phases[s.Phase]
		again := measure.Summarize(s.Cell, s.Phase, phase.Name, measure.Wanted(phase.Start), samples[key{s.Cell, s.Phase}])
		again.Cut = s.Cut
		r.Summaries[i] = again
	}
	r.Verdicts = slo.Judge(r.Plan, r.Summaries)
	return nil
}
