package measure

import (
	"fmt"
	"iter"
	"slices"
	"time"
)

// Wanted is the temperature that a phase asks for; the empty one takes all samples.
type Wanted string

// What a phase may want.
const (
	WantAny  Wanted = "any"
	WantCold Wanted = "cold"
	WantWarm Wanted = "warm"
)

// All are samples that lie in memory.
func All(samples []Sample) iter.Seq[*Sample] {
	return func(yield func(*Sample) bool) {
		for i := range samples {
			if !yield(&samples[i]) {
				return
			}
		}
	}
}

// Summarize computes the summary of one phase of one cell from its samples. Warm-up samples are counted and left out of
// everything else; dropped is how many calls were due and not sent in each step of the load; more than one step have
// summaries of their own beside that of all. Latencies and stages are those of the samples that ended ok: an error has no
// service time, and it is counted by its outcome. Outliers are never removed.
//
// The samples are gone through several times, in any order but always the same ones, and none is kept: of a phase of
// millions no more lies in memory than one number of each.
//
// asked is what it has beside what every summary has.
func Summarize(cell, phase int, name string, want Wanted, dropped []int, samples iter.Seq[*Sample], asked Asked) Summary {
	sum := Summary{Cell: cell, Phase: phase, Name: name, Counters: map[string]float64{}}
	all := 0
	for _, n := range dropped {
		all += n
	}
	t := tallyOf(samples)
	sum.Warmups, sum.Window, sum.Late = t.warmups, t.last-t.first, t.late
	sum.Initialised, sum.Untold, sum.Contradicting = t.temperatures[Initialised], t.untold, t.contradicting
	sum.Elsewhere, sum.Unproved = t.ok[Temperature(Elsewhere)], t.ok[Temperature(Unproved)]
	if len(t.nodes) > 0 {
		sum.Nodes = t.nodes
	}
	sum.count(t, all)
	c := newColumns(t, samples, asked.Metrics)
	sum.Counters["in_flight_max"] = float64(c.inFlight())
	sum.classify(want, t, c, asked.Percentiles)
	if len(dropped) > 1 {
		for i := range dropped {
			step := Summarize(cell, phase, fmt.Sprintf("%s.steps[%d]", name, i), want, dropped[i:i+1], OfStep(samples, i), asked)
			sum.Steps = append(sum.Steps, step)
		}
	}
	return sum
}

// OfStep are the samples of one step of a load.
func OfStep(samples iter.Seq[*Sample], step int) iter.Seq[*Sample] {
	return func(yield func(*Sample) bool) {
		for s := range samples {
			if s.Step == step && !yield(s) {
				return
			}
		}
	}
}

// DroppedBySteps is what Summarize was told.
func (sum *Summary) DroppedBySteps() (dropped []int) {
	for _, s := range sum.Steps {
		dropped = append(dropped, int(s.Counters["dropped"]))
	}
	if dropped == nil {
		dropped = []int{int(sum.Counters["dropped"])}
	}
	return dropped
}

// tally is what can be counted on the way.
type tally struct {
	warmups, issued int
	late            int
	outcomes        map[Outcome]int
	temperatures    map[Temperature]int
	first, last     time.Duration       // the first due moment and the last answer
	ok              map[Temperature]int // by the class of the sample
	several         map[Temperature]int // numbers of these, of the metric that has several
	nodes           map[string]int      // of those that ended ok
	room            map[Temperature]int // what ended ok, with the activations that calls have started
	extracted       bool
	staged          bool           // of any the stages of its container are known
	throttled       map[string]int // by the limit
	fired, failed   int            // activations that calls have started
	untold          int            // calls that may have had a container of any temperature
	contradicting   int            // samples that ended ok with a record that cannot be
}

func tallyOf(samples iter.Seq[*Sample]) tally {
	t := tally{outcomes: map[Outcome]int{}, temperatures: map[Temperature]int{}, ok: map[Temperature]int{}, several: map[Temperature]int{}, nodes: map[string]int{}, room: map[Temperature]int{}, throttled: map[string]int{}}
	for s := range samples {
		if s.Warmup {
			if s.Level == 0 {
				t.warmups++
			}
			continue
		}
		if s.Outcome == OK {
			t.room[s.class()]++
			t.several[s.class()] += len(hops(s))
			t.extracted = t.extracted || len(s.Extracted) > 0
			t.staged = t.staged || s.Stages != nil
			if s.Record.Contradiction() != "" {
				t.contradicting++
			}
		}
		if s.Level > 0 {
			t.started(s)
			continue
		}
		if t.issued == 0 {
			t.first, t.last = s.Due, s.end()
		}
		t.issued++
		t.first, t.last = min(t.first, s.Due), max(t.last, s.end())
		if s.Sent-s.Due > LateBy {
			t.late++
		}
		t.outcomes[s.Outcome]++
		if limit := s.throttle(); limit != "" {
			t.throttled[limit]++
		}
		t.temperatures[s.Temperature]++
		if s.Temperature == Unknown && !s.Outcome.refused() {
			t.untold++
		}
		if s.Outcome == OK {
			t.ok[s.class()]++
			if s.Node != "" {
				t.nodes[s.Node]++
			}
		}
	}
	return t
}

