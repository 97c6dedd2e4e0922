package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"wsk-scenario/dsl/diag"
)

func tagFlag(f *pflag.FlagSet, tags *[]string) {
	f.StringArrayVar(tags, "tag", nil, "take only the scenarios that have this `tag`; may be repeated, one of them is enough")
}

// tagged keeps the scenarios that have one of the tags; no tags keep all. A scenario with faults is kept too: what it is
// tagged with is not known, and a fault must not hide. That nothing is left is an error, or a misspelled tag would pass.
func tagged(scenarios []loaded, tags []string) (kept []loaded, err error) {
	if len(tags) == 0 {
		return scenarios, nil
	}
	var known []string
	found := false
	for _, l := range scenarios {
		if l.plan == nil { // faulty, so that nobody knows its tags; or the profile, which has none
			kept, found = append(kept, l), found || l.profile == nil
			continue
		}
		known = append(known, l.plan.Tags...)
		if slices.ContainsFunc(l.plan.Tags, func(t string) bool { return slices.Contains(tags, t) }) {
			kept, found = append(kept, l), true
		}
	}
	if found {
		return kept, nil
	}
	hint := diag.Suggest(tags[0], known)
	if hint == "" {
		hint = "the scenarios have no tags"
	}
	return nil, wrong(fmt.Errorf("no scenario has the tag %s: %s", strings.Join(tags, " or "), hint))
}
