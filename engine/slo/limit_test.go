package slo

import (
	"strings"
	"testing"
	"time"

	"wsk-scenario/engine/measure"
)

func TestAKneeNamesWhatGaveWay(t *testing.T) {
	const ms = float64(time.Millisecond)
	of := func(wait, run, overhead float64, counters map[string]float64) *measure.Summary {
		return &measure.Summary{Counters: counters, Classes: []measure.Class{{Name: "all", Metrics: map[string]measure.Stats{
			"wait": {P50: wait * ms}, "run": {P50: run * ms}, "overhead": {P50: overhead * ms},
		}}}}
	}
	calm := of(1, 20, 3, nil)
	for _, row := range []struct {
		name         string
		held, failed *measure.Summary
		want         string
	}{
		{"calls wait for a container", calm, of(80, 25, 85, nil), "containers to run in: calls waited 80ms where it had been 1ms"},
		{"the nodes are busy", calm, of(2, 90, 6, nil), "the processors of the nodes"},
		{"the way is long", calm, of(1, 20, 40, nil), "before and behind the containers"},
		{"refused by the throttle", calm, of(80, 20, 3, map[string]float64{"throttled": 7}), "7 calls were answered with 429"},
		{"refused by the throttle of both kinds", calm, of(80, 20, 3, map[string]float64{"throttled": 7, "throttled_rate": 3, "throttled_concurrency": 4}), "3 for too many a minute and 4 for too many at a time"},
		{"refused for want of invokers", calm, of(1, 20, 3, map[string]float64{"throttled": 1, "no_capacity": 7}), "7 calls were answered with 503"},
		{"the generator", calm, &measure.Summary{Limited: true, Late: 3, Counters: map[string]float64{"issued": 9, "throttled": 1}}, "the generator: 3 of 9"},
		{"too many under way", calm, of(1, 21, 3, map[string]float64{"dropped": 5}), "max_in_flight: 5"},
		{"a little longer is no reason", calm, of(4, 22, 5, nil), ""},
		{"nothing to compare with", nil, of(80, 90, 3, nil), ""},
	} {
		if got := limit(row.held, row.failed); (row.want == "") != (got == "") || !strings.Contains(got, row.want) {
			t.Errorf("%s: got %q, want %q", row.name, got, row.want)
		}
	}
}
