// Package slo judges: it evaluates a plan's assertions on the summaries of its cells and says pass, fail, no data or not
// judged, with the value beside the limit and the place in the scenario. A check that was not made is never green.
package slo

import "wsk-scenario/dsl/diag"

// Status is the outcome of one assertion in one cell.
type Status string

// The four verdicts.
const (
	Pass      Status = "pass"
	Fail      Status = "fail"
	NoData    Status = "no data"
	NotJudged Status = "not judged"
)

// Verdict is one assertion judged in one cell.
type Verdict struct {
	Assertion int    `json:"assertion"` // index into the plan's assertions
	Cell      int    `json:"cell"`      // across an axis: the first cell of the combination
	Status    Status `json:"status"`
	Expect    string `json:"expect"` // the name, or the expression as written
	Warn      bool   `json:"warn,omitempty"`
	Allowed   bool   `json:"allowed,omitempty"` // no data, and the scenario allows that
	// Across is the axis whose cells the assertion compares, and Combination the values of the others: lang=java.
	Across      string `json:"across,omitempty"`
	Combination string `json:"combination,omitempty"`
	// Comparisons are the parts of the expression that compare, in order; of a failed one the first that is false decides.
	Comparisons []Comparison `json:"comparisons,omitempty"`
	// Reason says why there was nothing to judge.
	Reason string `json:"reason,omitempty"`
	// Diagnostic draws the verdict under the expression, for every status but pass.
	Diagnostic *diag.Diagnostic `json:"diagnostic,omitempty"`
}

// Comparison is one comparison of an assertion with both sides evaluated and formatted. The measured side is on the left,
// its limit on the right.
type Comparison struct {
	Text   string `json:"text"`
	Left   string `json:"left"`
	Op     string `json:"op"`
	Right  string `json:"right"`
	Holds  bool   `json:"holds"`
	Margin string `json:"margin,omitempty"` // such as "47 % above the limit"
}

// Red reports whether the verdict fails the run.
func (v Verdict) Red() bool { return v.Status != Pass && !v.Warn && !v.Allowed }
