package measure

import (
	"testing"
	"time"
)

// TestSamplesThatMissedTheirPlaceCountAndAreInNoFigure mixes fast samples of a wrong node with slow ones of the right one.
func TestSamplesThatMissedTheirPlaceCountAndAreInNoFigure(t *testing.T) {
	var samples []Sample
	for i := range 10 {
		s := call(int64(i)*100, 50, OK, Warm, &Record{Duration: 40})
		s.Node = "pi"
		if i%2 == 0 {
			s = call(int64(i)*100, 5, OK, Warm, &Record{Duration: 1})
			s.Node, s.Place = "vm", Elsewhere
		}
		samples = append(samples, s)
	}
	samples[9].Node, samples[9].Place = "", Unproved
	for _, want := range []Wanted{WantAny, WantWarm} {
		sum := Summarize(0, 0, "p", want, nil, All(samples), Asked{})
		all, _ := sum.Class("all")
		if all.Samples != 4 || all.Metrics["latency"].Min != float64(50*time.Millisecond) {
			t.Errorf("%s: %d samples, the fastest took %v: want the 4 of the right node", want, all.Samples, time.Duration(all.Metrics["latency"].Min))
		}
		if sum.Elsewhere != 5 || sum.Unproved != 1 || sum.Strays != 0 || sum.Nodes["vm"] != 5 || sum.Nodes["pi"] != 4 {
			t.Errorf("%s: %d elsewhere, %d unproved, %d strays, nodes %v", want, sum.Elsewhere, sum.Unproved, sum.Strays, sum.Nodes)
		}
		if beside, ok := sum.Class(string(Elsewhere)); !ok || beside.Samples != 5 || sum.Counters["ok"] != 10 || sum.Counters["warm"] != 10 {
			t.Errorf("%s: beside %+v, counters %v: they are counted still", want, beside, sum.Counters)
		}
	}
}
