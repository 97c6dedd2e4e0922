package slo

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"wsk-scenario/dsl"
	"wsk-scenario/dsl/diag"
	"wsk-scenario/dsl/expr"
	"wsk-scenario/engine/plan"
)

// Expectation is what must hold of every response of a phase. It is safe for use by many goroutines.
type Expectation struct {
	program *expr.Program
	cell    *Values // for the variables and the axes
}

// Response is what an expectation sees of one.
type Response struct {
	Status                      int // of HTTP
	Result                      json.RawMessage
	Response, Latency           time.Duration
	Wait, Init, Run, Duration   time.Duration
	Bytes                       int
	WithoutWait, NotInitialised bool // the record has no such time
	WithoutRecord               bool // there is no record
}

// NewExpectation compiles an expectation of a phase of a cell; nil for an empty text. A plan holds only such as compile.
func NewExpectation(text diag.Text, p *plan.Plan, cell int) (*Expectation, error) {
	if text.Value == "" {
		return nil, nil
	}
	scope, known := dsl.ResponseScope(), p.Scope()
	for _, name := range []string{"vars", "matrix"} {
		scope.Put(name, known.Member(name))
	}
	program, diags := expr.Compile(text, scope, expr.Bool)
	if diags.HasErrors() {
		return nil, fmt.Errorf("read the expectation %s: %s", text.Value, diags[0].Summary)
	}
	return &Expectation{program, NewValues(p, cell, nil, Known{})}, nil
}

// Unmet says in what the response is not as expected; nothing when it is.
func (e *Expectation) Unmet(r Response) string {
	explained := e.program.Explain(func(name string) (any, bool) {
		if root, _, member := strings.Cut(name, "."); member && (root == "vars" || root == "matrix") {
			return e.cell.Get(name)
		}
		return r.get(name)
	})
	if explained.Err != nil {
		return "unexpected: " + explained.Err.Error()
	}
	if c, fails := explained.Failing(); fails {
		return fmt.Sprintf("unexpected: %s, %s", c.Text, hint(c))
	}
	return ""
}

func (r Response) get(name string) (any, bool) {
	switch name {
	case "status":
		return r.Status, true
	case "result":
		var result any
		err := json.Unmarshal(r.Result, &result)
		return result, err == nil
	case "response":
		return r.Response, true
	case "latency":
		return r.Latency, true
	case "wait":
		return r.Wait, !r.WithoutWait
	case "init":
		return r.Init, !r.NotInitialised
	case "run":
		return r.Run, !r.WithoutRecord
	case "duration":
		return r.Duration, !r.WithoutRecord
	case "bytes":
		return expr.Bytes(r.Bytes), true
	}
	return nil, false
}
