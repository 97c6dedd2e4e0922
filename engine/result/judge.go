package result

import (
	"errors"
	"fmt"
	"iter"
	"os"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/slo"
)

// Judge computes summaries, books and verdicts anew from the saved samples, as the run did from its own. What does not fit
// together is an error: nothing is judged of a bundle from which something is missing.
func (r *Result) Judge(folder string) error {
	if r.unfinished {
		return errUnfinished
	}
	file, samples, err := r.samplesByPlace(folder)
	if err != nil {
		return err
	}
	defer file.Close()
	balanced := map[place]bool{}
	for i, b := range r.Books {
		k := place{b.Cell, b.Phase}
		r.Books[i] = measure.Balance(b.Cell, b.Phase, b.Issued, b.Dropped, samples.of(k))
		r.Books[i].Due, r.Books[i].LostWorkers, r.Books[i].Twice, r.Books[i].Unfinished = b.Due, b.LostWorkers, b.Twice, b.Unfinished
		if err := samples.fault(k); err != nil {
			return err
		}
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
		r.Summaries[i] = measure.Summarize(old.Cell, old.Phase, phase.Name, measure.Wanted(phase.Start), old.DroppedBySteps(), samples.of(place{old.Cell, old.Phase}), slo.Asked(r.Plan, r.Started))
		r.Summaries[i].Cut, r.Summaries[i].Aborted = old.Cut, old.Aborted
		if phase.Load.Open != nil {
			r.Summaries[i].LimitGenerator()
		}
		if err := knee(phase, old, samples.of(place{old.Cell, old.Phase}), &r.Summaries[i]); err != nil {
			return err
		}
	}
	r.Draw(func(cell, phase int) iter.Seq[*measure.Sample] { return samples.of(place{cell, phase}) })
	r.Verdicts = slo.Judge(r.Plan, r.Summaries, r.Known())
	return nil
}

// knee judges the trials of a search anew.
func knee(ph plan.Phase, old measure.Summary, samples iter.Seq[*measure.Sample], sum *measure.Summary) error {
	if ph.Load.Find == nil || len(old.Trials) == 0 {
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
	sum.KeepsUp(samples)
	objective.Knee(sum, rates)
	return nil
}

// place is a phase of a cell.
type place struct{ cell, phase int }

// stretches are the samples of a bundle by place.
type stretches map[place]*Stretch

func (s stretches) of(k place) iter.Seq[*measure.Sample] {
	if s[k] == nil {
		return measure.All(nil)
	}
	return s[k].Samples()
}

func (s stretches) fault(k place) error {
	if s[k] == nil {
		return nil
	}
	return s[k].err
}

// samplesByPlace finds all samples, and checks that they are those of the plan and all of them.
func (r *Result) samplesByPlace(folder string) (*os.File, stretches, error) {
	file, all, err := openSamples(folder)
	if err != nil {
		return nil, nil, err
	}
	byPlace, count, err := r.byPlace(all)
	err = errors.Join(all.err, err)
	if err == nil && count != r.Samples {
		err = fmt.Errorf("%s holds %d samples, but the run had %d", samplesFile, count, r.Samples)
	}
	if err != nil {
		return nil, nil, errors.Join(err, file.Close())
	}
	return file, byPlace, nil
}

// byPlace parts samples by the phases they are of, and tells how many there are.
func (r *Result) byPlace(all *Stretch) (byPlace stretches, count int, err error) {
	byPlace = stretches{}
	for _, b := range all.blocks {
		if !r.has(b.cell, b.phase) {
			err = errors.Join(err, fmt.Errorf("samples %d to %d are of phase %d in cell %d, which the plan does not have", count+1, count+b.n, b.phase, b.cell))
		}
		count += b.n
		k := place{b.cell, b.phase}
		if byPlace[k] == nil {
			byPlace[k] = &Stretch{file: all.file}
		}
		byPlace[k].blocks = append(byPlace[k].blocks, b)
	}
	return byPlace, count, err
}
