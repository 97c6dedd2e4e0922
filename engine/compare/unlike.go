package compare

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/result"
)

// Kind is what two results may differ in.
type Kind string

// The kinds of differences. Each refuses a comparison unless it is meant.
const (
	InScenario  Kind = "scenario"  // another scenario altogether
	InPlan      Kind = "plan"      // other loads, actions, limits asked for, vars or seed
	InCode      Kind = "code"      // the same plan with other bytes in code or payload files
	InCluster   Kind = "cluster"   // another platform, or one set up otherwise
	InGenerator Kind = "generator" // another machine, Go or client sends
)

// Kinds are all of them.
var Kinds = []Kind{InScenario, InPlan, InCode, InCluster, InGenerator}

// Difference is one thing that is not the same on both sides.
type Difference struct {
	Kind Kind   `json:"kind"`           // scenario, plan, code, cluster or generator
	What string `json:"what"`           // its name
	Base string `json:"base,omitempty"` // its value there
	New  string `json:"new,omitempty"`
}

func (d Difference) String() string {
	if d.Base == "" && d.New == "" {
		return string(d.Kind) + ": " + d.What
	}
	return fmt.Sprintf("%s: %s is %s in base and %s in new", d.Kind, d.What, quoted(d.Base), quoted(d.New))
}

func quoted(text string) string {
	if text == "" {
		return "absent"
	}
	return text
}

// mostNamed bounds how many differences of a plan are named; the rest is counted.
const mostNamed = 5

// unlike compares every result with the first base result. What is allowed is apart.
func unlike(base, latest []*result.Result, allow []Kind) (allowed, refused []Difference) {
	seen := map[Difference]bool{}
	for _, r := range slices.Concat(base, latest)[1:] {
		for _, d := range differences(base[0], r) {
			switch {
			case seen[d]:
			case slices.Contains(allow, d.Kind):
				allowed = append(allowed, d)
			default:
				refused = append(refused, d)
			}
			seen[d] = true
		}
	}
	return allowed, refused
}

func differences(a, b *result.Result) (list []Difference) {
	if a.Plan.Scenario != b.Plan.Scenario {
		return []Difference{{InScenario, "its name", a.Plan.Scenario, b.Plan.Scenario}}
	}
	return append(PlanDifferences(a.Plan, b.Plan), factDifferences(a.Facts, b.Facts)...)
}

// PlanDifferences names what is not the same in two plans, none when they measure the same thing; what several cells have in
// common is named once. Where all that they show is the same, the files behind them are not.
func PlanDifferences(a, b *plan.Plan) []Difference {
	if a.Fingerprint == b.Fingerprint {
		return nil
	}
	left, right := map[string]string{}, map[string]string{}
	flatten("", shown(a), left)
	flatten("", shown(b), right)
	var list []Difference
	for _, path := range slices.Sorted(maps.Keys(merged(left, right))) {
		d := Difference{InPlan, withoutCell(path), left[path], right[path]}
		if d.Base != d.New && !slices.Contains(list, d) {
			list = append(list, d)
		}
	}
	if rest := len(list) - mostNamed; rest > 0 {
		list = append(list[:mostNamed], Difference{Kind: InPlan, What: fmt.Sprintf("%d more", rest)})
	}
	if len(list) == 0 {
		list = append(list, Difference{Kind: InCode, What: "the files of code or payloads are not the same"})
	}
	return list
}

// withoutCell is the path of a leaf inside of its cell: phases[warm].load.users.
func withoutCell(path string) string {
	if inside, ok := strings.CutPrefix(path, "cells["); ok {
		if _, rest, found := strings.Cut(inside, "]."); found {
			return rest
		}
	}
	return path
}

func merged(a, b map[string]string) map[string]string {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

// unshown are the parts of a plan that decide nothing of what is measured: names of folders, places in a text, assertions.
var unshown = []string{"file", "about", "fingerprint", "tags", "assertions", "tables", "overrides", "range", "start_at", "code", "estimate", "vars"}

// shown is a plan as JSON without those.
func shown(p *plan.Plan) any {
	text, _ := json.Marshal(p) // a plan is plain data
	var tree any
	_ = json.Unmarshal(text, &tree)
	return tree
}

// flatten writes every leaf of a tree under its path: cells[lang=java].phases[warm].load.users.
func flatten(path string, tree any, into map[string]string) {
	switch v := tree.(type) {
	case map[string]any:
		for key, value := range v {
			if !slices.Contains(unshown, key) {
				flatten(strings.TrimPrefix(path+"."+key, "."), value, into)
			}
		}
	case []any:
		for i, value := range v {
			flatten(fmt.Sprintf("%s[%s]", path, label(i, value)), value, into)
		}
	case nil:
	default:
		text, _ := json.Marshal(v)
		into[path] = string(text)
	}
}

// label names an element of a list by its id or name, where it has one.
func label(i int, element any) string {
	if object, ok := element.(map[string]any); ok {
		for _, key := range []string{"id", "name"} {
			if name, ok := object[key].(string); ok {
				return name
			}
		}
	}
	return fmt.Sprint(i)
}

// passing are how the names begin of facts that differ from run to run and mean nothing: how much the generator, its workers and the
// nodes had to do, and how long the start took. generating are those of who sends.
var (
	passing    = []string{"generator used", "worker ", "used by ", "ready"}
	generating = []string{"generator", "client", "timer"}
)

func factDifferences(a, b []result.Fact) (list []Difference) {
	left, right := byName(a), byName(b)
	for _, name := range slices.Sorted(maps.Keys(merged(left, right))) {
		if left[name] == right[name] || slices.ContainsFunc(passing, func(begin string) bool { return strings.HasPrefix(name, begin) }) {
			continue
		}
		kind := InCluster
		if slices.Contains(generating, name) {
			kind = InGenerator
		}
		list = append(list, Difference{kind, name, left[name], right[name]})
	}
	return list
}

// byName joins facts of one name.
func byName(facts []result.Fact) map[string]string {
	values := map[string]string{}
	for _, f := range facts {
		if values[f.Name] != "" {
			values[f.Name] += "; "
		}
		values[f.Name] += f.Value
	}
	return values
}
