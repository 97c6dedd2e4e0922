package load

import (
	"math"
	"slices"
	"testing"
	"time"
)

func all(s Schedule) (dues []Due) {
	for {
		due, ok := s.Next()
		if !ok {
			return dues
		}
		dues = append(dues, due)
	}
}

func TestCallsAreDueWhereTheCurveSays(t *testing.T) {
	const s = time.Second
	for _, row := range []struct {
		name     string
		schedule *Arrivals
		want     []Due
	}{
		{"a constant rate", NewArrivals(Steady(2, 2*s), Constant, 1), []Due{{0, 0}, {500 * ms, 0}, {s, 0}, {1500 * ms, 0}}},
		{"a rate no float can hold", NewArrivals(Steady(0.1, 30*s), Constant, 1), []Due{{0, 0}, {10 * s, 0}, {20 * s, 0}}},
		{"steps, each with its own first call", NewArrivals(Steps([]Rate{1, 2}, 2*s), Constant, 1),
			[]Due{{0, 0}, {s, 0}, {2 * s, 1}, {2500 * ms, 1}, {3 * s, 1}, {3500 * ms, 1}}},
		{"a step without calls between two", NewArrivals(Steps([]Rate{1, 0, 1}, s), Constant, 1), []Due{{0, 0}, {2 * s, 2}}},
		{"a ramp from nothing: t = √n", NewArrivals(Ramp(0, 4, 2*s), Constant, 1),
			[]Due{{0, 0}, {s, 0}, {1414213562, 0}, {1732050808, 0}}},
		{"a ramp to nothing", NewArrivals(Ramp(4, 0, 2*s), Constant, 1), []Due{{0, 0}, {267949192, 0}, {585786438, 0}, {s, 0}}},
		{"bursts", NewBursts(2, 300*ms, 600*ms), []Due{{0, 0}, {0, 0}, {300 * ms, 0}, {300 * ms, 0}}},
		{"bursts on steps", BurstsOn(Steps([]Rate{2, 4}, s), 2), []Due{{0, 0}, {0, 0}, {s, 1}, {s, 1}, {1500 * ms, 1}, {1500 * ms, 1}}},
		{"a trace", NewArrivals(Minutes(PerMinute([]TraceRow{{PerMinute: []int{1, 0}}, {PerMinute: []int{1, 1}}}, 1)), Constant, 1),
			[]Due{{0, 0}, {30 * s, 0}, {time.Minute, 0}}},
		{"a tenth of a trace for its first half", NewArrivals(Minutes(PerMinute([]TraceRow{{PerMinute: []int{20, 50}}}, 0.1)).Cut(time.Minute), Constant, 1),
			[]Due{{0, 0}, {30 * s, 0}}},
		{"no curve", NewArrivals(nil, Poisson, 1), nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := all(row.schedule); !slices.Equal(got, row.want) {
				t.Errorf("due %v, want %v", got, row.want)
			}
		})
	}
}

var curves = map[string]Curve{
	"steady":      Steady(137.3, 40*time.Second),
	"steps":       Steps([]Rate{10, 0, 333.3, 7}, 17*time.Second),
	"ramp up":     Ramp(0, 300, 30*time.Second),
	"ramp down":   Ramp(300, 0, 30*time.Second),
	"slow change": Ramp(100, 100.0001, 50*time.Second),
	"cut":         Ramp(10, 400, time.Minute).Cut(25 * time.Second),
}

func TestEveryScheduleKeepsItsCurve(t *testing.T) {
	for name, curve := range curves {
		for _, spacing := range []Spacing{Constant, Uniform, Poisson} {
			for seed := range uint64(20) {
				dues := all(NewArrivals(curve, spacing, seed))
				if !slices.Equal(dues, all(NewArrivals(curve, spacing, seed))) {
					t.Fatalf("%s, spacing %d: two schedules of seed %d differ", name, spacing, seed)
				}
				if !slices.IsSortedFunc(dues, func(a, b Due) int { return int(a.After - b.After) }) {
					t.Errorf("%s, spacing %d, seed %d: a call is due before the one ahead of it", name, spacing, seed)
				}
				if last := dues[len(dues)-1]; last.After > curve.Lasts() {
					t.Errorf("%s, spacing %d, seed %d: a call is due at %s, after the end", name, spacing, seed, last.After)
				}
				want, off := curve.Total(), 1.0
				if spacing == Poisson {
					off = 5 * math.Sqrt(want) // five standard deviations of the count
				}
				if got := float64(len(dues)); math.Abs(got-want) > off {
					t.Errorf("%s, spacing %d, seed %d: %.0f calls, the area is %.1f", name, spacing, seed, got, want)
				}
			}
		}
	}
}

func TestASeedDecidesTheSchedule(t *testing.T) {
	for _, spacing := range []Spacing{Uniform, Poisson} {
		if slices.Equal(all(NewArrivals(curves["ramp up"], spacing, 1)), all(NewArrivals(curves["ramp up"], spacing, 2))) {
			t.Errorf("spacing %d: seeds 1 and 2 give the same schedule", spacing)
		}
	}
}

// Distances of a Poisson process of rate 100 have mean and deviation 10ms, and e⁻¹ of them are longer than the mean; one call
// anywhere in each slot of length 1 gives distances of deviation √(1/6).
func TestDistancesHaveTheShapeOfTheirSpacing(t *testing.T) {
	for _, row := range []struct {
		name            string
		spacing         Spacing
		deviation, tail float64
	}{
		{"constant", Constant, 0, 0},
		{"uniform", Uniform, math.Sqrt(1. / 6), 0.5},
		{"poisson", Poisson, 1, math.Exp(-1)},
	} {
		t.Run(row.name, func(t *testing.T) {
			dues := all(NewArrivals(Steady(100, 1000*time.Second), row.spacing, 7))
			var squares, longer float64
			for i := 1; i < len(dues); i++ {
				x := (dues[i].After - dues[i-1].After).Seconds() * 100
				squares += (x - 1) * (x - 1)
				if x > 1+slack {
					longer++
				}
			}
			n := float64(len(dues) - 1)
			if got := math.Sqrt(squares / n); math.Abs(got-row.deviation) > 0.02 {
				t.Errorf("deviation %.3f of the mean, want %.3f", got, row.deviation)
			}
			if got := longer / n; math.Abs(got-row.tail) > 0.01 {
				t.Errorf("%.3f are longer than the mean, want %.3f", got, row.tail)
			}
		})
	}
}

func BenchmarkSchedule(b *testing.B) {
	for name, spacing := range map[string]Spacing{"constant": Constant, "uniform": Uniform, "poisson": Poisson} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			s := NewArrivals(Ramp(1000, 1e9, 100*time.Hour), spacing, 1)
			for b.Loop() {
				s.Next()
			}
		})
	}
}
