package dsl

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wsk-scenario/dsl/diag"
)

// FuzzRead: no panic, every place inside the file, and what reads without errors has cells in which everything has a
// value.
func FuzzRead(f *testing.F) {
	files, err := filepath.Glob("testdata/*/*.yaml")
	if err != nil || len(files) == 0 {
		f.Fatalf("no seeds: %v", err)
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(source, "2")
	}
	f.Fuzz(func(t *testing.T, source []byte, loops string) {
		opts := Options{Set: []Override{{"loops", loops}}}
		scenario, diags := Read("testdata/ok/fuzz.yaml", source, opts)
		lines := strings.Split(strings.TrimPrefix(string(source), "\ufeff"), "\n")
		for _, d := range diags {
			if d.Summary == "" || strings.Contains(d.Summary+d.Hint, "(MISSING)") {
				t.Errorf("a message is broken: %+v", d)
			}
			inFile(t, d.Range, lines)
		}
		if scenario == nil {
			if !diags.HasErrors() {
				t.Error("neither a scenario nor an error")
			}
			return
		}
		for _, c := range scenario.Cells() {
			readAll(t, scenario, c)
		}
	})
}

func inFile(t *testing.T, r diag.Range, lines []string) {
	for _, p := range []diag.Pos{r.Start, {Line: r.End.Line, Column: r.End.Column - 1}} {
		if !r.Start.Known() || r.File != "testdata/ok/fuzz.yaml" { // what a file includes is another
			return
		}
		if p.Line < 1 || p.Line > len(lines) || p.Column < 1 || p.Column > len([]rune(lines[p.Line-1]))+1 {
			t.Errorf("%v is not in the file", r)
		}
	}
}

// readAll reads what the engine reads; after loading nothing can fail.
func readAll(t *testing.T, s *Scenario, c Cell) {
	env := s.Env(c)
	for _, ph := range s.Phases {
		target, d := ph.Invoke.In(env)
		if _, action := s.Actions.Get(target); d != nil || !action {
			if _, sequence := s.Sequences.Get(target); d != nil || !sequence {
				t.Errorf("cell %s: phase %s invokes %q: %v", c.ID(), ph.Name.Path(), target, d)
			}
		}
		if ph.With != nil {
			if _, diags := ph.With.JSON(env); len(diags) > 0 {
				t.Errorf("cell %s: %v", c.ID(), diags)
			}
		}
	}
	for _, e := range s.Actions.Entries {
		if _, d := e.Value.Memory.In(env); d != nil {
			t.Errorf("cell %s: %v", c.ID(), d)
		}
	}
}
