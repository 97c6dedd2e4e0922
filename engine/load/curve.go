package load

import (
	"math"
	"time"
)

// Rate is calls in a second.
type Rate float64

// Stretch is a piece of a curve on which the rate goes evenly from one value to another; a step when they are the same.
type Stretch struct {
	From, To Rate
	For      time.Duration
	Step     int // which result of its own the calls of the stretch belong to
}

// Curve is how many calls are due at what time, in stretches one after the other.
//
//	rate │        ╱‾‾‾‾‾‾‾│
//	     │‾‾‾‾‾│╱         │
//	     └─────┴──┴───────┴── t
//
// Within a stretch of length d from rate a to rate b, k = (b−a)/d, the calls that are due until t are the area below it,
// and the moment of call n is the inverse of that, in the form that loses no digits when k is small:
//
//	N(t) = a·t + k·t²/2        t(n) = 2n / (a + √(a² + 2kn))
type Curve []Stretch

// Steady is a curve of one rate.
func Steady(rate Rate, lasts time.Duration) Curve { return Steps([]Rate{rate}, lasts) }

// Steps is a curve of several rates, each for a while and each a step of its own.
func Steps(rates []Rate, each time.Duration) Curve {
	curve := make(Curve, len(rates))
	for i, rate := range rates {
		curve[i] = Stretch{From: rate, To: rate, For: each, Step: i}
	}
	return curve
}

// Ramp is a curve that goes evenly from one rate to another.
func Ramp(from, to Rate, over time.Duration) Curve { return Curve{{From: from, To: to, For: over}} }

// Total is how many calls the whole curve holds; rarely a whole number.
func (c Curve) Total() (n float64) {
	for _, s := range c {
		n += s.total()
	}
	return n
}

// Calls is how many calls the whole curve makes due, one by one.
func (c Curve) Calls() int { return int(math.Ceil(c.Total() - slack)) }

// Lasts is how long the curve is.
func (c Curve) Lasts() (d time.Duration) {
	for _, s := range c {
		d += s.For
	}
	return d
}

// Peak is the highest rate of the curve.
func (c Curve) Peak() (peak Rate) {
	for _, s := range c {
		peak = max(peak, s.From, s.To)
	}
	return peak
}

// At is the rate at a moment, counted from the begin of the curve; 0 before it and behind its end.
func (c Curve) At(moment time.Duration) Rate {
	for _, s := range c {
		if moment >= 0 && moment < s.For {
			return s.From + (s.To-s.From)*Rate(float64(moment)/float64(s.For))
		}
		moment -= s.For
	}
	return 0
}

// Cut is the curve until a moment.
func (c Curve) Cut(lasts time.Duration) Curve {
	var cut Curve
	for _, s := range c {
		if lasts <= 0 {
			break
		}
		if s.For > lasts {
			s.To = s.From + (s.To-s.From)*Rate(lasts.Seconds()/s.For.Seconds())
			s.For = lasts
		}
		cut = append(cut, s)
		lasts -= s.For
	}
	return cut
}

func (s Stretch) total() float64 { return float64(s.From+s.To) / 2 * s.For.Seconds() }

// at is the moment, from the begin of the stretch, until which n calls are due.
func (s Stretch) at(n float64) time.Duration {
	if n <= 0 || s.For <= 0 {
		return 0
	}
	a, k := float64(s.From), float64(s.To-s.From)/s.For.Seconds()
	// A ramp down to nothing ends at the root's zero; rounding may put it below.
	root := math.Sqrt(max(0, a*a+2*k*n))
	return min(s.For, time.Duration(math.Round(2*n/(a+root)*float64(time.Second))))
}
