package compare

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"golang.org/x/perf/benchmath"
)

// The critical values are those of the published tables (two-sided, 5 %): U of 5 and 5 is 2, of 10 and 10 is 23; T of 6 is
// 0, of 10 is 8, of 20 is 52.
func TestTheCriticalValuesAreThoseOfThePublishedTables(t *testing.T) {
	for _, row := range []struct {
		name    string
		p       func(statistic int) float64
		largest int
	}{
		{"U of 5 and 5", func(u int) float64 { return MannWhitney(sides(5, 5, u)) }, 2},
		{"U of 6 and 8", func(u int) float64 { return MannWhitney(sides(6, 8, u)) }, 8},
		{"U of 10 and 10", func(u int) float64 { return MannWhitney(sides(10, 10, u)) }, 23},
		{"U of 20 and 20", func(u int) float64 { return MannWhitney(sides(20, 20, u)) }, 127},
		{"T of 6", func(w int) float64 { return SignedRank(signed(6, w)) }, 0},
		{"T of 10", func(w int) float64 { return SignedRank(signed(10, w)) }, 8},
		{"T of 20", func(w int) float64 { return SignedRank(signed(20, w)) }, 52},
	} {
		t.Run(row.name, func(t *testing.T) {
			if p := row.p(row.largest); p > 0.05 {
				t.Errorf("p of %d is %g, want at most 0.05", row.largest, p)
			}
			if p := row.p(row.largest + 1); p <= 0.05 {
				t.Errorf("p of %d is %g, want more than 0.05", row.largest+1, p)
			}
		})
	}
}

// sides are n and m values without ties whose U is u: each of the first side steps over some of the second.
func sides(n, m, u int) (a, b []float64) {
	for j := range m {
		b = append(b, float64(j))
	}
	for range n {
		over := min(u, m)
		u -= over
		a = append(a, float64(over)-0.5+float64(len(a))/100)
	}
	return a, b
}

// signed are n differences whose positive ranks add up to w.
func signed(n, w int) []float64 {
	list := make([]float64, n)
	for rank := n; rank > 0; rank-- {
		list[rank-1] = -float64(rank)
		if rank <= w {
			list[rank-1], w = float64(rank), w-rank
		}
	}
	return list
}

func TestMannWhitneyAgreesWithBenchmath(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7))
	for range 300 {
		a, b := make([]float64, 4+random.IntN(12)), make([]float64, 4+random.IntN(12))
		coarse := random.IntN(2) == 0
		for _, side := range [][]float64{a, b} {
			for i := range side {
				side[i] = random.NormFloat64()
				if coarse {
					side[i] = math.Round(side[i] * 2)
				}
			}
		}
		got := MannWhitney(a, b)
		x, y := benchmath.NewSample(slices.Clone(a), &benchmath.DefaultThresholds), benchmath.NewSample(slices.Clone(b), &benchmath.DefaultThresholds)
		want := benchmath.AssumeNothing.Compare(x, y).P
		if !coarse && math.Abs(got-want) > 1e-9 {
			t.Fatalf("p = %g, benchmath says %g of\n%v\n%v", got, want, a, b)
		}
		if coarse && (got <= 0.05) != (want <= 0.05) && math.Abs(got-want) > 0.01 {
			t.Fatalf("with ties p = %g, benchmath says %g of\n%v\n%v", got, want, a, b)
		}
	}
}

func TestTheNormalApproximationGoesOnWhereTheExactOneEnds(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 3))
	a, b := make([]float64, 50), make([]float64, 50)
	for i := range a {
		a[i], b[i] = random.NormFloat64(), random.NormFloat64()+0.4
	}
	exact := MannWhitney(a, b)
	beyond := MannWhitney(append(slices.Clone(a), Median(a)), append(slices.Clone(b), Median(b)))
	if exact < 1e-6 || math.Abs(math.Log(beyond/exact)) > 0.4 {
		t.Errorf("p of 100 values is %g, of 102 very like them %g", exact, beyond)
	}
	d := make([]float64, 101)
	for i := range d {
		d[i] = random.NormFloat64() + 0.25
	}
	if exact, beyond := SignedRank(d[:100]), SignedRank(d); math.Abs(math.Log(beyond/exact)) > 0.5 {
		t.Errorf("p of 100 differences is %g, of 101 %g", exact, beyond)
	}
}

func TestTheMidPLeavesOutHalfOfWhatWasSeen(t *testing.T) {
	for u, want := range map[int]bool{23: true, 24: true, 25: false} {
		if p := MannWhitneyMid(sides(10, 10, u)); (p <= 0.05) != want {
			t.Errorf("mid-p of U = %d with 10 and 10 is %g", u, p)
		}
	}
	a, b := sides(10, 10, 24)
	half := MannWhitneyMid(a, b)
	if above := MannWhitney(sides(10, 10, 23)); half <= above || half >= MannWhitney(a, b) {
		t.Errorf("mid-p %g does not lie between %g and %g", half, above, MannWhitney(a, b))
	}
}

func TestNothingToTellApartGivesAPOfOne(t *testing.T) {
	for name, p := range map[string]float64{
		"an empty side":        MannWhitney(nil, []float64{1}),
		"the same value":       MannWhitney([]float64{1, 1, 1}, []float64{1, 1, 1}),
		"differences of zero":  SignedRank([]float64{0, 0}),
		"balanced differences": SignedRank([]float64{1, -1}),
	} {
		if p != 1 {
			t.Errorf("%s: p = %g", name, p)
		}
	}
}

func TestHolmMultipliesTheSmallestMost(t *testing.T) {
	got := Holm([]float64{0.01, 0.04, 0.03, 0.005})
	want := []float64{0.03, 0.06, 0.06, 0.02}
	for i := range want {
		if math.Abs(got[i]-want[i]) > 1e-12 {
			t.Fatalf("Holm gives %v, want %v", got, want)
		}
	}
}
