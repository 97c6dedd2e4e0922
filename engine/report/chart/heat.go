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
	From   float64                    `json:"from"` // seconds since the run began
	To     float64                    `json:"to"`
	Low    float64                    `json:"low"` // of the response times, seconds
	High   float64                    `json:"high"`
	Most   int                        `json:"most"`   // calls in the fullest field
	Counts [heatRows][heatColumns]int `json:"counts"` // from the fastest row up
}

// heat is the map of a phase; nil when nothing ended ok.
func (m *maker) heat(calls []call) *Heat {
	h := &Heat{From: math.Inf(1), To: math.Inf(-1), Low: math.Inf(1), High: math.Inf(-1)}
	each := func(do func(due, response float64)) {
		for i := range calls {
			if c := &calls[i]; !failed(c) {
				do(c.due.Seconds(), shown(c))
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
	each(func(due, response float64) {
		x, y := h.at(due, response)
		h.Counts[y][x]++
		h.Most = max(h.Most, h.Counts[y][x])
	})
	return h
}

// at is the column and the row of a call.
func (h *Heat) at(due, response float64) (x, y int) {
	x = min(int((due-h.From)/(h.To-h.From)*heatColumns), heatColumns-1)
	y = min(int(math.Log(response/h.Low)/math.Log(h.High/h.Low)*heatRows), heatRows-1)
	return x, max(y, 0)
}

// field is the number of the field that a call was counted in, row by row; -1 where it was counted in none.
func (m *maker) field(c *call) int {
	h := m.heats[c.place]
	if h == nil || c.role != counted || failed(c) {
		return noField
	}
	x, y := h.at(c.due.Seconds(), shown(c))
	return y*heatColumns + x
}

// noField is that of a call which no heat map counts.
const noField = -1

// failed reports whether a call ended in an error.
func failed(c *call) bool { return int(c.kind) == len(Kinds)-1 }

// shown is the response time of a call in seconds, as a logarithmic scale can show it.
func shown(c *call) float64 { return math.Max(c.response.Seconds(), time.Microsecond.Seconds()) }
