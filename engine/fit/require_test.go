package fit

import (
	"strings"
	"testing"

	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/whisk"
)

func TestRequirements(t *testing.T) {
	info := whisk.Info{Runtimes: map[string][]whisk.Runtime{"nodejs": {{Kind: "nodejs:20", Default: true}}}}
	limits := whisk.Limits{PerMinute: 60, Concurrent: 30}
	for _, row := range []struct {
		name string
		need plan.Require
		info whisk.Info
		says string // empty: it is met
	}{
		{"nothing is required", plan.Require{}, whisk.Info{}, ""},
		{"a limit is just met", plan.Require{PerMinute: plan.Requirement{Least: 60}}, info, ""},
		{"a limit is missed by one", plan.Require{Concurrent: plan.Requirement{Least: 31}}, info, "31 concurrent invocations are required, and the target takes 30"},
		{"a family is there", plan.Require{Kinds: []plan.Requirement{{Kind: "nodejs"}}}, info, ""},
		{"its default is there", plan.Require{Kinds: []plan.Requirement{{Kind: "nodejs:default"}}}, info, ""},
		{"one kind of it is there", plan.Require{Kinds: []plan.Requirement{{Kind: "nodejs:20"}}}, info, ""},
		{"another kind of it is not", plan.Require{Kinds: []plan.Requirement{{Kind: "nodejs:14"}}}, info, "does not offer kind nodejs:14; it has nodejs:20"},
		{"the target does not say", plan.Require{Kinds: []plan.Requirement{{Kind: "nodejs"}}}, whisk.Info{}, "does not say which it has"},
	} {
		t.Run(row.name, func(t *testing.T) {
			err := Required(row.need, limits, row.info)
			switch {
			case row.says == "" && err != nil:
				t.Errorf("it is not met: %v", err)
			case row.says != "" && (err == nil || !strings.Contains(err.Error(), row.says)):
				t.Errorf("got %v, want %q", err, row.says)
			}
		})
	}
}
