package compare

import (
	"errors"

	"wsk-scenario/engine/result"
)

// Refusal is why two sides were not compared.
type Refusal struct {
	Reason string `json:"reason"` // in a sentence
	// Differences are what is not the same on both sides, where that is the reason.
	Differences []Difference `json:"differences,omitempty"`
	Remedy      string       `json:"remedy,omitempty"` // what to do about it, where that is known
}

// Lines are the differences and the remedy, a line for each.
func (r *Refusal) Lines() (lines []string) {
	for _, d := range r.Differences {
		lines = append(lines, d.String())
	}
	if r.Remedy != "" {
		lines = append(lines, r.Remedy)
	}
	return lines
}

// Refuse is the report of a comparison that was not made, so that a page, a file for CI and a program hear of it as of any
// other. why is what Compare, or who asked for it, has against it.
func Refuse(base, latest []*result.Result, o Options, why error) *Report {
	if o.Margin == 0 {
		o.Margin = DefaultMargin
	}
	r := &Report{Version: Version, Margin: o.Margin, Paired: o.Paired, Verdict: Refused, Comparisons: []Comparison{}, Refusal: &Refusal{Reason: why.Error()}}
	if unlike := new(UnlikeError); errors.As(why, &unlike) {
		r.Refusal = &Refusal{Reason: notTheSame, Differences: unlike.Differences, Remedy: unlike.remedy()}
	}
	if len(latest) > 0 {
		r.Scenario = latest[0].Plan.Scenario
	}
	a, left := runsOf(base)
	b, leftOfNew := runsOf(latest)
	r.Base, r.New = named(a), named(b)
	r.Notes = append(left, leftOfNew...)
	return r
}
