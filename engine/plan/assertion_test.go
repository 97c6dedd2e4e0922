package plan

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAConditionIsDecidedForEveryPassAndCell(t *testing.T) {
	p := build(t, `
name: x
repeat: 2
vars: {most: 2}
matrix: {node: [cloud, edge], users: [1, 2, 3], exclude: [{node: edge, users: 3}]}
actions: {h: {code: hello.js, kind: a}}
phases: [{name: p, invoke: h, load: {iterations: 1}}]
assert:
  - {when: 'matrix.node == "edge" and matrix.users < vars.most', expect: p.errors == 0}
  - {across: node, expect: edge.p.errors == cloud.p.errors}
`)
	if diff := cmp.Diff([]int{0, 1, 2, 4, 5, 6, 7, 9}, p.Assertions[0].Skip); diff != "" {
		t.Errorf("skipped (-want +got):\n%s", diff)
	}
	want := []Combination{
		{"repeat=1,users=1", map[string]int{"cloud": 0, "edge": 3}},
		{"repeat=1,users=2", map[string]int{"cloud": 1, "edge": 4}},
		{"repeat=1,users=3", map[string]int{"cloud": 2}},
		{"repeat=2,users=1", map[string]int{"cloud": 5, "edge": 8}},
		{"repeat=2,users=2", map[string]int{"cloud": 6, "edge": 9}},
		{"repeat=2,users=3", map[string]int{"cloud": 7}},
	}
	if diff := cmp.Diff(want, p.Combinations(p.Assertions[1].Across)); diff != "" {
		t.Errorf("combinations (-want +got):\n%s", diff)
	}
}
