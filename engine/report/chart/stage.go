package chart

import (
	"time"

	"wsk-scenario/engine/measure"
)

// Stage is where the time of the calls of one kind went, as means, which add up to the mean response. Seconds.
type Stage struct {
	Kind Kind    `json:"kind"`
	N    int     `json:"n"`    // calls with a record
	Lag  float64 `json:"lag"`  // from when it was due until it was sent
	Wait float64 `json:"wait"` // from the controller's receipt to the start of init or run; creating a container is in it
	Init float64 `json:"init"`
	Run  float64 `json:"run"`
	Rest float64 `json:"rest"` // the way there and back, and what no record tells
}

// Total is the mean response.
func (s *Stage) Total() float64 { return s.Lag + s.Wait + s.Init + s.Run + s.Rest }

// sums are those of the stages of many calls.
type sums struct {
	n                          int
	lag, wait, init, run, rest time.Duration
}

// add takes a call that ended ok and was answered when its work was done: no other has stages that add up.
func (s *sums) add(c *measure.Sample) {
	r := c.Record
	if r == nil || c.Outcome != measure.OK || c.Completed > 0 {
		return
	}
	var wait, init time.Duration
	if r.Wait != nil {
		wait = time.Duration(*r.Wait) * time.Millisecond
	}
	if r.Init != nil {
		init = time.Duration(*r.Init) * time.Millisecond
	}
	duration := time.Duration(r.Duration) * time.Millisecond
	s.n++
	s.lag += c.Sent - c.Due
	s.wait += wait
	s.init += init
	s.run += duration - init
	s.rest += c.Done - c.Sent - wait - duration
}

// meanStages are the stages of a phase, one for each temperature that was met.
func (m *maker) meanStages(place int) []Stage {
	list := []Stage{}
	for k, s := range m.stages[place] {
		if s.n == 0 {
			continue
		}
		mean := func(d time.Duration) float64 { return d.Seconds() / float64(s.n) }
		list = append(list, Stage{Kinds[k], s.n, mean(s.lag), mean(s.wait), mean(s.init), mean(s.run), mean(s.rest)})
	}
	return list
}
