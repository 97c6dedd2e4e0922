package plan

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"wsk-scenario/dsl"
	"wsk-scenario/dsl/diag"
	"wsk-scenario/dsl/syntax"
	"wsk-scenario/engine/load"
)

// Load is when calls are made. In a closed model Users call back to back, or at a pace, behind one barrier, and exactly one
// of Iterations (shared), PerUser and For is set. In an open one calls are due whether or not others are over. What changes
// on the way goes in Steps or along a Ramp, of users or of calls a second, and For is the time of all of it.
type Load struct {
	Users      int           `json:"users,omitempty"` // the most that call; 0 in an open model
	Iterations int           `json:"iterations,omitempty"`
	PerUser    int           `json:"iterations_per_user,omitempty"`
	For        time.Duration `json:"for_ns,omitempty"`
	Pace       time.Duration `json:"pace_ns,omitempty"` // between the due moments of a user's calls; 0 for back to back
	Burst      int           `json:"burst,omitempty"`   // calls of a user at once; 0 is 1
	Steps      []float64     `json:"steps,omitempty"`   // each lasts the same part of For
	Ramp       *Ramp         `json:"ramp,omitempty"`
	Open       *Open         `json:"open,omitempty"` // nil: a closed model
	// Background is a closed load that goes on as long as the phases beside it.
	Background bool `json:"background,omitempty"`
	// Played are the calls of a population, in the order in which they are due.
	Played []Played `json:"played,omitempty"`
	Find   *Find    `json:"find,omitempty"` // the rate is searched; For is the time of one trial
	// Workers are the processes that send the load together; 0 is this one alone.
	Workers int `json:"workers,omitempty"`
	// On is the role of the nodes that workers run on; this machine when empty.
	On string `json:"on,omitempty"`
}

// Played is a call of an application of a population.
type Played struct {
	After time.Duration `json:"after_ns"` // since the load began
	App   int           `json:"app"`      // which of the phase's mix
}

// Ramp goes evenly from one number to another.
type Ramp struct {
	From float64 `json:"from"`
	To   float64 `json:"to"`
}

// Find is a search for the highest rate at which the objective holds.
type Find struct {
	From float64   `json:"from"` // calls a second
	To   float64   `json:"to"`
	SLO  diag.Text `json:"slo"`
}

// trialFor is how long a search tries a rate when the scenario does not say.
const trialFor = 10 * time.Second

// Open is what an open model has alone.
type Open struct {
	Rate        float64   `json:"rate,omitempty"`     // calls a second, where neither Steps nor a Ramp says it
	Arrivals    string    `json:"arrivals,omitempty"` // constant, uniform, poisson or burst
	Size        int       `json:"size,omitempty"`     // of a burst
	PerMinute   []float64 `json:"per_minute,omitempty"`
	MaxInFlight int       `json:"max_in_flight"` // a call that is due beyond it is dropped
}

// usualInFlight is how many calls of an open load may be under way when the scenario does not say. Each is a connection.
const usualInFlight = 1000

// AtOnce is how many calls may be under way at a time.
func (l Load) AtOnce() int {
	if l.Open != nil {
		return l.Open.MaxInFlight
	}
	return l.Users * max(1, l.Burst)
}

// Curve is the course of an open load.
func (l Load) Curve() load.Curve {
	switch o := l.Open; {
	case o == nil:
		return nil
	case len(o.PerMinute) > 0:
		return load.Minutes(o.PerMinute).Cut(l.For)
	case len(l.Steps) > 0:
		rates := make([]load.Rate, len(l.Steps))
		for i, r := range l.Steps {
			rates[i] = load.Rate(r)
		}
		return load.Steps(rates, l.For/time.Duration(len(rates)))
	case l.Ramp != nil:
		return load.Ramp(load.Rate(l.Ramp.From), load.Rate(l.Ramp.To), l.For)
	default:
		return load.Steady(load.Rate(o.Rate), l.For)
	}
}

