package report

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"
	"wsk-scenario/engine/report/reporttest"

	"wsk-scenario/engine/plan"
)

// sized is a plan of a big matrix whose cells differ in one load only.
func sized() *plan.Plan {
	p := reporttest.Startup()
	p.Axes = []plan.Axis{{Name: "size"}, {Name: "users"}}
	p.Cells = nil
	for size := range 8 {
		p.Axes[0].Values = append(p.Axes[0].Values, size)
		for users := range 4 {
			p.Cells = append(p.Cells, plan.Cell{
				ID:        fmt.Sprintf("size=%d,users=%d", size, users),
				Values:    []plan.Value{{Name: "size", Value: size}, {Name: "users", Value: users}},
				Actions:   []plan.Action{{Name: "echo", Kind: "nodejs:default", Code: "actions/echo"}},
				Sequences: []plan.Sequence{{Name: "chain", Actions: []string{"echo", "echo", "echo"}}},
				Phases: []plan.Phase{{Name: "load", Invoke: "chain", Sequence: true, Start: plan.AnyStart,
					Payload: plan.Payload{Size: 1000}, Warmup: plan.Warmup{Iterations: 2},
					Load: plan.Load{Users: users + 1, For: 30 * time.Second}}},
			})
		}
	}
	p.Axes[1].Values = []any{0, 1, 2, 3}
	return p
}

func TestPlanReadsLikeItsGoldenFile(t *testing.T) {
	bare := reporttest.Startup()
	bare.Axes, bare.Cells, bare.Assertions, bare.Vars = nil, bare.Cells[:1], nil, nil
	for _, c := range []struct {
		name string
		plan *plan.Plan
	}{{"plan-small-matrix", reporttest.Startup()}, {"plan-big-matrix", sized()}, {"plan-no-matrix", bare}} {
		t.Run(c.name, func(t *testing.T) {
			var out bytes.Buffer
			if err := Plan(&out, c.plan, 100); err != nil {
				t.Fatal(err)
			}
			golden(t, c.name, out.String())
		})
	}
}

func TestCellsThatAreNoBlockOfTheMatrixAreNamedOneByOne(t *testing.T) {
	p := sized()
	if got, want := describeCells(p, []int{0, 4}), "size=0|1 users=0"; got != want {
		t.Errorf("a block of the matrix is described as %q, want %q", got, want)
	}
	if got, want := describeCells(p, []int{0, 5}), "size=0,users=0 size=1,users=1"; got != want {
		t.Errorf("two cells on a diagonal are described as %q, want %q", got, want)
	}
}

func TestPlanTellsTheSameNumberOfCallsAsItsEstimate(t *testing.T) {
	p := reporttest.Startup()
	var out bytes.Buffer
	if err := Plan(&out, p, 0); err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("%d calls", p.Estimate().Invocations); !strings.Contains(out.String(), want) {
		t.Errorf("the plan does not say %q:\n%s", want, out.String())
	}
}
