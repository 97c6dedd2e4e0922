package dsl

import (
	"slices"
	"time"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/dsl/syntax"
)

// Prewarm is how many containers of a family wait for an action: a fixed number or, with one of the other keys, one that
// follows the cold starts.
type Prewarm struct {
	Count     syntax.Val[int]           `yaml:"count,shorthand" doc:"How many there are at the start, and for as long as no other key is written." example:"2"`
	Min       syntax.Val[int]           `yaml:"min" doc:"The fewest, which are replaced at once when taken; 1 when not said." example:"1"`
	Max       syntax.Val[int]           `yaml:"max" doc:"The most; 4 when not said." example:"4"`
	TTL       syntax.Val[time.Duration] `yaml:"ttl" doc:"How long one waits that nobody takes, beyond the fewest; 2m when not said." example:"2m"`
	Threshold syntax.Val[int]           `yaml:"threshold" doc:"For so many cold starts in a minute increment containers wait from then on; 1 when not said." example:"1"`
	Increment syntax.Val[int]           `yaml:"increment" doc:"How many containers wait for each threshold of cold starts; 1 when not said." example:"1"`
}

// Reactive reports whether the number follows the cold starts.
func (p Prewarm) Reactive() bool {
	return p.Min.Set() || p.Max.Set() || p.TTL.Set() || p.Threshold.Set() || p.Increment.Set()
}

// prewarmed are the families whose runtime the embedded server can start before it has an action.
var prewarmed = []string{"nodejs", "python"}

func (c *profileChecker) checkPrewarm() {
	for _, e := range c.Prewarm.Entries {
		p := e.Value
		c.atLeastOne(p.Count, "leave it out, and no container waits")
		for _, v := range []syntax.Val[int]{p.Min, p.Max, p.Threshold, p.Increment} {
			c.atLeastOne(v, "leave it out for OpenWhisk's own")
		}
		if d, ok := p.TTL.Literal(); ok && d <= 0 {
			c.fault(p.TTL, " must be longer than 0s")
		}
		if driver, _ := c.Driver.Literal(); driver != "docker" && !slices.Contains(prewarmed, e.Key.Value) {
			d := c.diags.Errorf(e.Key.Range, "prewarm: containers of %q cannot be started ahead", e.Key.Value)
			d.Path, d.Hint = "prewarm", diag.Suggest(e.Key.Value, prewarmed)
		}
		low, high := 1, 4
		if n, ok := p.Min.Literal(); ok {
			low = n
		}
		if n, ok := p.Max.Literal(); ok {
			high = n
		}
		if low > high {
			at := p.Max
			if !at.Set() {
				at = p.Min
			}
			c.fault(at, ": the fewest, %d, are more than the most, %d", low, high)
		}
	}
}
