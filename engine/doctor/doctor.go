// Package doctor looks before a run for what would spoil it: the limits and the memory of the target against what the plan
// needs, kinds, clocks, and what this machine gives to the generator. A check that could not be made says so and why; it is
// never among those that are fine. It mends nothing.
package doctor

import (
	"context"
	"errors"
	"fmt"

	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/target"
	"wsk-scenario/engine/whisk"
)

// Verdict is what came of one check.
type Verdict string

// The verdicts, worst first.
const (
	Spoils     Verdict = "spoils"      // the run fails, or measures something else than it should
	Warning    Verdict = "warning"     // it may, or figures suffer
	NotChecked Verdict = "not_checked" // nobody knows
	Fine       Verdict = "fine"
)

// Verdicts are all of them, worst first.
var Verdicts = []Verdict{Spoils, Warning, NotChecked, Fine}

// Finding is one check and what came of it.
type Finding struct {
	Check    string  `json:"check"` // its name, such as limits.concurrent
	Scenario string  `json:"scenario,omitempty"`
	Release  string  `json:"release,omitempty"` // that was looked at, where each role has one of its own
	Verdict  Verdict `json:"verdict"`
	Found    string  `json:"found,omitempty"`  // what is there, and what is needed
	Costs    string  `json:"costs,omitempty"`  // what comes of it
	Fix      string  `json:"fix,omitempty"`    // what to do
	Reason   string  `json:"reason,omitempty"` // why it was not checked
}

// Subject is one scenario and where it would run. Without a Plan only the target is looked at.
type Subject struct {
	Plan    *plan.Plan
	Target  target.Target
	Release string // that is looked at, where each role has one of its own
	Options Options
}

// Options are what a look needs beside its subject.
type Options struct {
	CacheDir string // where compiled actions are kept
	Results  string // the folder that results go to
	Probe    bool   // a few calls of an action of our own may be made, to read clocks
}

// ErrUnreached says that the target did not answer, so that nothing could be said of it.
var ErrUnreached = errors.New("could not look")

// Examine brings the target up, looks at it and takes it down again. The findings are there also with an error: of what was
// looked at until then, and of the rest that it was not.
func Examine(ctx context.Context, s Subject) (list []Finding, err error) {
	e := &examination{plan: s.Plan, target: s.Target, opts: s.Options}
	defer func() {
		down := s.Target.Down(context.WithoutCancel(ctx))
		for i := range e.list {
			e.list[i].Release = s.Release
			if s.Plan != nil {
				e.list[i].Scenario = s.Plan.Scenario
			}
		}
		list, err = e.list, errors.Join(err, down)
	}()
	if err := e.reach(ctx); err != nil {
		e.add(Finding{Check: "target.answers", Verdict: Spoils, Found: err.Error(),
			Costs: "nothing can run, and nothing of the target could be checked", Fix: "check the address, the credentials and the network; what a profile installs is there after wsk-scenario up PROFILE"})
		return nil, fmt.Errorf("%w at %s: %w", ErrUnreached, s.Target.Name(), err)
	}
	e.fine("target.answers", "%s at %s", s.Target.Name(), e.client.Host())
	defer e.client.Close()
	e.version(ctx)
	if s.Plan == nil {
		e.fine("limits.per_minute", "%d invocations per minute", e.limits.PerMinute)
		e.fine("limits.concurrent", "%d at a time", e.limits.Concurrent)
	} else {
		e.invocations()
		e.required()
		e.actions()
		e.code(ctx)
		e.payloads()
		e.sequences()
		e.kinds()
		e.images()
		e.roles()
		e.slots()
		e.connections()
		e.disk()
	}
	e.held()
	e.clocks(ctx)
	return nil, ctx.Err()
}

// examination is one look under way.
type examination struct {
	plan   *plan.Plan // nil: none
	target target.Target
	opts   Options
	access whisk.Access
	client *whisk.Client
	limits whisk.Limits
	info   whisk.Info
	list   []Finding
}

func (e *examination) add(f Finding) { e.list = append(e.list, f) }

func (e *examination) fine(check, format string, args ...any) {
	e.add(Finding{Check: check, Verdict: Fine, Found: fmt.Sprintf(format, args...)})
}

func (e *examination) unchecked(check, format string, args ...any) {
	e.add(Finding{Check: check, Verdict: NotChecked, Reason: fmt.Sprintf(format, args...)})
}

// embedded reports whether the target is in this process, so that a profile sets its limits and not a chart.
func (e *examination) embedded() bool {
	_, tells := e.target.(target.Hosting)
	_, installed := e.target.(target.Deployer)
	return tells && !installed
}

// lever is what lifts a limit of the target: a key of the profile, or a value of the chart.
func (e *examination) lever(profile, chart, to string) string {
	if e.embedded() {
		return fmt.Sprintf("in a profile of the embedded OpenWhisk (--cluster FILE): %s: %s", profile, to)
	}
	return fmt.Sprintf("in the values of the Helm chart: %s: %s", chart, to)
}

// Worst is the worst verdict of a list; fine where it is empty.
func Worst(list []Finding) Verdict {
	for _, v := range Verdicts {
		for _, f := range list {
			if f.Verdict == v {
				return v
			}
		}
	}
	return Fine
}
