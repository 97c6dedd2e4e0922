package run

import (
	"context"
	"iter"

	"wsk-scenario/engine/load"
	"wsk-scenario/engine/loop"
	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/slo"
)

// search tries one rate after the other, each for the load's time, until the knee is found. Every trial is a step. What is
// judged after a trial are the answers; the records that come later decide anew when the phase is over.
func (r *runner) search(ctx context.Context, ph *plan.Phase, s *shooter, loop *loop.Loop) (load.Issue, error) {
	objective, err := slo.NewObjective(ph.Load.Find.SLO)
	if err != nil {
		return load.Issue{}, err
	}
	var total load.Issue
	var lag load.Lag
	s.dropped = nil
	search := load.Search{From: load.Rate(ph.Load.Find.From), To: load.Rate(ph.Load.Find.To)}
	for rate, more := search.Next(); more && ctx.Err() == nil; rate, more = search.Next() {
		trial := *ph
		trial.Load.Open.Rate = float64(rate)
		if len(s.rates) > 0 {
			trial.Warmup = plan.Warmup{}
		}
		s.begin(float64(rate), total.Issued+total.Dropped)
		o := open(&trial, r.plan.Seed^uint64(s.phase)<<32)
		o.Loop = loop
		issue, err := o.Run(ctx, r.anchor, callGrace, &lag, s)
		total.Issued += issue.Issued
		total.Dropped += issue.Dropped
		total.Timing = issue.Timing
		if err != nil || ctx.Err() != nil {
			return total, err
		}
		samples, stretch, err := s.sofar()
		if err != nil {
			return total, err
		}
		step := measure.Summarize(s.cell, s.phase, ph.Name, measure.WantAny, s.dropped[s.step:], measure.OfStep(samples, s.step), r.asked)
		step.KeepsUp(measure.OfStep(samples, s.step))
		if err := stretch.Err(); err != nil {
			return total, err
		}
		why := objective.Unmet(&step)
		search.Tell(rate, why == "")
	}
	r.lateness(ph, &lag)
	r.timing(total.Timing)
	return total, nil
}

// begin makes what the shooter is told next a step of its own.
func (s *shooter) begin(rate float64, before int) {
	s.base, s.step = before, len(s.rates)
	s.rates, s.dropped = append(s.rates, rate), append(s.dropped, 0)
}

// knee judges the trials of a search by all that is known of them now.
func (r *runner) knee(ph *plan.Phase, rates []float64, samples iter.Seq[*measure.Sample], sum *measure.Summary) error {
	if ph.Load.Find == nil || len(rates) == 0 {
		return nil
	}
	objective, err := slo.NewObjective(ph.Load.Find.SLO)
	if err != nil {
		return err
	}
	sum.KeepsUp(samples)
	objective.Knee(sum, rates)
	switch rate, found := sum.Counters["knee"]; {
	case !found:
		r.note("phase %s: %s does not hold at %g/s, the lowest rate of the search: %s", ph.Name, ph.Load.Find.SLO.Value, ph.Load.Find.From, sum.Trials[0].Unmet)
	case rate >= ph.Load.Find.To:
		r.note("phase %s: %s holds at %g/s, the highest rate of the search: the knee lies above it", ph.Name, ph.Load.Find.SLO.Value, rate)
	}
	return nil
}
