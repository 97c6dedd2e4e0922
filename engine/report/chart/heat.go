package chart

import (
	"math"
	"time"
)

// A heat map has this many columns of time and rows of response time.
const (
	heatColumns = 60
	heatRows    = 24
)

// Heat counts the calls of a phase by when they were due and how long they took, on a logarithmic scale.
type Heat struct {
	From, To  float64 // seconds since the run began
	Low, High float64 // of the response times, seconds
	Most      int     // calls in the fullest cell
	Counts    [heatRows][heatColumns]int
}

// heat is the map of a phase; nil when nothing ended ok.
func (m *maker) heat(calls []call) *Heat {
	h := &Heat{From: math.Inf(1), To: math.Inf(-1), Low: math.Inf(1), High: math.Inf(-1)}
	each := func(do func(due, response float64)) {
		for i := range calls {
			if int(calls[i].kind) < len(Kinds)-1 {
				do(calls[i].due.Seconds(), math.Max(calls[i].response.Seconds(), time.Microsecond.Seconds()))
			}
		}
	}
	each(func(due, response float64) {
		h.From, h.To = math.Min(h.From, due), math.Max(h.To, due)
		h.Low, h.High = math.Min(h.Low, response), math.Max(h.High, response)
	})
	if math.IsInf(h.From, 1) {
		return nil
	}
	h.To, h.High = math.Max(h.To, h.From+1e-3), math.Max(h.High, h.Low*1.1)
	span, decades := h.To-h.From, math.Log(h.High/h.Low)
	each(func(due, response float64) {
		x := min(int((due-h.From)/span*heatColumns), heatColumns-1)
		y := min(int(math.Log(response/h.Low)/decades*heatRows), heatRows-1)
		h.Counts[y][x]++
		h.Most = max(h.Most, h.Counts[y][x])
	})
	return h
}
