package slo

import (
	"fmt"
	"maps"
	"strings"

	"wsk-scenario/dsl"
	"wsk-scenario/dsl/diag"
	"wsk-scenario/dsl/expr"
	"wsk-scenario/engine/measure"
)

// Objective is what must hold at a rate.
type Objective struct{ program *expr.Program }

// NewObjective compiles the slo of a search. A plan holds only such as compile.
func NewObjective(text diag.Text) (*Objective, error) {
	program, diags := expr.Compile(text, dsl.PhaseScope(), expr.Bool)
	if diags.HasErrors() {
		return nil, fmt.Errorf("read the slo %s: %s", text.Value, diags[0].Summary)
	}
	return &Objective{program}, nil
}

// achieved is the share of the calls that must end well, and of the rate that must be kept up with, for a rate to be one that the
// platform takes, whatever the slo says of the calls that ended well.
const achieved = 0.95

// Unmet says why the trial of a rate did not hold; nothing when it did. Calls that were due and not sent are never held:
// the statistics of the others know nothing of them. Nor is a rate that the generator did not keep.
func (o *Objective) Unmet(trial *measure.Summary) string {
	c := trial.Counters
	if n := c["dropped"]; n > 0 {
		return fmt.Sprintf("%g calls were due and not sent", n)
	}
	if trial.LimitGenerator(); trial.Limited {
		return fmt.Sprintf("the generator was too slow: it sent %d of %g calls late", trial.Late, c["issued"])
	}
	if well := c["ok"] + c["accepted"]; well < achieved*c["issued"] {
		most := measure.OK
		for _, outcome := range measure.Outcomes {
			if outcome.IsError() && c[string(outcome)] > 0 && (most == measure.OK || c[string(outcome)] > c[string(most)]) {
				most = outcome
			}
		}
		return fmt.Sprintf("%g of %g calls ended well; %g ended as %s", well, c["issued"], c[string(most)], most)
	}
	if kept := trial.Achieved; kept > 0 && kept < achieved {
		return fmt.Sprintf("the backlog grew: only about %.0f %% of the rate were kept up with", 100*kept)
	}
	explained := o.program.Explain(func(name string) (any, bool) {
		metric, stat, deep := strings.Cut(name, ".")
		if deep {
			return statistic(trial, metric, stat, usualKind(metric))
		}
		return counter(trial, name)
	})
	if explained.Err != nil {
		return explained.Err.Error()
	}
	if c, fails := explained.Failing(); fails {
		return c.Text + ": " + hint(c)
	}
	return ""
}

// Knee fills in which of the trials held, and the highest rate that did.
func (o *Objective) Knee(sum *measure.Summary, rates []float64) {
	delete(sum.Counters, "knee")
	if len(sum.Steps) == 0 { // a search that has tried one rate has one step all the same
		only := *sum
		only.Name, only.Counters = sum.Name+".steps[0]", maps.Clone(sum.Counters)
		sum.Steps = []measure.Summary{only}
	}
	sum.Trials = make([]measure.Trial, len(rates))
	for i, rate := range rates {
		sum.Trials[i] = measure.Trial{Rate: rate, Unmet: o.Unmet(&sum.Steps[i])}
		if sum.Trials[i].Unmet == "" {
			sum.Counters["knee"] = max(sum.Counters["knee"], rate)
		}
	}
	held, failed := around(sum.Trials)
	if failed >= 0 {
		var below *measure.Summary
		if held >= 0 {
			below = &sum.Steps[held]
		}
		sum.Trials[failed].Limit = limit(below, &sum.Steps[failed])
	}
}

// around are the trials of the highest rate that held and of the lowest that did not; -1 for none.
func around(trials []measure.Trial) (held, failed int) {
	held, failed = -1, -1
	for i, t := range trials {
		switch {
		case t.Unmet == "" && (held < 0 || t.Rate > trials[held].Rate):
			held = i
		case t.Unmet != "" && (failed < 0 || t.Rate < trials[failed].Rate):
			failed = i
		}
	}
	return held, failed
}
