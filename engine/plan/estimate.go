package plan

import (
	"time"

	"wsk-scenario/engine/load"
)

// Estimate is what a plan will cost, as far as that can be known before it runs.
type Estimate struct {
	Invocations int           `json:"invocations"` // warm-up included; of loads by time only the warm-up iterations
	Exact       bool          `json:"exact"`       // no load goes by time, so that Invocations is the number
	Timed       time.Duration `json:"timed_ns"`    // the sum of the loads and warm-ups that go on for a time, however many calls that is
	Guess       time.Duration `json:"guess_ns"`    // a rough total, from Timed and usual durations of a call
}

// What a call usually takes on the embedded server, for the guess only.
const (
	usualCold = 400 * time.Millisecond
	usualWarm = 10 * time.Millisecond
)

// Estimate adds up all phases of all cells.
func (p *Plan) Estimate() Estimate {
	total := Estimate{Exact: true}
	for _, cell := range p.Cells {
		for _, ph := range cell.Phases {
			e := ph.Estimate()
			total.Invocations += e.Invocations
			total.Timed += e.Timed
			total.Guess += e.Guess
			total.Exact = total.Exact && e.Exact
		}
	}
	return total
}

// Estimate is what one phase will cost in one cell.
func (ph Phase) Estimate() Estimate {
	if ph.Wait > 0 {
		return Estimate{Exact: true, Timed: ph.Wait, Guess: ph.Wait}
	}
	if ph.Load.Open != nil {
		return ph.openEstimate()
	}
	e := Estimate{Exact: ph.Load.For == 0 && ph.Warmup.For == 0 && !ph.Load.Background, Timed: ph.Load.For + ph.Warmup.For}
	callers := ph.Load.AtOnce()
	e.Invocations = callers*(ph.Warmup.Iterations+ph.Load.PerUser) + ph.Load.Iterations
	usual := usualWarm
	if ph.Start == ColdStart {
		usual = usualCold
	}
	if ph.Load.Pace > usual && ph.Load.For == 0 { // the calls of all users are spread over their paces
		usual = ph.Load.Pace
	}
	e.Guess = e.Timed + time.Duration(e.Invocations)*usual/time.Duration(max(callers, 1))
	return e
}

// openEstimate counts the calls that are due: dropped ones are among them. Independent callers are not so many and no more.
func (ph Phase) openEstimate() Estimate {
	o := ph.Load.Open
	if f := ph.Load.Find; f != nil {
		timed := ph.Warmup.For + ph.Load.For*time.Duration(load.Search{From: load.Rate(f.From), To: load.Rate(f.To)}.Trials())
		return Estimate{Invocations: ph.Warmup.Iterations, Timed: timed, Guess: timed}
	}
	due := ph.Load.Curve().Calls()
	if ph.Load.Played != nil || o.Arrivals == "population" {
		due = len(ph.Load.Played)
	}
	if o.Arrivals == "burst" {
		due = (due + o.Size - 1) / o.Size * o.Size
	}
	return Estimate{
		Invocations: ph.Warmup.Iterations + due, Exact: o.Arrivals != "poisson" && ph.Warmup.For == 0,
		Timed: ph.Warmup.For, Guess: ph.Load.For + ph.Warmup.For + time.Duration(ph.Warmup.Iterations)*usualWarm,
	}
}

// MaxUsers is the most users that call at a time.
func (p *Plan) MaxUsers() (most int) {
	for _, cell := range p.Cells {
		for _, n := range cell.atOnce() {
			most = max(most, n)
		}
	}
	return most
}

// atOnce is how many calls may be under way at a time, in each phase and in all that run side by side.
func (c *Cell) atOnce() (list []int) {
	group := 0
	for _, ph := range c.Phases {
		if ph.Group != 0 && ph.Group == group {
			list[len(list)-1] += ph.Load.AtOnce()
			continue
		}
		group, list = ph.Group, append(list, ph.Load.AtOnce())
	}
	return list
}