func (b *builder) load(l dsl.Load) Load {
	made := Load{
		Iterations: read(b, l.Iterations), PerUser: read(b, l.IterationsPerUser), For: read(b, l.For),
		Pace: read(b, l.Pace), Burst: read(b, l.Burst),
	}
	switch {
	case l.Population.Set():
		made.Open = &Open{Arrivals: "population", MaxInFlight: or(b, l.MaxInFlight, usualInFlight)}
		made.Played = b.played(made.For)
		made.Open.Rate = float64(len(made.Played)) / max(made.For.Seconds(), 1)
	case l.Find.Set():
		made.Find = &Find{From: float64(read(b, l.From)), To: float64(read(b, l.To)), SLO: l.SLO.Text()}
		made.For = or(b, l.For, trialFor)
		made.Open = &Open{Rate: made.Find.To, Arrivals: or(b, l.Arrivals.Process, "constant"), MaxInFlight: or(b, l.MaxInFlight, usualInFlight)}
		if l.Arrivals.Size.Set() {
			made.Open.Arrivals, made.Open.Size = "burst", read(b, l.Arrivals.Size)
		}
	case len(l.Rate.Steps) > 0 || l.Rate.From.Set():
		made.Open = &Open{Arrivals: or(b, l.Arrivals.Process, "constant"), MaxInFlight: or(b, l.MaxInFlight, usualInFlight)}
		if l.Arrivals.Size.Set() {
			made.Open.Arrivals, made.Open.Size = "burst", read(b, l.Arrivals.Size)
		}
		made.Open.Rate = changing(b, &made, l.Rate.Steps, l.Rate.From, l.Rate.To, l.Rate.Over, l.Each)
		b.burstsKeepTheRate(l, &made)
	case l.Trace.Set():
		made.Open = &Open{Arrivals: "uniform", MaxInFlight: or(b, l.MaxInFlight, usualInFlight)}
		made.Open.PerMinute = b.trace(l)
		if whole := time.Duration(len(made.Open.PerMinute)) * time.Minute; made.For == 0 || made.For > whole {
			made.For = whole
		}
	case len(l.Users.Steps) > 0 || l.Users.From.Set():
		made.Users = int(changing(b, &made, l.Users.Steps, l.Users.From, l.Users.To, l.Users.Over, l.Each))
	default:
		made.Users = 1
	}
	made.Workers, made.On = b.workers(l, &made), or(b, l.On, "")
	return made
}

// workers is how many processes send a load; 0 when it is this one alone. Each must have somebody who calls.
func (b *builder) workers(l dsl.Load, made *Load) int {
	n := or(b, l.Workers, 1)
	if n == 1 && !l.On.Set() {
		return 0
	}
	if most := made.AtOnce(); n > most {
		what := "users"
		if made.Open != nil {
			what = "calls under way (max_in_flight)"
		}
		d := b.diags.Errorf(l.Workers.Range(), "%s: %d workers for %d %s: some would have nothing to do", l.Workers.Path(), n, most, what)
		d.Path, d.Hint = l.Workers.Path(), fmt.Sprintf("write at most workers: %d", most)
	}
	return n
}

// changing reads steps or a ramp into the load, and returns the one number of what does not change, or the highest.
func changing[T int | syntax.Rate](b *builder, l *Load, steps []syntax.Val[T], from, to syntax.Val[T], over, each syntax.Val[time.Duration]) float64 {
	if from.Set() {
		l.Ramp, l.For = &Ramp{float64(read(b, from)), float64(read(b, to))}, read(b, over)
		return max(l.Ramp.From, l.Ramp.To)
	}
	if !each.Set() {
		return float64(read(b, steps[0]))
	}
	for _, v := range steps {
		l.Steps = append(l.Steps, float64(read(b, v)))
	}
	l.For = time.Duration(len(steps)) * read(b, each)
	return slices.Max(l.Steps)
}

// burstsKeepTheRate reports bursts whose size and distance say another rate than the load does.
func (b *builder) burstsKeepTheRate(l dsl.Load, made *Load) {
	o, every := made.Open, l.Arrivals.Every
	if o.Arrivals != "burst" || !every.Set() {
		return
	}
	distance := read(b, every)
	if distance <= 0 {
		return // said elsewhere
	}
	own := float64(o.Size) / distance.Seconds()
	if len(made.Steps) == 0 && made.Ramp == nil && nearly(own, o.Rate) {
		return
	}
	rate := "the rate changes"
	if len(made.Steps) == 0 && made.Ramp == nil {
		rate = "the rate is " + syntax.Rate(o.Rate).String()
	}
	d := b.diags.Errorf(every.Range(), "%s: bursts of %d every %s are %s, but %s", every.Path(), o.Size, distance, syntax.Rate(own), rate)
	d.Path, d.Hint = every.Path(), "remove every; the rate and the size say how far apart bursts are"
}

func nearly(a, b float64) bool { return a > b*(1-1e-9) && a < b*(1+1e-9) }

// trace reads the file of a trace: the calls of each minute, all functions together.
func (b *builder) trace(l dsl.Load) []float64 {
	path := dsl.PathOf(l.Trace, read(b, l.Trace))
	fault := func(err error) []float64 {
		d := b.diags.Errorf(l.Trace.Range(), "%s: %v", l.Trace.Path(), err)
		d.Path = l.Trace.Path()
		return nil
	}
	file, err := os.Open(path)
	if err != nil {
		return nil // that it is not there is said where the scenario is checked
	}
	defer file.Close()
	rows, err := load.ReadTrace(file)
	var placed *load.TraceError
	if errors.As(err, &placed) {
		return fault(fmt.Errorf("%s, %w", path, err))
	}
	if err != nil {
		return fault(err)
	}
	counts := load.PerMinute(rows, or(b, l.Scale, 1))
	if slices.Max(counts) == 0 {
		return fault(errors.New("the trace has no invocation"))
	}
	return counts
}
