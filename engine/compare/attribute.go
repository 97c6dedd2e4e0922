package compare

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"wsk-scenario/engine/measure"
)

// Attribution says where a change of the mean response of a phase comes from. The parts of one kind add up to Change.
type Attribution struct {
	Cell   string  `json:"cell"`
	Phase  string  `json:"phase"`
	Change float64 `json:"change_ns"` // of the mean response, new − base, mean over the runs
	Stages []Part  `json:"stages"`
	// Mix splits the change by temperature: what came from other shares of cold and warm, and what from each of them.
	Mix []Part `json:"mix,omitempty"`
}

// Part is one cause and what it adds, in nanoseconds.
type Part struct {
	Name string  `json:"name"`
	Adds float64 `json:"adds_ns"`
}

// stages are the metrics that a response consists of; what is left is the client's way there and back.
var stages = []string{"send_lag", "wait", "init", "run"}

// causes explains every phase of a cell whose response regressed or improved.
func causes(comparisons []Comparison, a, b []run) (list []Attribution) {
	for _, c := range comparisons {
		phase, metric, _ := strings.Cut(c.Metric.Name, ".")
		response := strings.HasPrefix(metric, "response.") || strings.HasPrefix(metric, "latency.")
		known := slices.ContainsFunc(list, func(other Attribution) bool { return other.Cell == c.Cell && other.Phase == phase })
		if !response || known || c.Verdict != Regressed && c.Verdict != Improved {
			continue
		}
		base, latest := profileOf(a, c.Cell, phase), profileOf(b, c.Cell, phase)
		if base.runs > 0 && latest.runs > 0 {
			list = append(list, attribute(c.Cell, phase, base, latest))
		}
	}
	return list
}

// profile is what a phase consists of, mean over the runs of a side.
type profile struct {
	runs     float64
	response float64
	stage    []float64 // what each stage adds to the mean response
	share    map[string]float64
	class    map[string]float64 // mean response of a class where it occurs, times its share
}

func profileOf(runs []run, cell, phase string) profile {
	p := profile{stage: make([]float64, len(stages)), share: map[string]float64{}, class: map[string]float64{}}
	for _, r := range runs {
		i, ok := r.cells[cell]
		if !ok {
			continue
		}
		for _, sum := range r.result.Summaries {
			if sum.Cell == i && sum.Name == phase {
				p.add(sum)
			}
		}
	}
	if p.runs == 0 {
		return p
	}
	p.response /= p.runs
	for i := range p.stage {
		p.stage[i] /= p.runs
	}
	for name := range p.share {
		p.class[name] /= p.runs
		p.share[name] /= p.runs
	}
	return p
}

func (p *profile) add(sum measure.Summary) {
	all, _ := sum.Class("all")
	response, ok := all.Metrics["response"]
	if !ok || response.Count == 0 {
		return
	}
	p.runs++
	p.response += response.Mean
	for i, name := range stages {
		m := all.Metrics[name]
		p.stage[i] += m.Mean * float64(m.Count) / float64(response.Count)
	}
	total := 0
	for _, c := range sum.Classes {
		if c.Name != "all" {
			total += c.Metrics["response"].Count
		}
	}
	if total != response.Count {
		return // a phase that asks for a start leaves the others out: there is no mix in it
	}
	for _, c := range sum.Classes {
		if m := c.Metrics["response"]; c.Name != "all" && m.Count > 0 {
			share := float64(m.Count) / float64(total)
			p.share[c.Name] += share
			p.class[c.Name] += m.Mean * share
		}
	}
}

func attribute(cell, phase string, base, latest profile) Attribution {
	a := Attribution{Cell: cell, Phase: phase, Change: latest.response - base.response}
	rest := a.Change
	for i, name := range stages {
		adds := latest.stage[i] - base.stage[i]
		rest -= adds
		a.Stages = append(a.Stages, Part{name, adds})
	}
	a.Stages = largest(append(a.Stages, Part{"network and platform", rest}))
	a.Mix = mixOf(base, latest)
	return a
}

// mixOf is the shift of shares, priced at the base's means, and the change inside each class, at the new shares.
func mixOf(base, latest profile) (parts []Part) {
	if len(base.share) < 2 && len(latest.share) < 2 {
		return nil
	}
	shift := 0.0
	for name, share := range latest.share {
		before := base.class[name] / base.share[name]
		if base.share[name] == 0 {
			before = latest.class[name] / share // a class that is new is all shift
		}
		shift += (share - base.share[name]) * before
		parts = append(parts, Part{name + " calls themselves", latest.class[name] - share*before})
	}
	for name := range base.share {
		if latest.share[name] == 0 {
			shift -= base.class[name]
		}
	}
	return largest(append(parts, Part{"another mix of cold and warm", shift}))
}

// largest sorts parts by size, then by name.
func largest(parts []Part) []Part {
	slices.SortFunc(parts, func(a, b Part) int {
		return cmp.Or(cmp.Compare(math.Abs(b.Adds), math.Abs(a.Adds)), cmp.Compare(a.Name, b.Name))
	})
	return parts
}
