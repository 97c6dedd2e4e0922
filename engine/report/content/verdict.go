package content

import (
	"fmt"
	"strings"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/result"
	"wsk-scenario/engine/slo"
)

// Word is a verdict on a whole run.
type Word string

// The words for a run. Done is a run that asserts nothing.
const (
	Pass        Word = "PASS"
	Fail        Word = "FAIL"
	Broken      Word = "BROKEN"
	Interrupted Word = "INTERRUPTED"
	Done        Word = "DONE"
)

// Verdict is what became of the run.
type Verdict struct {
	Word Word   `json:"word"`
	Text string `json:"text"` // 30 assertions held
	// The assertions by what became of them; they add up to All.
	All       int `json:"assertions"`
	Held      int `json:"held"`
	Failed    int `json:"failed"`
	NoData    int `json:"no_data"`
	NotJudged int `json:"not_judged"`
	Warned    int `json:"warned"`  // failed, and only a warning
	Allowed   int `json:"allowed"` // without data, and the scenario allows that
}

func verdictOf(r *result.Result) Verdict {
	v := tallyOf(r.Verdicts)
	v.Word = Pass
	switch {
	case r.Status == result.Broken:
		v.Word = Broken
	case r.Status == result.Interrupted:
		v.Word = Interrupted
	case r.Failed():
		v.Word = Fail
	case len(r.Verdicts) == 0:
		v.Word = Done
	}
	v.Text = v.counts()
	if v.Word == Broken && len(r.Problems) > 0 {
		v.Text, _, _ = strings.Cut(r.Problems[0], "\n")
	}
	return v
}

func tallyOf(verdicts []slo.Verdict) (t Verdict) {
	for _, v := range verdicts {
		t.All++
		switch {
		case v.Status == slo.Pass:
			t.Held++
		case v.Allowed:
			t.Allowed++
		case v.Status == slo.Fail && v.Warn:
			t.Warned++
		case v.Status == slo.Fail:
			t.Failed++
		case v.Status == slo.NoData:
			t.NoData++
		default:
			t.NotJudged++
		}
	}
	return t
}

func (v Verdict) counts() string {
	if v.All == 0 {
		return "no assertions"
	}
	var parts []string
	if v.Failed > 0 {
		parts = append(parts, fmt.Sprintf("%d of %s failed", v.Failed, Count(v.All, "assertion")))
	} else if v.Held > 0 {
		parts = append(parts, Count(v.Held, "assertion")+" held")
	}
	for _, rest := range []struct {
		n    int
		what string
	}{{v.NoData, "without data"}, {v.NotJudged, "not judged"}, {v.Allowed, "without data (allowed)"}} {
		if rest.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", rest.n, rest.what))
		}
	}
	if v.Warned > 0 {
		parts = append(parts, Count(v.Warned, "warning"))
	}
	return strings.Join(parts, ", ")
}

// Assertion is one assertion judged in one cell.
type Assertion struct {
	Cell        int          `json:"cell"`
	Combination string       `json:"combination,omitempty"` // of one that compares cells: the values of the other axes
	Across      string       `json:"across,omitempty"`
	Expect      string       `json:"expect"` // the name, or the expression as written
	Status      string       `json:"status"` // pass, fail, no data or not judged
	Warn        bool         `json:"warn,omitempty"`
	Allowed     bool         `json:"allowed,omitempty"`
	Red         bool         `json:"red"` // it fails the run
	Comparisons []Comparison `json:"comparisons"`
	Reason      string       `json:"reason,omitempty"`
	// Where is the place in the scenario, file:line:column; empty of a pass.
	Where string `json:"where,omitempty"`
	Hint  string `json:"hint,omitempty"` // what the picture says below the expression
	// Diagnostic is the picture itself, for who has the text of the scenario; nil of a pass.
	Diagnostic *diag.Diagnostic `json:"-"`
}

// Comparison is one comparison of an assertion, both sides evaluated.
type Comparison struct {
	Text   string `json:"text"`
	Value  string `json:"value"`
	Op     string `json:"op"`
	Limit  string `json:"limit"`
	Holds  bool   `json:"holds"`
	Margin string `json:"margin,omitempty"`
}

// Label is the status in words, with what softens it.
func (a *Assertion) Label() string {
	switch {
	case a.Status == string(slo.Pass):
		return a.Status
	case a.Allowed:
		return a.Status + " (allowed)"
	case a.Warn:
		return a.Status + " (warning)"
	}
	return a.Status
}

// Held reports whether the assertion was judged and holds.
func (a *Assertion) Held() bool { return a.Status == string(slo.Pass) }

// Unjudged reports whether the assertion was not judged, for another reason than that there is no data.
func (a *Assertion) Unjudged() bool { return a.Status == string(slo.NotJudged) }

