package measure

import "time"

// LateBy is how late a call may be sent before it counts as late.
const LateBy = 10 * time.Millisecond

// Of so many late calls and of this share of all, it is the generator that was measured.
const (
	lateCalls = 20
	lateShare = 0.05
)

// LimitGenerator marks an open load whose schedule the generator did not keep. In a closed load a late call tells of the
// answer before it.
func (sum *Summary) LimitGenerator() {
	sum.Limited = sum.Late >= lateCalls && float64(sum.Late) > lateShare*sum.Counters["issued"]
	for i := range sum.Steps {
		sum.Steps[i].LimitGenerator()
	}
}
