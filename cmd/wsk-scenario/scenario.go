package main

import (
	"fmt"
	"os"

	"github.com/spf13/pflag"

	"wsk-scenario/dsl"
	"wsk-scenario/dsl/diag"
	"wsk-scenario/engine/plan"
)

// choices are the flags that decide what plan a scenario gives.
type choices struct {
	set  []string
	seed uint64
}

func (c *choices) flags(f *pflag.FlagSet) {
	f.StringArrayVar(&c.set, "set", nil, "override a variable of the scenario, as `name=value`; may be repeated")
	f.Uint64Var(&c.seed, "seed", 1, "seed of everything random")
}

func (c *choices) overrides() (list []dsl.Override, err error) {
	for _, text := range c.set {
		override, err := dsl.ParseOverride(text)
		if err != nil {
			return nil, wrong(err)
		}
		list = append(list, override)
	}
	return list, nil
}

// loaded is one scenario's file and all that is known of it without running it.
type loaded struct {
	file   string
	source []byte
	plan   *plan.Plan // nil where there are errors
	faults diag.List
}

// load reads the files and plans them. Faults in the scenarios are in the result, an unreadable file is the error.
func (c *choices) load(files []string) ([]loaded, error) {
	overrides, err := c.overrides()
	if err != nil {
		return nil, err
	}
	scenarios := make([]loaded, len(files))
	for i, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			return nil, wrong(fmt.Errorf("read the scenario: %w", err))
		}
		scenarios[i] = c.plan(file, source, overrides)
	}
	return scenarios, nil
}

func (c *choices) plan(file string, source []byte, overrides []dsl.Override) loaded {
	l := loaded{file: file, source: source}
	scenario, faults := dsl.Read(file, source, dsl.Options{Set: overrides})
	l.faults = faults
	if faults.HasErrors() {
		return l
	}
	p, more := plan.Build(scenario, plan.Options{Seed: c.seed, Overrides: c.set})
	l.faults = diag.Merge(faults, more)
	if !l.faults.HasErrors() {
		l.plan = p
	}
	return l
}

// faultsOf joins what was found in all files, with the texts to draw it in.
func faultsOf(scenarios []loaded) (diag.List, diag.Sources) {
	var lists []diag.List
	sources := diag.Sources{}
	for _, l := range scenarios {
		lists = append(lists, l.faults)
		sources[l.file] = l.source
	}
	return diag.Merge(lists...), sources
}
