package measure

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// queue is the calls of an open load that one server works off, one after the other.
func queue(rate, capacity float64, lasts time.Duration, jitter func() time.Duration) (samples []Sample) {
	free := time.Duration(0)
	for n := range int(rate * lasts.Seconds()) {
		due := time.Duration(float64(n) / rate * float64(time.Second))
		free = max(free, due) + time.Duration(float64(time.Second)/capacity)
		samples = append(samples, Sample{Due: due, Sent: due, Done: free + jitter(), Outcome: OK})
	}
	return samples
}

func TestABacklogTellsWhatShareOfARateIsKeptUpWith(t *testing.T) {
	none := func() time.Duration { return 0 }
	random := rand.New(rand.NewPCG(1, 2))
	for _, row := range []struct {
		name           string
		rate, capacity float64
		jitter         func() time.Duration
		want           float64
	}{
		{"capacity to spare", 100, 200, none, 1},
		{"just enough", 100, 100.5, none, 1},
		{"half of it", 100, 50, none, .5},
		{"nine tenths", 100, 90, none, .9},
		{"nine tenths of answers that come as they like", 100, 90, func() time.Duration { return time.Duration(random.ExpFloat64() * float64(50*time.Millisecond)) }, .9},
		{"enough for answers that come as they like", 100, 200, func() time.Duration { return time.Duration(random.ExpFloat64() * float64(200*time.Millisecond)) }, 1},
	} {
		sum := Summary{}
		sum.KeepsUp(All(queue(row.rate, row.capacity, 10*time.Second, row.jitter)))
		if math.Abs(sum.Achieved-row.want) > .02 {
			t.Errorf("%s: %.3f, want %g", row.name, sum.Achieved, row.want)
		}
	}
}

func TestOfAFewCallsNobodySaysWhetherTheyAreKeptUpWith(t *testing.T) {
	for _, n := range []int{0, 1, fewest - 1} {
		if got := achieved(All(make([]Sample, n))); got != 0 {
			t.Errorf("%d calls: %g", n, got)
		}
	}
	if got := achieved(All(make([]Sample, 20))); got != 0 {
		t.Errorf("20 calls at one moment: %g", got)
	}
}

func TestEachStepIsKeptUpWithByItself(t *testing.T) {
	samples := queue(100, 200, 5*time.Second, func() time.Duration { return 0 })
	late := queue(100, 50, 5*time.Second, func() time.Duration { return 0 })
	for i := range late {
		late[i].Step = 1
	}
	samples = append(samples, late...)
	sum := Summarize(0, 0, "p", WantAny, []int{0, 0}, All(samples), Asked{})
	if sum.KeepsUp(All(samples)); sum.Steps[0].Achieved < .99 || sum.Steps[1].Achieved > .55 {
		t.Errorf("steps keep up with %g and %g; want all and half", sum.Steps[0].Achieved, sum.Steps[1].Achieved)
	}
}
