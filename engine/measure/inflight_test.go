package measure

import (
	"math/rand/v2"
	"testing"
	"time"
)

// However little of the time fits into memory at once, the answer is that of all of it.
func TestTheMostCallsInFlightAreFoundInSlices(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	for round := range 50 {
		samples := make([]Sample, 1+random.IntN(300))
		for i := range samples {
			sent := time.Duration(random.IntN(1000)) * time.Microsecond
			samples[i] = Sample{Sent: sent, Done: sent + time.Duration(1+random.IntN(100))*time.Microsecond, Warmup: random.IntN(10) == 0}
		}
		// Right after a moment at which something was sent, as many are under way as anywhere.
		want := 0
		for _, at := range samples {
			now := 0
			for _, s := range samples {
				if !at.Warmup && !s.Warmup && s.Sent <= at.Sent && s.Done > at.Sent {
					now++
				}
			}
			want = max(want, now)
		}
		tally := tallyOf(All(samples))
		for _, room := range []int{1000, 100, 20, 2} {
			c := &columns{tally, All(samples), make([]float64, room), nil}
			if got := c.inFlight(); got != want {
				t.Fatalf("round %d with room for %d: %d in flight, want %d", round, room, got, want)
			}
		}
	}
}
