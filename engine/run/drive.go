package run

import (
	"context"
	"fmt"
	"slices"
	"time"

	"wsk-scenario/engine/load"
	"wsk-scenario/engine/loop"
	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/result"
)

// spareFor is the time whose calls get users before an open load begins.
const spareFor = 50 * time.Millisecond

// endless is how long a background would go on if nothing ended it.
const endless = 10_000 * time.Hour

// drive makes the calls of a phase.
func (r *runner) drive(ctx context.Context, ph *plan.Phase, s *shooter) (load.Issue, error) {
	if ph.Load.Workers > 0 {
		return r.shared(ctx, ph, s)
	}
	if ph.Load.Open == nil {
		grace := callGrace
		if ph.Load.Background {
			grace = ph.Timeout // it ends as planned: what is under way is waited for
		}
		c := closed(ph)
		c.Share, c.Missed = r.share, s.miss
		issued, err := c.Run(ctx, r.anchor, grace, s)
		missed := s.missed()
		if missed > 0 {
			r.note("%d of %s of phase %s due and not sent when its time was over: those before them took longer than the pace",
				missed, counted(missed+issued, "call"), ph.Name)
		}
		return load.Issue{Issued: issued, Dropped: missed}, err
	}
	loop, leave := r.loop(ctx, ph, s)
	defer leave()
	if ph.Load.Find != nil {
		return r.search(ctx, ph, s, loop)
	}
	var lag load.Lag
	o := open(ph, r.plan.Seed^uint64(s.phase)<<32)
	o.Loop, o.Share = loop, r.share
	issue, err := o.Run(ctx, r.anchor, callGrace, &lag, s)
	r.lateness(ph, &lag)
	if issue.Dropped > 0 {
		r.note("%d of %d calls of phase %s were due and not sent: %d others were under way (max_in_flight)",
			issue.Dropped, issue.Dropped+issue.Issued, ph.Name, ph.Load.Open.MaxInFlight)
	}
	r.timing(issue.Timing)
	return issue, err
}

// loopRate is up to which rate one goroutine makes all calls of an open load. It can make several times as many; but what one
// CPU cannot keep up with is better shared by all.
const loopRate = 10_000

// loop is what makes the calls of an open load with one goroutine, and what closes it; nil where each user has a goroutine of
// its own: where rates are high, and where a call is more than a request and its answer on a plain connection.
func (r *runner) loop(ctx context.Context, ph *plan.Phase, s *shooter) (*loop.Loop, func()) {
	none := func() {}
	peak := ph.Load.Curve().Peak()
	if ph.Load.Find != nil {
		peak = load.Rate(ph.Load.Find.To)
	}
	if s.cold || s.expect != nil || s.answers || s.chain || len(s.extracted) > 0 || peak > loopRate {
		return nil, none
	}
	l, err := loop.New(ctx)
	if err != nil { // not on this system
		return nil, none
	}
	client := r.client.On(l)
	if client == nil {
		_ = l.Close()
		return nil, none
	}
	s.client, s.loop = client, l
	r.processors.add(1)
	return l, func() {
		r.processors.add(-1)
		client.Close()
		_ = l.Close()
	}
}

// lateness says when the generator itself was late.
func (r *runner) lateness(ph *plan.Phase, lag *load.Lag) {
	if late := lag.Quantile(.99); late > measure.LateBy {
		r.note("the generator was late in phase %s: a hundredth of its calls was sent %v and more after it was due (at worst %v); the responses count it, the latencies do not",
			ph.Name, late.Round(100*time.Microsecond), lag.Max().Round(100*time.Microsecond))
	}
}

// timing says once what an open load waits with.
func (r *runner) timing(name string) {
	const fact = "timing"
	if name == "" {
		return
	}
	r.told.Lock()
	known := slices.ContainsFunc(r.result.Facts, func(f result.Fact) bool { return f.Name == fact })
	r.told.Unlock()
	if known {
		return
	}
	r.fact(fact, fmt.Sprintf("open loads wait with %s", name))
}

func closed(ph *plan.Phase) load.Closed {
	l := ph.Load
	c := load.Closed{
		Users: l.Users, WarmupIterations: ph.Warmup.Iterations, WarmupFor: ph.Warmup.For,
		Iterations: l.Iterations, PerUser: l.PerUser, For: l.For, Pace: l.Pace, Burst: l.Burst,
	}
	switch {
	case l.Background:
		c.For = endless
	case l.Ramp != nil:
		c.Levels = load.RampUsers(int(l.Ramp.From), int(l.Ramp.To), l.For)
	case len(l.Steps) > 0:
		users := make([]int, len(l.Steps))
		for i, n := range l.Steps {
			users[i] = int(n)
		}
		c.Levels = load.StepUsers(users, l.For/time.Duration(len(users)))
	}
	if c.Levels != nil {
		c.For = 0
	}
	return c
}

func open(ph *plan.Phase, seed uint64) load.Open {
	curve := ph.Load.Curve()
	o := load.Open{
		MaxInFlight: ph.Load.Open.MaxInFlight, Spare: max(1, int(float64(curve.Peak())*spareFor.Seconds())),
		WarmupIterations: ph.Warmup.Iterations, WarmupFor: ph.Warmup.For,
	}
	switch ph.Load.Open.Arrivals {
	case "population":
		moments := make([]load.Due, len(ph.Load.Played))
		for i, p := range ph.Load.Played {
			moments[i].After = p.After
		}
		o.Schedule = load.At(moments)
	case "poisson":
		o.Schedule = load.NewArrivals(curve, load.Poisson, seed)
	case "uniform":
		o.Schedule = load.NewArrivals(curve, load.Uniform, seed)
	case "burst":
		o.Schedule = load.BurstsOn(curve, ph.Load.Open.Size)
	default:
		o.Schedule = load.NewArrivals(curve, load.Constant, seed)
	}
	return o
}
