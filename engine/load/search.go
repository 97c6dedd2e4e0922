package load

import "math"

// Search looks for the highest rate at which something holds. It doubles from From until that fails, and then halves the
// ratio that is left, until it is below Precision: what holds at a rate is taken to hold below it.
//
//	10 ✓  20 ✓  40 ✓  80 ✗  │  57 ✓  67 ✗  62 ✓      the knee lies between 62 and 67
type Search struct {
	From, To  Rate
	Precision float64 // the ratio of a rate that fails to one that holds; 1.1 when 0

	holds, fails Rate
}

// Next is the rate to try first.
func (s *Search) Next() (Rate, bool) {
	precision := s.Precision
	if precision == 0 {
		precision = 1.1
	}
	switch {
	case s.holds == 0 && s.fails == 0:
		return s.From, true
	case s.holds == 0 || s.holds >= s.To:
		return 0, false // even the lowest fails, or even the highest holds
	case s.fails == 0:
		return min(2*s.holds, s.To), true
	case float64(s.fails/s.holds) <= precision:
		return 0, false
	}
	return Rate(math.Sqrt(float64(s.holds) * float64(s.fails))), true
}

// Tell says whether it held at a rate.
func (s *Search) Tell(rate Rate, held bool) {
	if held {
		s.holds = max(s.holds, rate)
	} else if s.fails == 0 || rate < s.fails {
		s.fails = rate
	}
}

// Trials is how many rates a search tries at most.
func (s Search) Trials() int {
	up := math.Ceil(math.Log2(max(1, float64(s.To/s.From))))
	return int(up) + 1 + 3 // from a ratio of 2, three halvings reach 1.1
}
