package invoke

import (
	"testing"
	"time"

	"wsk-scenario/engine/standalone/pool"
)

func TestSpan(t *testing.T) {
	at := func(ms float64) time.Time { return noon().Add(time.Duration(ms * float64(time.Millisecond))) }
	const now = 500
	for _, c := range []struct {
		name                        string
		outcome                     pool.Outcome
		begun, start, end, duration float64 // ms after noon; ms
	}{
		{"warm: the run alone", pool.Outcome{RunStart: at(10), RunEnd: at(17)}, 10, 10, 17, 7},
		{"cold: the start is that of the run less the time of init",
			pool.Outcome{InitStart: at(10), InitEnd: at(40), RunStart: at(42), RunEnd: at(47)}, 10, 12, 47, 35},
		{"cold: parts of a millisecond of init do not count",
			pool.Outcome{InitStart: at(10), InitEnd: at(30.9), RunStart: at(31), RunEnd: at(36.2)}, 10, 11, 36.2, 25},
		{"an init that failed", pool.Outcome{InitStart: at(10), InitEnd: at(40)}, 10, 10, 40, 30},
		{"no container at all", pool.Outcome{}, now, now, now, 0},
	} {
		begun, start, end, duration := span(c.outcome, func() time.Time { return at(now) })
		if !begun.Equal(at(c.begun)) || !start.Equal(at(c.start)) || !end.Equal(at(c.end)) || duration != int64(c.duration) {
			t.Errorf("%s: got %v, %v, %v, %d; want %v, %v, %v, %v", c.name, begun.Sub(noon()), start.Sub(noon()), end.Sub(noon()),
				duration, c.begun, c.start, c.end, c.duration)
		}
	}
}
