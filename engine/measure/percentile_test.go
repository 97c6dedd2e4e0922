package measure

import (
	"math"
	"testing"
)

func TestIntervalsHoldTheQuantileNineteenTimesInTwenty(t *testing.T) {
	for _, row := range []struct {
		n         int
		q         float64
		low, high int
	}{
		{10, 0.5, 2, 9}, // David & Nagaraja, §7.1: 97.9 %
		{5, 0.5, 0, 6},
		{6, 0.5, 1, 6},
		{35, 0.9, 28, 36},
		{36, 0.9, 29, 36},
		{36, 0.1, 1, 8},
		{1, 0.5, 0, 2},
	} {
		if low, high := interval(row.n, row.q); low != row.low || high != row.high {
			t.Errorf("of %d values the interval of %g is %d to %d; want %d to %d", row.n, row.q, low, high, row.low, row.high)
		}
	}
	for _, n := range []int{100, 5000, 10_000_000} { // as the normal distribution says, which is close there
		for _, q := range []float64{0.5, 0.95, 0.99} {
			low, high := interval(n, q)
			off := 1.96 * math.Sqrt(float64(n)*q*(1-q))
			if mean := float64(n) * q; math.Abs(mean-off-float64(low)) > 2 || math.Abs(mean+off-float64(high)) > 2 {
				t.Errorf("of %d values the interval of %g is %d to %d; want about %.0f to %.0f", n, q, low, high, mean-off, mean+off)
			}
		}
	}
}

func TestWhatIsAskedIsComputedOfEveryMetric(t *testing.T) {
	values := make([]float64, 200)
	for i := range values {
		values[i] = float64(i + 1)
	}
	asked := []Percentile{{"p(97)", 0.97, 0}, {"p_low(50)", 0.5, -1}, {"p_high(50)", 0.5, 1}, {"p_high(99.9)", 0.999, 1}}
	stats := Describe(values, asked)
	for name, want := range map[string]float64{"p(97)": 194, "p_low(50)": 86, "p_high(50)": 115} {
		if got, ok := stats.Get(name); !ok || got != want {
			t.Errorf("%s is %v (%v); want %v", name, got, ok, want)
		}
	}
	if got, ok := stats.Get("p_high(99.9)"); ok {
		t.Errorf("200 values give p_high(99.9) = %v; there is no such interval", got)
	}
}
