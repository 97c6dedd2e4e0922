package measure

import (
	"fmt"
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

// Summarize computes the summary of one phase of one cell from its samples. Warm-up samples are counted and left out of
// everything else; dropped is how many calls were due and not sent
// in each step of the load; more than one step have summaries of their own beside that of all. Latencies and stages are those of the samples that ended ok: an error has no service time, and it is
// counted by its outcome. Outliers are never removed.
func Summarize(cell, phase int, name string, want Wanted, dropped []int, samples []Sample) Summary {
	sum := Summary{Cell: cell, Phase: phase, Name: name, Counters: map[string]float64{}}
	var measured []Sample
	for _, s := range samples {
		if s.Warmup {
			sum.Warmups++
			continue
		}
		measured = append(measured, s)
	}
	sum.Window = window(measured)
	all := 0
	for _, n := range dropped {
		all += n
	}
	sum.count(measured, all)
	sum.classify(want, measured)
	if len(dropped) > 1 {
		sum.Steps = steps(sum, want, dropped, measured)
	}
	return sum
}

func steps(whole Summary, want Wanted, dropped []int, samples []Sample) []Summary {
	list, of := make([]Summary, len(dropped)), make([][]Sample, len(dropped))
	for _, s := range samples {
		if s.Step < len(of) {
			of[s.Step] = append(of[s.Step], s)
		}
	}
	for i := range list {
		list[i] = Summarize(whole.Cell, whole.Phase, fmt.Sprintf("%s.steps[%d]", whole.Name, i), want, dropped[i:i+1], of[i])
	}
	return list
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

// window is the time from the first due moment to the last answer.
func window(samples []Sample) time.Duration {
	if len(samples) == 0 {
		return 0
	}
	first, last := samples[0].Due, samples[0].end()
	for _, s := range samples {
		first, last = min(first, s.Due), max(last, s.end())
	}
	return last - first
}

func (sum *Summary) count(samples []Sample, dropped int) {
	c := sum.Counters
	c["errors"] = 0
	for _, o := range Outcomes {
		c[string(o)] = 0
	}
	for _, t := range []Temperature{Cold, Prewarmed, Warm} {
		c[string(t)] = 0
	}
	var known float64
	for _, s := range samples {
		c[string(s.Outcome)]++
		if s.Outcome.IsError() {
			c["errors"]++
		}
		switch s.Temperature {
		case Cold, Prewarmed, Warm:
			known++
			c[string(s.Temperature)]++
		}
	}
	issued := float64(len(samples))
	c["issued"] = issued
	c["dropped"] = float64(dropped)
	c["offered"] = issued + float64(dropped)
	c["in_flight_max"] = float64(inFlight(samples))
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

// inFlight is the most calls that were under way at one moment.
func inFlight(samples []Sample) (most int) {
	type edge struct {
		at    time.Duration
		delta int
	}
	edges := make([]edge, 0, 2*len(samples))
	for _, s := range samples {
		edges = append(edges, edge{s.Sent, 1}, edge{s.Done, -1})
	}
	// An answer at the moment of the next send is not at the same time.
	slices.SortFunc(edges, func(a, b edge) int {
		if a.at != b.at {
			return int(min(max(a.at-b.at, -1), 1))
		}
		return a.delta - b.delta
	})
	now := 0
	for _, e := range edges {
		now += e.delta
		most = max(most, now)
	}
	return most
}

// classify fills Classes: what the phase asked for as "all", and each temperature that was met beside it.
func (sum *Summary) classify(want Wanted, samples []Sample) {
	byClass := map[Temperature][]*Sample{}
	var all []*Sample
	for i := range samples {
		s := &samples[i]
		if s.Outcome != OK {
			continue
		}
		byClass[s.Temperature] = append(byClass[s.Temperature], s)
		if want.takes(s.Temperature) {
			all = append(all, s)
		} else {
			sum.Strays++
		}
	}
	sum.Classes = []Class{describe("all", all)}
	for _, t := range []Temperature{Cold, Prewarmed, Initialised, Warm, Unknown} {
		if len(byClass[t]) > 0 {
			sum.Classes = append(sum.Classes, describe(string(t), byClass[t]))
		}
	}
}

// takes reports whether a sample of temperature t belongs to the statistics of the phase. A cold phase keeps initialised
// samples: the class is shown beside "all", so what is not proved is seen.
func (w Wanted) takes(t Temperature) bool {
	switch w {
	case WantCold:
		return t == Cold || t == Initialised
	case WantWarm:
		return t == Warm
	}
	return true
}

func describe(name string, samples []*Sample) Class {
	class := Class{Name: name, Samples: len(samples), Metrics: map[string]Stats{}}
	for _, metric := range Metrics {
		var values []float64
		for _, s := range samples {
			if v, ok := metric.Of(s); ok {
				values = append(values, v)
			}
		}
		if len(values) > 0 {
			class.Metrics[metric.Name] = Describe(values)
		}
	}
	return class
}

// Class returns the statistics of the samples of one temperature, or of "all".
func (sum *Summary) Class(name string) (Class, bool) {
	i := slices.IndexFunc(sum.Classes, func(c Class) bool { return c.Name == name })
	if i < 0 {
		return Class{}, false
	}
	return sum.Classes[i], true
}
