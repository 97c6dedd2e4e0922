package main

import (
	"errors"
	"fmt"

	"wsk-scenario/engine/compare"
	"wsk-scenario/engine/result"
	"wsk-scenario/engine/slo"
)

// earlier reads the result that --baseline names. One that measured another thing is refused: its figures would be compared
// with what they have nothing to do with.
func (r *running) earlier(scenarios []loaded) error {
	if r.baseline == "" {
		return nil
	}
	before, _, err := open(r.baseline)
	if err != nil {
		return err
	}
	if before.Status != result.Complete {
		return wrong(fmt.Errorf("the baseline %s is %s: it is no measure for other runs", before.Run, before.Status))
	}
	for _, l := range scenarios {
		if l.plan == nil {
			continue
		}
		if before.Plan.Scenario != l.plan.Scenario {
			return wrong(fmt.Errorf("the baseline is a run of the scenario %s, not of %s", before.Plan.Scenario, l.plan.Scenario))
		}
		if list := compare.PlanDifferences(before.Plan, l.plan); len(list) > 0 {
			texts := []error{errors.New("the baseline did not measure the same thing")}
			for _, d := range list {
				texts = append(texts, fmt.Errorf("  %s", d))
			}
			return wrong(errors.Join(texts...))
		}
	}
	r.before = slo.NewBaseline(before.Run, before.Plan, before.Summaries)
	return nil
}
