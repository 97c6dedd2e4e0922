package load

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestDistributionsHaveTheirMoments(t *testing.T) {
	for _, row := range []struct {
		name         string
		d            Distribution
		mean, stddev float64
	}{
		{"always the same", Always(3), 3, 0},
		{"normal, far from 0", Normal(100, 10), 100, 10},
		{"exponential", Exponential(5), 5, 5},
		{"gamma", Gamma(2, 5), 10, 5 * math.Sqrt2},
		{"gamma of a shape below 1", Gamma(0.5, 2), 1, math.Sqrt2},
		{"log-normal", Lognormal(10, 0.5), 10 * math.Exp(0.125), 10 * math.Exp(0.125) * math.Sqrt(math.Exp(0.25)-1)},
		{"points", Points([]Point{{1, 0.5}, {3, 1}}), 2, 1},
	} {
		t.Run(row.name, func(t *testing.T) {
			const n = 200_000
			random := rand.New(rand.NewPCG(1, 2))
			var sum, squares float64
			for range n {
				v := row.d(random)
				if v < 0 {
					t.Fatalf("%v is below 0", v)
				}
				sum, squares = sum+v, squares+v*v
			}
			mean := sum / n
			stddev := math.Sqrt(max(0, squares/n-mean*mean))
			if math.Abs(mean-row.mean) > 0.02*row.mean || math.Abs(stddev-row.stddev) > 0.02*row.mean+0.02*row.stddev {
				t.Errorf("mean %.3f and deviation %.3f, want %.3f and %.3f", mean, stddev, row.mean, row.stddev)
			}
		})
	}
}
