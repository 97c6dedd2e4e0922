package compare

import (
	"math"
	"math/rand/v2"
	"testing"
)

// The model of a run: 300 warm invocations around a median of 20 ms with σ 0.25 in the logarithm, one in a hundred cold with
// 600 ms, and 3 % of noise that all calls of a run share.
const (
	invocations = 300
	callNoise   = 0.25
	runNoise    = 0.03
)

// spread is what that makes of the logarithm of a run's median: 1.2533·σ/√n is the deviation of a median.
var spread = math.Hypot(runNoise, 1.2533*callNoise/math.Sqrt(invocations))

// simulated are the medians of n runs; that of a run is drawn as medians of so many calls are spread, for the one cold call
// in a hundred moves it by less than a thousandth.
func simulated(random *rand.Rand, n int, factor float64) []float64 {
	medians := make([]float64, n)
	for i := range medians {
		medians[i] = 20e6 * factor * math.Exp(random.NormFloat64()*spread)
	}
	return medians
}

// share is how often a comparison of n simulated runs a side, one of them slower by factor, is a change of at least margin.
func share(n int, factor, margin float64, paired bool, trials int) (worse, better float64) {
	random := rand.New(rand.NewPCG(11, uint64(n)))
	for range trials {
		c := Comparison{Metric: Metric{Name: "warm.response.p50"}, Base: simulated(random, n, 1), New: simulated(random, n, factor)}
		if paired { // pairs share nine tenths of the noise of their runs
			for i := range c.New {
				c.New[i] = c.Base[i] * factor * math.Exp(random.NormFloat64()*0.0143)
			}
		}
		c.measure(paired, 40) // the interval decides nothing of a change
		c.Adjusted = c.P
		c.judge(margin, paired)
		switch c.Verdict {
		case Regressed:
			worse += 1 / float64(trials)
		case Improved:
			better += 1 / float64(trials)
		}
	}
	return worse, better
}

func TestIdenticalVersionsRarelyAlarm(t *testing.T) {
	for _, row := range []struct {
		name   string
		n      int
		paired bool
	}{{"10 runs a side", 10, false}, {"20 runs a side", 20, false}, {"10 pairs", 10, true}, {"6 pairs", 6, true}} {
		worse, better := share(row.n, 1, 1e-9, row.paired, 3000) // no margin: the test alone
		if alarms := worse + better; alarms > 0.06 {
			t.Errorf("%s: %.1f %% false alarms, want at most 6 %%", row.name, alarms*100)
		}
	}
}

// With the margin at the change itself it is found half the time, by what a margin means; here the test alone decides.
func TestAChangeOfFivePercentIsFound(t *testing.T) {
	for _, row := range []struct {
		name   string
		n      int
		paired bool
		least  float64
	}{{"10 runs a side", 10, false, 0.8}, {"20 runs a side", 20, false, 0.95}, {"10 pairs", 10, true, 0.95}} {
		if worse, better := share(row.n, 1.05, 1e-9, row.paired, 2000); worse < row.least || better > 0 {
			t.Errorf("%s: found %.1f %% of the time, want %.0f %%; called an improvement %.1f %%", row.name, worse*100, row.least*100, better*100)
		}
	}
}

func TestTheMarginIsNotCalledAChange(t *testing.T) {
	if worse, _ := share(20, 1.02, 0.05, false, 500); worse > 0.02 {
		t.Errorf("a change of 2 %% is beyond a margin of 5 %% in %.1f %% of the trials", worse*100)
	}
}

func TestThePlanOfRunsMatchesTheSimulatedPower(t *testing.T) {
	if n := RunsNeeded(spread, 0.05, false); n < 9 || n > 11 {
		t.Errorf("a change of 5 %% needs %d runs a side", n)
	}
	for _, paired := range []bool{false, true} {
		d := Detectable(0.2, 25, paired)
		if n := RunsNeeded(0.2, d, paired); n != 25 {
			t.Errorf("paired %t: 25 runs find a change of %g, for which %d are planned", paired, d, n)
		}
	}
}
