package chart

import (
	"math"
	"slices"
)

// curveSteps is through how many quantiles a curve is drawn at most.
const curveSteps = 240

// Curve is the distribution of the response times of the calls of one kind: at X seconds the share Y of them was over.
type Curve struct {
	Kind Kind      `json:"kind"`
	N    int       `json:"n"`
	P50  float64   `json:"p50"`
	P95  float64   `json:"p95"`
	P99  float64   `json:"p99"`
	X    []float64 `json:"x"`
	Y    []float64 `json:"y"`
}

// curves are those of a phase, one for each temperature that was met.
func (m *maker) curves(calls []call) []Curve {
	list := []Curve{}
	for k, kind := range Kinds {
		if kind == KindError {
			continue
		}
		var values []float64
		for i := range calls {
			if int(calls[i].kind) == k {
				values = append(values, calls[i].response.Seconds())
			}
		}
		if len(values) > 0 {
			list = append(list, curveOf(kind, values))
		}
	}
	return list
}

func curveOf(kind Kind, values []float64) Curve {
	slices.Sort(values)
	n := len(values)
	at := func(q float64) float64 { return values[min(max(int(math.Ceil(q*float64(n)-1e-9)), 1), n)-1] }
	c := Curve{Kind: kind, N: n, P50: at(.5), P95: at(.95), P99: at(.99)}
	for _, rank := range ranks(n) {
		c.X = append(c.X, micro(values[rank-1]))
		c.Y = append(c.Y, math.Round(float64(rank)/float64(n)*1e6)/1e6)
	}
	return c
}

// ranks are the order statistics that a curve goes through, from 1 to n: all of few; else most of them evenly, and the rest
// in the last hundredth, where the interest lies.
func ranks(n int) (list []int) {
	if n <= curveSteps {
		for i := range n {
			list = append(list, i+1)
		}
		return list
	}
	const even, tail = curveSteps * 3 / 4, curveSteps / 4
	for i := range even {
		list = append(list, 1+i*(n*99/100)/even)
	}
	for i := range tail { // ever nearer to the end: 99 %, …, 99.9 %, …, the slowest
		left := math.Pow(10, -2-float64(i)/float64(tail)*math.Max(math.Log10(float64(n))-2, 0))
		list = append(list, n-int(left*float64(n)))
	}
	return slices.Compact(append(list, n))
}

// micro rounds seconds to a microsecond: a picture shows no more.
func micro(seconds float64) float64 { return math.Round(seconds*1e6) / 1e6 }
