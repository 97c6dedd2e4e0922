package dsl

import (
	"fmt"
	"time"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/dsl/syntax"
)

// Population is applications sampled from distributions.
type Population struct {
	Action   syntax.Val[string]          `yaml:"action" doc:"The action that the applications are made of. Each has actions of its own like it, with a memory of their own and the parameter ms, how long it shall run." example:"work"`
	Count    syntax.Val[int]             `yaml:"count" doc:"How many applications." example:"10"`
	Seed     syntax.Val[int]             `yaml:"seed" doc:"Of the sampling; that of the run when not said." example:"1"`
	Chain    Distribution[float64]       `yaml:"chain" doc:"How many actions an application chains." example:"{cdf: [[1, 0.6], [2, 0.9], [10, 1]]}"`
	Memory   Distribution[syntax.Bytes]  `yaml:"memory" doc:"Memory of its actions." example:"{csv: memory.csv}"`
	Duration Distribution[time.Duration] `yaml:"duration" doc:"How long its actions run." example:"{exponential: {mean: 200ms}}"`
	Arrival  Distribution[time.Duration] `yaml:"arrival" doc:"From one of its invocations to the next." example:"{gamma: {shape: 2, scale: 5s}}"`
}

// Distribution is how a quantity is distributed: exactly one of its keys.
type Distribution[T any] struct {
	Points      *syntax.Node       `yaml:"cdf" doc:"Points of the cumulative distribution: [value, share]." example:"[[1, 0.6], [2, 0.9], [10, 1]]"`
	CSV         syntax.Val[string] `yaml:"csv" doc:"A file with such points, relative to the scenario's file." example:"memory.csv"`
	Constant    syntax.Val[T]      `yaml:"constant" doc:"Always this value."`
	Normal      Normal[T]          `yaml:"normal" doc:"The normal distribution, cut off at nothing."`
	Exponential Mean[T]            `yaml:"exponential" doc:"The exponential distribution."`
	Gamma       Gamma[T]           `yaml:"gamma" doc:"The gamma distribution."`
	Lognormal   Lognormal[T]       `yaml:"lognormal" doc:"The log-normal distribution."`
}

// Part is one written key of a section, whatever stands behind it.
type Part interface {
	Set() bool
	Range() diag.Range
	Path() string
}

// Parts are its keys, in the order declared; one of them is written.
func (d Distribution[T]) Parts() []Part {
	points := written{path: "cdf"}
	if d.Points != nil {
		points.set, points.place = true, d.Points.Range
	}
	return []Part{points, d.CSV, d.Constant, d.Normal.Mean, d.Exponential.Mean, d.Gamma.Shape, d.Lognormal.Median}
}

// Normal is a normal distribution.
type Normal[T any] struct {
	Mean   syntax.Val[T] `yaml:"mean,required" doc:"Its mean."`
	Stddev syntax.Val[T] `yaml:"stddev,required" doc:"Its standard deviation."`
}

// Mean is a distribution that has its mean alone.
type Mean[T any] struct {
	Mean syntax.Val[T] `yaml:"mean,required" doc:"Its mean."`
}

// Gamma is a gamma distribution.
type Gamma[T any] struct {
	Shape syntax.Val[float64] `yaml:"shape,required" doc:"Its shape." example:"2"`
	Scale syntax.Val[T]       `yaml:"scale,required" doc:"Its scale; the mean is shape times scale."`
}

// Lognormal is a log-normal distribution.
type Lognormal[T any] struct {
	Median syntax.Val[T]       `yaml:"median,required" doc:"Its median."`
	Sigma  syntax.Val[float64] `yaml:"sigma,required" doc:"The standard deviation of the logarithm." example:"1.2"`
}

func (c *checker) checkPopulation() {
	p := c.Population
	section := c.root.Get("population")
	if section != nil && !c.misspelled("population") {
		for _, key := range []string{"action", "count", "arrival"} {
			if section.Get(key) == nil {
				d := c.diags.Errorf(section.Range, "population has no %q", key)
				d.Path, d.Hint = "population", "write it such as "+map[string]string{
					"action": "action: work, an action that runs for as many milliseconds as its parameter ms says", "count": "count: 10", "arrival": "arrival: {exponential: {mean: 5s}}",
				}[key]
			}
		}
	}
	for _, f := range each(c, p.Action) {
		c.actions[f.Value] = true
		if _, known := c.Actions.Get(f.Value); !known {
			d := c.fault(p.Action, ": there is no action %q%s", f.Value, f.where())
			if d.Hint = diag.Suggest(f.Value, c.Actions.Names()); d.Hint == "" {
				d.Hint = "the scenario has no actions"
			}
		}
	}
	if p.Count.Set() {
		atLeast(c, p.Count, 1)
		atMost(c, p.Count, maxUsers)
	}
	checkDistribution(c, p.Chain, "population.chain")
	checkDistribution(c, p.Memory, "population.memory")
	checkDistribution(c, p.Duration, "population.duration")
	checkDistribution(c, p.Arrival, "population.arrival")
}

func checkDistribution[T any](c *checker, d Distribution[T], path string) {
	points := written{path: path + ".cdf"}
	if d.Points != nil {
		points.set, points.place = true, d.Points.Range
		c.checkPoints(d.Points, points.path)
	}
	keys := []string{"cdf", "csv", "constant", "normal", "exponential", "gamma", "lognormal"}
	all := []scalar{points, d.CSV, d.Constant, d.Normal.Mean, d.Exponential.Mean, d.Gamma.Shape, d.Lognormal.Median}
	if first := firstSet(all...); first.Set() {
		c.exactlyOne(path, first.Range(), keys, all...)
	}
	c.checkFile(d.CSV)
}

// checkPoints checks that the points of a distribution rise to 1.
func (c *checker) checkPoints(n *syntax.Node, path string) {
	last := 0.0
	for i, point := range n.Items {
		share := 0.0
		if len(point.Items) == 2 {
			value, _ := point.Items[1].Value(nil)
			_, _ = fmt.Sscan(fmt.Sprint(value), &share)
		}
		if share <= last || share > 1 {
			d := c.diags.Errorf(point.Range, "%s[%d] must be [value, share] with a share that rises to 1", path, i)
			d.Path, d.Hint = path, "write points such as [[1, 0.6], [2, 0.9], [10, 1]]"
			return
		}
		last = share
	}
	if last != 1 {
		d := c.diags.Errorf(n.Range, "%s must end with the share 1", path)
		d.Path, d.Hint = path, "write points such as [[1, 0.6], [2, 0.9], [10, 1]]"
	}
}
