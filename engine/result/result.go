// Package result is the hinge between running and reading: what a run leaves behind, saved as a folder that report and
// check need nothing else for.
package result

import (
	"time"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/slo"
)

// Version is the version of the bundle's format.
const Version = 1

// Status says how far the run came.
type Status string

// How a run can end.
const (
	Complete    Status = "complete"
	Interrupted Status = "interrupted"
	Broken      Status = "broken" // the run could not go on, or its books do not balance
)

// Result is one run: what was planned, where it ran, what was measured and what became of the assertions.
type Result struct {
	Version   int               `json:"version"`
	Tool      string            `json:"tool"` // version of the program
	Run       string            `json:"run"`  // the run's id, as in the ownership annotation of what it created
	Started   time.Time         `json:"started"`
	Ended     time.Time         `json:"ended"`
	Status    Status            `json:"status"`
	Problems  []string          `json:"problems,omitempty"` // why the run is broken or what was left undone
	Notes     []string          `json:"notes,omitempty"`    // what could not be proved or measured
	Plan      *plan.Plan        `json:"plan"`
	Facts     []Fact            `json:"facts"`
	Usage     []Usage           `json:"usage,omitempty"`  // what the nodes used, of those that tell
	Clocks    []measure.Clock   `json:"clocks,omitempty"` // how far those of the platform are ahead of the client's
	Limits    slo.Limits        `json:"limits,omitempty"` // of the target's namespace
	Samples   int               `json:"samples"`          // how many are in the samples file
	Summaries []measure.Summary `json:"summaries"`
	Books     []measure.Books   `json:"books"`
	Figures   []Figure          `json:"figures,omitempty"` // one for each of the plan's
	Verdicts  []slo.Verdict     `json:"verdicts"`
	// Origin is what the run was made from; nil in a bundle of a program that did not note it yet.
	Origin *Origin `json:"origin,omitempty"`
	// Baseline is the earlier run that assertions compare with; nil when none was named.
	Baseline *slo.Baseline `json:"baseline,omitempty"`

	unfinished bool // made of what a run that was killed had left on the disk
}

// Known is what assertions see beside the summaries.
func (r *Result) Known() slo.Known { return slo.Known{Limits: r.Limits, Baseline: r.Baseline} }

// Fact is one thing known of the target or the machine, for people.
type Fact struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Failed reports whether any assertion makes the run red.
func (r *Result) Failed() bool {
	for _, v := range r.Verdicts {
		if v.Red() {
			return true
		}
	}
	return false
}
