package slo

import (
	"fmt"
	"time"

	"wsk-scenario/engine/measure"
)

// A stage that became so many times as long, and longer by this, is what gave way.
const (
	grownTimes = 1.5
	grownBy    = 5 * time.Millisecond
)

// stages are where a call may wait, and what that says.
var stages = []struct{ metric, says string }{
	{"wait", "containers to run in: calls waited"},
	{"run", "the processors of the nodes: the same code ran"},
	{"overhead", "what lies before and behind the containers: that took"},
}

// limit is what gave way between a rate that held, nil when none did, and one that did not. What refuses calls comes before
// what makes them longer, and of the stages the one that grew most; empty where nothing shows it.
func limit(held, failed *measure.Summary) string {
	c := failed.Counters
	switch {
	case failed.Limited:
		return fmt.Sprintf("the generator: %d of %g calls were sent late", failed.Late, c["issued"])
	case c["throttled"] > 0 && c["throttled"] >= c["no_capacity"]:
		return fmt.Sprintf("the throttle of the namespace: %g calls were answered with 429%s", c["throttled"], throttle(c))
	case c["no_capacity"] > 0:
		return fmt.Sprintf("the capacity of the platform: %g calls were answered with 503", c["no_capacity"])
	}
	if held == nil {
		return ""
	}
	text, most := "", grownBy
	for _, stage := range stages {
		before, now := middle(held, stage.metric), middle(failed, stage.metric)
		if grown := now - before; grown >= most && float64(now) >= grownTimes*float64(before) {
			text, most = fmt.Sprintf("%s %s where it had been %s", stage.says, now.Round(100*time.Microsecond), before.Round(100*time.Microsecond)), grown
		}
	}
	if text == "" && c["dropped"] > 0 {
		return fmt.Sprintf("max_in_flight: %g calls were not sent, while no stage became longer", c["dropped"])
	}
	return text
}

// throttle is which limit it was, where the answers told.
func throttle(c map[string]float64) string {
	switch rate, concurrent := c["throttled_rate"], c["throttled_concurrency"]; {
	case rate > 0 && concurrent > 0:
		return fmt.Sprintf(", %g for too many a minute and %g for too many at a time", rate, concurrent)
	case rate > 0:
		return ", for too many a minute"
	case concurrent > 0:
		return ", for too many at a time"
	}
	return ""
}

// middle is the median of a stage. The overhead holds the wait, which is a stage of its own.
func middle(sum *measure.Summary, metric string) time.Duration {
	all, _ := sum.Class("all")
	median := all.Metrics[metric].P50
	if metric == "overhead" {
		median -= all.Metrics["wait"].P50
	}
	return time.Duration(median)
}
