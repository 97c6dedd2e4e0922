package load

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

func TestQuantilesOfTheLagAreNeverTooLowAndHardlyTooHigh(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	var lag Lag
	var values []time.Duration
	for range 10000 {
		v := time.Duration(random.ExpFloat64() * float64(200*time.Microsecond))
		lag.Record(v)
		values = append(values, v)
	}
	slices.Sort(values)
	for _, q := range []float64{0.001, 0.5, 0.9, 0.99, 1} {
		want := values[int(q*10000)-1]
		if got := lag.Quantile(q); got < want || float64(got) > float64(want)*33/32 {
			t.Errorf("quantile %v is %s, want %s and at most 1/32 more", q, got, want)
		}
	}
	if lag.Max() != values[9999] || lag.Count() != 10000 {
		t.Errorf("max %s of %d, want %s of 10000", lag.Max(), lag.Count(), values[9999])
	}
}

func TestEveryLagHasABucketWhoseUpperEndHoldsIt(t *testing.T) {
	for shift := range 63 {
		for _, v := range []uint64{1<<shift - 1, 1 << shift, 1<<shift + 1} {
			i := bucket(v)
			if upper(i) < v || (i > 0 && upper(i-1) >= v) {
				t.Errorf("%d is in bucket %d of %d to %d", v, i, upper(max(0, i-1))+1, upper(i))
			}
		}
	}
}

func TestNoLagIsNothing(t *testing.T) {
	var lag Lag
	if lag.Quantile(0.99) != 0 || lag.Max() != 0 {
		t.Errorf("p99 %s, max %s", lag.Quantile(0.99), lag.Max())
	}
	lag.Record(-time.Second)
	if lag.Quantile(0.99) != 0 || lag.Count() != 1 {
		t.Errorf("an early call: p99 %s of %d", lag.Quantile(0.99), lag.Count())
	}
}
