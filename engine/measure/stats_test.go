package measure

import (
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"testing/quick"
)

func sequence(n int) []float64 {
	values := make([]float64, n)
	for i := range values {
		values[i] = float64(n - i) // n … 1, so that sorting matters
	}
	return values
}

func TestPercentilesAreOfTheNearestRank(t *testing.T) {
	for _, row := range []struct {
		name                string
		n                   int
		p50, p90, p95, p999 float64
	}{
		{"one value is every percentile", 1, 1, 1, 1, 1},
		{"the lower of two is the median", 2, 1, 2, 2, 2},
		{"ten values", 10, 5, 9, 10, 10},
		{"twenty values: the 95th percentile is the 19th, not the 20th", 20, 10, 18, 19, 20},
		{"a hundred values", 100, 50, 90, 95, 100},
		{"a thousand values", 1000, 500, 900, 950, 999},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := Describe(sequence(row.n), nil)
			if s.P50 != row.p50 || s.P90 != row.p90 || s.P95 != row.p95 || s.P999 != row.p999 {
				t.Errorf("p50 %g p90 %g p95 %g p999 %g, want %g %g %g %g", s.P50, s.P90, s.P95, s.P999, row.p50, row.p90, row.p95, row.p999)
			}
		})
	}
}

// Of ten values p95 and p99 are the ninth, of three the largest is never met: so does ServerlessBench.
func TestFloorRankIsLowInSmallSamples(t *testing.T) {
	for _, row := range []struct {
		n                       int
		p50, p75, p90, p95, p99 float64
	}{
		{1, 1, 1, 1, 1, 1},
		{3, 1, 2, 2, 2, 2},
		{10, 5, 7, 9, 9, 9},
		{20, 10, 15, 18, 19, 19},
		{100, 50, 75, 90, 95, 99},
	} {
		values := sequence(row.n)
		slices.Sort(values)
		for q, want := range map[float64]float64{0.5: row.p50, 0.75: row.p75, 0.9: row.p90, 0.95: row.p95, 0.99: row.p99} {
			if got := FloorRank(values, q); got != want {
				t.Errorf("of %d values the %g-quantile is %g, want %g", row.n, q, got, want)
			}
		}
	}
}

// The definition, counted out: the smallest value that at least the share q of all values does not exceed.
func TestNearestRankFollowsItsDefinition(t *testing.T) {
	property := func(raw []uint16, permille uint16) bool {
		if len(raw) == 0 {
			return true
		}
		q := float64(permille%1000+1) / 1000
		values := make([]float64, len(raw))
		for i, v := range raw {
			values[i] = float64(v % 50)
		}
		slices.Sort(values)
		got := NearestRank(values, q)
		atMost, below := 0, 0
		for _, v := range values {
			if v <= got {
				atMost++
			}
			if v < got {
				below++
			}
		}
		enough := float64(permille%1000+1) * float64(len(values)) // in thousandths, without rounding
		return float64(atMost)*1000 >= enough && float64(below)*1000 < enough
	}
	if err := quick.Check(property, &quick.Config{MaxCount: 5000, Rand: nil}); err != nil {
		t.Error(err)
	}
}

func TestMomentsAgreeWithTheirFormulas(t *testing.T) {
	s := Describe([]float64{2, 4, 4, 4, 5, 5, 7, 9}, nil)
	if s.Mean != 5 || math.Abs(s.Stddev-math.Sqrt(32.0/7)) > 1e-12 || s.Min != 2 || s.Max != 9 || s.Count != 8 {
		t.Errorf("got %+v", s)
	}
	if one := Describe([]float64{3}, nil); one.Stddev != 0 || one.Mean != 3 {
		t.Errorf("one value: got %+v", one)
	}
	if none := Describe(nil, nil); !reflect.DeepEqual(none, Stats{}) {
		t.Errorf("no value: got %+v", none)
	}
}

func TestLargeEqualValuesHaveNoSpread(t *testing.T) {
	values := slices.Repeat([]float64{1.7e18 + 1}, 1000)
	if s := Describe(values, nil); s.Mean != values[0] || s.Stddev != 0 {
		t.Errorf("mean %v stddev %v, want %v and 0", s.Mean, s.Stddev, values[0])
	}
}

func TestEveryStatisticHasItsName(t *testing.T) {
	s := Describe(sequence(2000), nil)
	for name, want := range map[string]float64{"count": 2000, "min": 1, "max": 2000, "mean": 1000.5, "stddev": s.Stddev,
		"p50": 1000, "p75": 1500, "p90": 1800, "p95": 1900, "p99": 1980, "p999": 1998} {
		if got, ok := s.Get(name); !ok || got != want {
			t.Errorf("%s is %v (%t), want %v", name, got, ok, want)
		}
	}
	if _, ok := s.Get("p12"); ok {
		t.Error("p12 has a value")
	}
}

func BenchmarkDescribe(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 2))
	values := make([]float64, 100_000)
	for b.Loop() {
		b.StopTimer()
		for i := range values {
			values[i] = random.Float64()
		}
		b.StartTimer()
		Describe(values, nil)
	}
}
