package measure

import "testing"

func TestThrottledCallsAreCountedByTheLimit(t *testing.T) {
	sum := Summarize(0, 0, "p", WantAny, nil, All([]Sample{
		{Outcome: Throttled, Error: "Too many requests in the last minute (count: 61, allowed: 60)."},
		{Outcome: Throttled, Error: "Too many concurrent requests in flight (count: 31, allowed: 30)."},
		{Outcome: Throttled, Error: "Too many concurrent requests in flight (count: 32, allowed: 30)."},
		{Outcome: Throttled, Error: "slow down"},
		{Outcome: ApplicationError, Error: "Too many concurrent requests in flight"},
		{Outcome: Throttled, Error: "Too many requests in the last minute", Warmup: true},
	}), Asked{})
	if c := sum.Counters; c["throttled"] != 4 || c["throttled_rate"] != 1 || c["throttled_concurrency"] != 2 {
		t.Errorf("%g throttled, %g by the rate, %g by concurrency; want 4, 1 and 2", c["throttled"], c["throttled_rate"], c["throttled_concurrency"])
	}
}