// started counts an activation that a call has started.
func (t *tally) started(s *Sample) {
	t.temperatures[s.Temperature]++
	if t.fired++; s.Outcome.IsError() {
		t.failed++
	}
}

func (sum *Summary) count(t tally, dropped int) {
	c := sum.Counters
	for _, o := range Outcomes {
		c[string(o)] = float64(t.outcomes[o])
	}
	errors := 0
	for o, n := range t.outcomes {
		if o.IsError() {
			errors += n
		}
	}
	c[byRate], c[byConcurrency] = float64(t.throttled[byRate]), float64(t.throttled[byConcurrency])
	var known float64
	for _, temperature := range []Temperature{Cold, Prewarmed, Warm} {
		n := float64(t.temperatures[temperature])
		c[string(temperature)] = n
		known += n
	}
	issued := float64(t.issued)
	c["fired"], c["fired_errors"] = float64(t.fired), float64(t.failed)
	c["errors"], c["issued"] = float64(errors), issued
	c["dropped"], c["offered"] = float64(dropped), issued+float64(dropped)
	ratio(c, "error_rate", c["errors"], issued)
	ratio(c, "cold_share", c["cold"], known)
	ratio(c, "throughput", c["ok"], sum.Window.Seconds())
}

// ratio sets a counter that has no value when there is nothing to divide by: no data is not zero.
func ratio(c map[string]float64, name string, over, under float64) {
	if under > 0 {
		c[name] = over / under
	}
}

// temperatures are the classes in the order in which they are shown; the last ones are of samples that missed their place.
var temperatures = []Temperature{Cold, Prewarmed, Initialised, Warm, Unknown, Temperature(Elsewhere), Temperature(Unproved), Started}

// classify fills Classes: what the phase asked for as "all", and each temperature that was met beside it.
func (sum *Summary) classify(want Wanted, t tally, c *columns, more []Percentile) {
	parts := slices.Clone(temperatures)
	slices.SortStableFunc(parts, func(a, b Temperature) int { return rank(want, a) - rank(want, b) })
	all := Class{Name: "all", Metrics: map[string]Stats{}}
	by := map[Temperature]*Class{}
	for _, p := range parts {
		by[p] = &Class{Name: string(p), Samples: t.room[p], Metrics: map[string]Stats{}}
		switch {
		case want.takes(p):
			all.Samples += t.ok[p]
		case !p.missed():
			sum.Strays += t.ok[p]
		}
	}
	c.metrics(parts, func(metric string, values [][]float64, whole []float64) {
		taken := 0
		for i, p := range parts {
			if len(values[i]) == 0 {
				continue
			}
			by[p].Metrics[metric] = Describe(values[i], more)
			if want.takes(p) {
				taken += len(values[i])
			}
		}
		if taken > 0 { // the parts that are taken come first, one behind the other
			all.Metrics[metric] = Describe(whole[:taken], more)
		}
	})
	c.extracted(parts, func(metric string, values [][]float64) {
		var whole []float64
		for i, p := range parts {
			if len(values[i]) == 0 {
				continue
			}
			if want.takes(p) {
				whole = append(whole, values[i]...)
			}
			by[p].Metrics[metric] = Describe(values[i], more)
		}
		if len(whole) > 0 {
			all.Metrics[metric] = Describe(whole, more)
		}
	})
	sum.Classes = []Class{all}
	for _, p := range temperatures {
		if t.room[p] > 0 {
			sum.Classes = append(sum.Classes, *by[p])
		}
	}
}

// Takes reports whether a sample that ended ok belongs to the statistics of a phase that wants w.
func (w Wanted) Takes(s *Sample) bool { return w.takes(s.class()) }

// rank puts the temperatures that are taken before the others.
func rank(want Wanted, t Temperature) int {
	if want.takes(t) {
		return 0
	}
	return 1
}

// takes reports whether a sample of class t belongs to the statistics of the phase. A cold phase keeps initialised
// samples: the class is shown beside "all", so what is not proved is seen.
func (w Wanted) takes(t Temperature) bool {
	switch {
	case t.missed():
		return false
	case w == WantCold:
		return t == Cold || t == Initialised
	case w == WantWarm:
		return t == Warm
	}
	return true
}

// Class returns the statistics of the samples of one temperature, or of "all".
func (sum *Summary) Class(name string) (Class, bool) {
	i := slices.IndexFunc(sum.Classes, func(c Class) bool { return c.Name == name })
	if i < 0 {
		return Class{}, false
	}
	return sum.Classes[i], true
}
