package load

import (
	"math/rand/v2"
	"time"
)

// Spacing is how the calls of a curve lie on it.
type Spacing int

// The spacings. With every one the curve decides how many calls there are; all but Poisson hit its total exactly.
//
//	constant  │ │ │ │ │ │     call n where n calls are due
//	uniform   │  ││  │ │  │   call n anywhere between there and where n+1 are due
//	poisson   ││  │    │││    distances are exponential
//	burst     ┃     ┃     ┃   size calls at once, as many as are due until the next
const (
	Constant Spacing = iota
	Uniform
	Poisson
	Burst
)

// slack is the part of a call that rounding may cost a curve: 0.1/s for 30s are 3 calls, whatever a float says.
const slack = 1e-6

// Due is one moment of a schedule.
type Due struct {
	After time.Duration // since the load began
	Step  int
}

// Schedule says when calls are due, one after the other, never going back.
type Schedule interface {
	// Next is the next due moment; false when there is none left.
	Next() (Due, bool)
}

// Arrivals is the schedule of a curve: calls that come whether or not others are over. Each is a function of the curve, the
// seed and its ordinal alone, to the nanosecond: a unit of "one call" laid through the inverse of the curve's area, which
// also makes a Poisson process of any curve out of one of rate 1.
type Arrivals struct {
	curve   Curve
	spacing Spacing
	size    int // of a burst
	random  *rand.Rand

	n       int     // ordinal of the next call
	mass    float64 // Poisson: calls due until the last arrival
	total   float64
	stretch int           // in which the last arrival lay
	before  float64       // calls due before that stretch
	begins  time.Duration // of that stretch
}

// NewArrivals returns the schedule of curve. The same seed gives the same one.
func NewArrivals(curve Curve, spacing Spacing, seed uint64) *Arrivals {
	return &Arrivals{curve: curve, spacing: spacing, size: 1, total: curve.Total() - slack, random: rand.New(rand.NewPCG(seed, uint64(spacing)))}
}

// NewBursts returns a schedule of size calls at once, one burst every so often.
func NewBursts(size int, every, lasts time.Duration) *Arrivals {
	return BurstsOn(Steady(Rate(float64(size)/every.Seconds()), lasts), size)
}

// BurstsOn returns a schedule of size calls at once, at the distances that keep to the curve.
func BurstsOn(curve Curve, size int) *Arrivals {
	a := NewArrivals(curve, Burst, 0)
	a.size = size
	return a
}

// Next is the next due moment.
func (a *Arrivals) Next() (Due, bool) {
	mass := a.next()
	if mass >= a.total {
		return Due{}, false
	}
	a.n++
	// A stretch without area holds no call; the last one takes what rounding has left.
	for a.stretch < len(a.curve)-1 {
		s := a.curve[a.stretch]
		if area := s.total(); mass < a.before+area-slack {
			break
		}
		a.before += s.total()
		a.begins += s.For
		a.stretch++
	}
	s := a.curve[a.stretch]
	return Due{After: a.begins + s.at(mass-a.before), Step: s.Step}, true
}

// next is how many calls are due until the next arrival.
func (a *Arrivals) next() float64 {
	switch n := float64(a.n); a.spacing {
	case Uniform:
		return n + a.random.Float64()*min(1, max(0, a.total-n))
	case Poisson:
		a.mass += a.random.ExpFloat64()
		return a.mass
	case Burst:
		return float64(a.n / a.size * a.size)
	default:
		return n
	}
}
