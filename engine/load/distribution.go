package load

import (
	"math"
	"math/rand/v2"
)

// Distribution draws a number, none of which is below 0.
type Distribution func(random *rand.Rand) float64

// Always draws one number.
func Always(v float64) Distribution { return func(*rand.Rand) float64 { return v } }

// Normal is the normal distribution; what falls below 0 is 0.
func Normal(mean, stddev float64) Distribution {
	return func(random *rand.Rand) float64 { return max(0, mean+stddev*random.NormFloat64()) }
}

// Exponential is the exponential distribution.
func Exponential(mean float64) Distribution {
	return func(random *rand.Rand) float64 { return mean * random.ExpFloat64() }
}

// Lognormal is the log-normal distribution; sigma is the standard deviation of the logarithm.
func Lognormal(median, sigma float64) Distribution {
	return func(random *rand.Rand) float64 { return median * math.Exp(sigma*random.NormFloat64()) }
}

// Gamma is the gamma distribution, whose mean is shape × scale (Marsaglia and Tsang, A simple method for generating gamma
// variables, 2000; a shape below 1 by the boost that is given there).
func Gamma(shape, scale float64) Distribution {
	if shape < 1 {
		above := Gamma(shape+1, scale)
		return func(random *rand.Rand) float64 { return above(random) * math.Pow(random.Float64(), 1/shape) }
	}
	d := shape - 1.0/3
	c := 1 / math.Sqrt(9*d)
	return func(random *rand.Rand) float64 {
		for {
			x := random.NormFloat64()
			v := math.Pow(1+c*x, 3)
			if v > 0 && math.Log(1-random.Float64()) < x*x/2+d-d*v+d*math.Log(v) {
				return scale * d * v
			}
		}
	}
}

// Point is a point of a cumulative distribution: the share of the values that are no larger.
type Point struct{ Value, Share float64 }

// Points draws the values of a cumulative distribution that rises to 1, and none between them.
func Points(points []Point) Distribution {
	return func(random *rand.Rand) float64 {
		u := random.Float64()
		for _, p := range points {
			if u < p.Share {
				return p.Value
			}
		}
		return points[len(points)-1].Value
	}
}

// Moments are the moments of a schedule that was made before.
type Moments struct {
	moments []Due
	next    int
}

// At is the schedule of moments, which never go back.
func At(moments []Due) *Moments { return &Moments{moments: moments} }

// Next is the next due moment.
func (m *Moments) Next() (Due, bool) {
	if m.next == len(m.moments) {
		return Due{}, false
	}
	m.next++
	return m.moments[m.next-1], true
}
