package main

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"

	"github.com/spf13/pflag"

	"wsk-scenario/dsl"
	"wsk-scenario/dsl/diag"
	"wsk-scenario/engine/plan"
)

// choices are the flags that decide what plan a scenario gives.
type choices struct {
	set     []string
	seed    uint64
	cluster string
	texts   map[string][]byte // taken for files, by their cleaned paths, in place of what is on the disk
}

func (c *choices) flags(f *pflag.FlagSet) {
	f.StringArrayVar(&c.set, "set", nil, "override a variable of the scenario, as `name=value`; may be repeated")
	f.StringVar(&c.cluster, "cluster", "", "cluster profile that says where to run, a `FILE`")
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

// loaded is the file of a scenario or of a profile and all that is known of it without running it.
type loaded struct {
	file    string
	source  []byte
	others  diag.Sources // the files that a scenario includes
	plan    *plan.Plan   // of a scenario; nil where there are errors
	profile *dsl.Profile // of a profile; nil where there are errors
	faults  diag.List
	asFile  bool // it is one of the files, not what a flag names
}

// load reads the profile, which comes first in the result, then the files, and plans the scenarios among them. Faults in
// them are in the result, an unreadable file is the error.
func (c *choices) load(m Machine, files []string) (list []loaded, err error) {
	overrides, err := c.overrides()
	if err != nil {
		return nil, err
	}
	var profile *dsl.Profile
	if c.cluster != "" {
		l, err := c.readProfile(m)
		if err != nil {
			return nil, err
		}
		list, profile = append(list, l), l.profile
	}
	for _, file := range files {
		source, err := c.text(file)
		if err != nil {
			return nil, wrong(fmt.Errorf("read the scenario: %w", err))
		}
		l := loaded{}
		switch {
		case !dsl.IsProfile(source):
			l = c.plan(file, source, dsl.Options{Set: overrides, Profile: profile, Texts: c.texts})
		case filepath.Clean(file) == filepath.Clean(c.cluster):
			continue // it is in the list
		default:
			l = profiled(m, file, source)
		}
		l.asFile = true
		list = append(list, l)
	}
	return withoutParts(list), nil
}

// text is that of a file: the one that was kept, or what is on the disk.
func (c *choices) text(file string) ([]byte, error) {
	if text, kept := c.texts[filepath.Clean(file)]; kept {
		return text, nil
	}
	return readText(file)
}

// withoutParts leaves out the files that another one includes and that are no scenarios themselves: a folder holds both, and
// the parts are checked where they are included.
func withoutParts(list []loaded) []loaded {
	included := make(map[string]bool)
	for _, l := range list {
		for file := range l.others {
			included[filepath.Clean(file)] = true
		}
	}
	return slices.DeleteFunc(list, func(l loaded) bool {
		return l.asFile && included[filepath.Clean(l.file)] && !phases.Match(l.source)
	})
}

// phases is the key that makes a file a scenario.
var phases = regexp.MustCompile(`(?m)^["']?phases["']?[ \t]*:`)

// site is the profile that a flag names, of what load returned; nil when there is none.
func (c *choices) site(list []loaded) *loaded {
	if c.cluster == "" {
		return nil
	}
	return &list[0]
}

func (c *choices) plan(file string, source []byte, opts dsl.Options) loaded {
	l := loaded{file: file, source: source, others: diag.Sources{}}
	opts.Sources = l.others
	scenario, faults := dsl.Read(file, source, opts)
	l.faults = faults
	if faults.HasErrors() {
		return l
	}
	p, more := plan.Build(scenario, plan.Options{Seed: c.seed, Overrides: c.set, Profile: opts.Profile})
	l.faults = diag.Merge(faults, more)
	if !l.faults.HasErrors() {
		l.plan = p
	}
	return l
}

// faultsOf joins what was found in all files, with the texts to draw it in. Secrets are hidden in the texts themselves: a
// picture may cut a long line in the middle of one.
func faultsOf(m Machine, scenarios []loaded) (diag.List, diag.Sources) {
	var lists []diag.List
	sources := diag.Sources{}
	releases := deployments(m, scenarios, sources)
	for _, l := range scenarios {
		lists = append(lists, l.faults)
		for file, text := range l.others {
			sources[file] = m.secrets.Same(text)
		}
		sources[l.file] = m.secrets.Same(l.source)
	}
	return diag.Merge(append(lists, releases)...), sources
}