// Failed reports whether the assertion was judged and does not hold.
func (a *Assertion) Failed() bool { return a.Status == string(slo.Fail) }

// Why says in a sentence what became of the assertion.
func (a *Assertion) Why() string {
	switch {
	case a.Reason != "":
		return a.Reason
	case a.Hint != "":
		return a.Hint
	}
	var parts []string
	for _, c := range a.Comparisons {
		if c.Holds == a.Held() {
			text := c.Value + " " + c.Op + " " + c.Limit
			if c.Margin != "" {
				text += " (" + c.Margin + ")"
			}
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, ", ")
}

// Of is the cell or the combination that the assertion was judged in; empty where there is one only.
func (r *Report) Of(a *Assertion) string {
	switch {
	case a.Across != "":
		return a.Combination
	case len(r.Plan.Axes) == 0:
		return ""
	}
	return r.Cells[a.Cell].ID
}

func assertionsOf(r *result.Result) []Assertion {
	list := []Assertion{}
	for _, v := range r.Verdicts {
		a := Assertion{
			Cell: v.Cell, Combination: v.Combination, Across: v.Across, Expect: v.Expect, Status: string(v.Status),
			Warn: v.Warn, Allowed: v.Allowed, Red: v.Red(), Reason: v.Reason, Comparisons: []Comparison{}, Diagnostic: v.Diagnostic,
		}
		for _, c := range v.Comparisons {
			if c.Holds && c.Op == "==" {
				c.Margin = "" // equal is equal
			}
			a.Comparisons = append(a.Comparisons, Comparison{c.Text, c.Left, c.Op, c.Right, c.Holds, c.Margin})
		}
		if d := v.Diagnostic; d != nil {
			a.Hint = d.Hint
			if at := d.Range; at.File != "" {
				a.Where = fmt.Sprintf("%s:%d:%d", at.File, at.Start.Line, at.Start.Column)
			}
		}
		list = append(list, a)
	}
	return list
}

func booksOf(r *result.Result) Books {
	made := Books{Balance: true, Faults: []string{}}
	for _, b := range r.Books {
		made.Issued += b.Issued
		for o, n := range b.Outcomes {
			made.Ended += n
			if o.IsError() {
				made.Errors += n
			}
		}
		if err := b.Check(); err != nil {
			made.Balance = false
			made.Faults = append(made.Faults, fmt.Sprintf("%s: %v", placeOf(r.Plan, b.Cell, b.Phase), err))
		}
	}
	for _, s := range r.Summaries {
		made.Warmups += s.Warmups
		made.Started += int(s.Counters["fired"])
	}
	return made
}

// Text says the books in a sentence; empty where nothing was called.
func (b *Books) Text() string {
	if b.Issued == 0 && b.Balance {
		return "no call was made"
	}
	if !b.Balance {
		return "books do not balance: " + strings.Join(b.Faults, "; ")
	}
	text := fmt.Sprintf("books balance: %s issued, %s", Count(b.Issued, "call"), Count(b.Ended, "outcome"))
	if b.Warmups > 0 {
		text += fmt.Sprintf(" (%d of them warm-up)", b.Warmups)
	}
	if b.Started > 0 {
		text += "; they started " + Count(b.Started, "activation")
	}
	return text
}

// NotesOf is what was not measured or not proved, the run's own notes last.
func NotesOf(r *result.Result) []string {
	notes := []string{}
	for _, s := range r.Summaries {
		if s.Elsewhere > 0 {
			notes = append(notes, fmt.Sprintf("%s: %s ran on nodes of another role than was asked for; left out of its row",
				placeOf(r.Plan, s.Cell, s.Phase), Count(s.Elsewhere, "call")))
		}
		if s.Unproved > 0 {
			notes = append(notes, fmt.Sprintf("%s: nothing proves where %s ran; left out of its row",
				placeOf(r.Plan, s.Cell, s.Phase), Count(s.Unproved, "call")))
		}
		if s.Contradicting > 0 {
			notes = append(notes, fmt.Sprintf("%s: %s a record that cannot be, such as one that ends before it starts; nothing that is asserted of what records tell is judged",
				placeOf(r.Plan, s.Cell, s.Phase), Count(s.Contradicting, "call")+" had"))
		}
		if s.Strays > 0 {
			notes = append(notes, fmt.Sprintf("%s: %s not proved %s; left out of its row",
				placeOf(r.Plan, s.Cell, s.Phase), Count(s.Strays, "call"), r.Plan.Cells[s.Cell].Phases[s.Phase].Start))
		}
	}
	return append(notes, r.Notes...)
}

func placeOf(p *plan.Plan, cell, phase int) string {
	c := p.Cells[cell]
	if len(p.Axes) == 0 {
		return c.Phases[phase].Name
	}
	return c.ID + ": " + c.Phases[phase].Name
}
