package plan

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

const repeated = `
name: again
tags: [smoke]
repeat: 2
matrix: {memory: {from: 128MB, to: 256MB, step: 128MB}, include: [{memory: 1GB}]}
actions: {hello: {code: hello.js, kind: "nodejs:20", memory: "${{ matrix.memory }}"}}
phases: [{name: p, invoke: hello, load: {iterations: 3}}]
`

func TestARepeatIsAnotherPassOverAllCells(t *testing.T) {
	p := build(t, repeated)
	type row struct {
		ID             string
		Repeat, Memory int
	}
	var got []row
	for _, c := range p.Cells {
		got = append(got, row{c.ID, c.Repeat, c.Actions[0].MemoryMB})
	}
	want := []row{
		{"repeat=1,memory=128MB", 1, 128}, {"repeat=1,memory=256MB", 1, 256}, {"repeat=1,memory=1GB", 1, 1000},
		{"repeat=2,memory=128MB", 2, 128}, {"repeat=2,memory=256MB", 2, 256}, {"repeat=2,memory=1GB", 2, 1000},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	axes := []Axis{{"repeat", []any{1, 2}}, {"memory", []any{"128MB", "256MB", "1GB"}}}
	if diff := cmp.Diff(axes, p.Axes); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if n := p.Estimate().Invocations; n != 18 {
		t.Errorf("%d invocations, want 18", n)
	}
	if diff := cmp.Diff([]string{"smoke"}, p.Tags); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
}

func TestARepeatedRunWithoutAMatrixHasOneCellAPass(t *testing.T) {
	p := build(t, "{name: x, repeat: 2, actions: {h: {code: hello.js, kind: a}}, phases: [{name: p, invoke: h, load: {iterations: 1}}]}")
	if len(p.Cells) != 2 || p.Cells[1].ID != "repeat=2" {
		t.Errorf("got %+v", p.Cells)
	}
}
