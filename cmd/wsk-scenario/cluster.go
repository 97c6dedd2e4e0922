package main

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"wsk-scenario/dsl"
	"wsk-scenario/engine/origin"
	"wsk-scenario/engine/plan"
)

// readProfile reads the file that --cluster names.
func (c *choices) readProfile(m Machine) (loaded, error) {
	source, err := c.text(c.cluster)
	if err != nil {
		return loaded{}, wrong(fmt.Errorf("read the cluster profile: %w", err))
	}
	if !dsl.IsProfile(source) {
		return loaded{}, wrong(fmt.Errorf("--cluster %s: this is no cluster profile, it has no key cluster", c.cluster))
	}
	return profiled(m, c.cluster, source), nil
}

// profiled is a profile's file and what is wrong with it.
func profiled(m Machine, file string, source []byte) loaded {
	l := loaded{file: file, source: source}
	l.profile, l.faults = dsl.ReadProfile(file, source, dsl.ProfileOptions{Secret: m.secrets.Add})
	return l
}

// noProfiles refuses a profile where only scenarios can stand.
func noProfiles(command string, list []loaded) error {
	for _, l := range list {
		if dsl.IsProfile(l.source) && (l.asFile || len(list) == 1) {
			return wrong(fmt.Errorf("%s is a cluster profile: write %s SCENARIO --cluster %[1]s", l.file, command))
		}
	}
	return nil
}

// sourcesToKeep are the texts that a run was made from, the scenario's first. The profile's and those of included files have
// names of their own: all of them may be startup.yaml.
func sourcesToKeep(scenario loaded, profile *loaded) []origin.Text {
	taken := map[string]bool{filepath.Base(scenario.file): true}
	list := []origin.Text{{Role: scenarioText, File: scenario.file, Kept: filepath.Base(scenario.file), Bytes: scenario.source}}
	for _, file := range slices.Sorted(maps.Keys(scenario.others)) {
		name := "include-" + filepath.Base(file)
		for n := 2; taken[name]; n++ {
			name = fmt.Sprintf("include-%d-%s", n, filepath.Base(file))
		}
		taken[name] = true
		list = append(list, origin.Text{Role: includeText, File: file, Kept: name, Bytes: scenario.others[file]})
	}
	if profile != nil {
		name := "cluster-" + filepath.Base(profile.file)
		list = append(list, origin.Text{Role: profileText, File: profile.file, Kept: name, Bytes: profile.source})
	}
	return list
}

// The roles of the texts that a run is made from.
const (
	scenarioText = "scenario"
	includeText  = "include"
	profileText  = "profile"
)

// where says in a few words where a profile runs scenarios.
func where(p *dsl.Profile) string {
	if host, ok := p.OpenWhisk.APIHost.Literal(); ok {
		return "the OpenWhisk at " + host
	}
	if k := plan.ClusterOf(p).Kubernetes; k != nil && len(k.Releases) > 0 {
		var names []string
		for _, r := range k.Releases {
			names = append(names, r.Name+" ("+r.Role+")")
		}
		return fmt.Sprintf("the OpenWhisk of each role, %s, in namespace %s of a Kubernetes cluster", strings.Join(names, ", "), k.Namespace)
	} else if k != nil {
		return fmt.Sprintf("the OpenWhisk %s in namespace %s of a Kubernetes cluster", k.Release, k.Namespace)
	}
	return "the embedded OpenWhisk"
}
