package result

import (
	"fmt"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/slo"
)

// Judge computes summaries, books and verdicts anew from the saved samples, as the run did from its own. What does not fit
// together is an error: nothing is judged of a bundle from which something is missing.
func (r *Result) Judge(folder string) error {
	samples, err := r.samplesByPlace(folder)
	if err != nil {
		return err
	}
	balanced := map[place]bool{}
	for i, b := range r.Books {
		k := place{b.Cell, b.Phase}
		r.Books[i] = measure.Balance(b.Cell, b.Phase, b.Issued, b.Dropped, samples[k])
		if err := r.Books[i].Check(); err != nil {
			return fmt.Errorf("the books of phase %s in cell %s do not balance: %w",
				r.Plan.Cells[b.Cell].Phases[b.Phase].Name, r.Plan.Cells[b.Cell].ID, err)
		}
		balanced[k] = true
	}
	for k := range samples {
		if !balanced[k] {
			return fmt.Errorf("phase %d in cell %d has samples and no books", k.phase, k.cell)
		}
	}
	for i, old := range r.Summaries {
		phase := r.Plan.Cells[old.Cell].Phases[old.Phase]
		r.Summaries[i] = measure.Summarize(old.Cell, old.Phase, phase.Name, measure.Wanted(phase.Start), old.DroppedBySteps(), samples[place{old.Cell, old.Phase}])
		r.Summaries[i].Cut, r.Summaries[i].Aborted = old.Cut, old.Aborted
		if err := knee(phase, old, &r.Summaries[i]); err != nil {
			return err
		}
	}
	r.Verdicts = slo.Judge(r.Plan, r.Summaries, r.Limits)
	return nil
}

// knee judges the trials of a search anew.
func knee(ph plan.Phase, old measure.Summary, sum *measure.Summary) error {
	if ph.Load.Find == nil || len(sum.Steps) < len(old.Trials) {
		return nil
	}
	objective, err := slo.NewObjective(ph.Load.Find.SLO)
	if err != nil {
		return err
	}
	rates := make([]float64, len(old.Trials))
	for i, trial := range old.Trials {
		rates[i] = trial.Rate
	}
	objective.Knee(sum, rates)
	return nil
}

// place is a phase of a cell.
type place struct{ cell, phase int }

// samplesByPlace reads all samples, and checks that they are those of the plan and all of them.
func (r *Result) samplesByPlace(folder string) (map[place][]measure.Sample, error) {
	samples, count := map[place][]measure.Sample{}, 0
	err := Samples(folder, func(s *measure.Sample) error {
		count++
		if !r.has(s.Cell, s.Phase) {
			return fmt.Errorf("sample %d is of phase %d in cell %d, which the plan does not have", count, s.Phase, s.Cell)
		}
		k := place{s.Cell, s.Phase}
		samples[k] = append(samples[k], *s)
		return nil
	})
	if err == nil && count != r.Samples {
		err = fmt.Errorf("%s holds %d samples, but the run had %d", samplesFile, count, r.Samples)
	}
	return samples, err
}
