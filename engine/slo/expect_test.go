package slo

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/engine/plan"
)

func TestExpectationsOfOneResponse(t *testing.T) {
	response := Response{
		Status: 200, Result: json.RawMessage(`{"sum": 3, "list": [1, 2], "who": "ann"}`), Latency: 30 * time.Millisecond,
		Duration: 20 * time.Millisecond, Run: 20 * time.Millisecond, Bytes: 500, NotInitialised: true,
	}
	p := &plan.Plan{Vars: []plan.Value{{Name: "n", Value: 3}}, Axes: []plan.Axis{{Name: "length", Values: []any{2}}},
		Cells: []plan.Cell{{ID: "length=2", Values: []plan.Value{{Name: "length", Value: 2}}}}}
	for _, row := range []struct{ name, expect, says string }{
		{"a variable and an axis", "result.sum == vars.n and len(result.list) == matrix.length", ""},
		{"a variable that is not met", "result.sum == vars.n + 1", "unexpected: result.sum == vars.n + 1, it is 3"},
		{"a number of the result", "result.sum == 3", ""},
		{"a text and an element", `result.who == "ann" and result.list[1] == 2`, ""},
		{"a duration and a size", "latency < 50ms and bytes <= 1KiB", ""},
		{"what is false says what it is", "status == 200 and result.sum == 4", "unexpected: result.sum == 4, it is 3"},
		{"a member that is not there", "result.total == 3", "unexpected: "},
		{"an init that was not", "init < 3s", "unexpected: "},
	} {
		t.Run(row.name, func(t *testing.T) {
			e, err := NewExpectation(diag.Text{Value: row.expect}, p, 0)
			if err != nil {
				t.Fatal(err)
			}
			got := e.Unmet(response)
			if (got == "") != (row.says == "") || !strings.HasPrefix(got, row.says) {
				t.Errorf("got %q, want %q", got, row.says)
			}
			t.Log(got)
		})
	}
}
