package main

import (
	"path/filepath"
	"strings"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/engine/result"
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
