package measure

import (
	"iter"
	"math"
	"slices"
	"time"
)

// inFlight is the most calls that were under way at one moment. An answer at the moment of the next send is not at the
// same time. Where not all moments fit into memory at a time, it goes through them in slices of the time.
func (c *columns) inFlight() (most int) {
	now := 0
	for _, s := range slicesOf(c.tally.issued, len(c.scratch), c.samples) {
		room := c.scratch
		if 2*s.most > len(room) {
			room = make([]float64, 2*s.most) // so many at one moment cannot be cut
		}
		sends, dones := s.moments(room, c.samples)
		slices.Sort(sends)
		slices.Sort(dones)
		over := 0
		for under, sent := range sends {
			for over < len(dones) && dones[over] <= sent {
				over++
			}
			most = max(most, now+under+1-over)
		}
		now += len(sends) - len(dones)
	}
	return most
}

// slice is a stretch of time, with its end left out.
type slice struct {
	from, to time.Duration
	most     int // moments of one kind in it
}

// bins is into how many parts time is cut to find slices of a like number of moments.
const bins = 4096

// slicesOf cuts the time of n samples so that the moments of a slice fit into room.
func slicesOf(n, room int, samples iter.Seq[*Sample]) []slice {
	if 2*n <= room {
		return []slice{{math.MinInt64, math.MaxInt64, n}}
	}
	var first, last time.Duration
	begun := false
	for s := range measured(samples) {
		if !begun {
			first, last, begun = s.Sent, s.Done, true
		}
		first, last = min(first, s.Sent, s.Done), max(last, s.Sent, s.Done)
	}
	width := (last-first)/bins + 1
	var sends, dones [bins]int
	for s := range measured(samples) {
		sends[(s.Sent-first)/width]++
		dones[(s.Done-first)/width]++
	}
	var list []slice
	open := slice{from: first, to: first}
	sent, done := 0, 0
	for i := range bins {
		if fits := 2*max(sent+sends[i], done+dones[i]) <= room; !fits && open.to > open.from {
			list = append(list, open)
			open = slice{from: open.to, to: open.to}
			sent, done = 0, 0
		}
		sent, done = sent+sends[i], done+dones[i]
		open.to, open.most = open.to+width, max(sent, done)
	}
	return append(list, open)
}

// moments are when calls were sent and were over in the slice.
func (s slice) moments(room []float64, samples iter.Seq[*Sample]) (sends, dones []float64) {
	half := len(room) / 2
	sends, dones = room[:0:half], room[half:half]
	for c := range measured(samples) {
		if c.Sent >= s.from && c.Sent < s.to {
			sends = append(sends, float64(c.Sent))
		}
		if c.Done >= s.from && c.Done < s.to {
			dones = append(dones, float64(c.Done))
		}
	}
	return sends, dones
}

// measured leaves out the warm-up, and what calls have started.
func measured(samples iter.Seq[*Sample]) iter.Seq[*Sample] {
	return func(yield func(*Sample) bool) {
		for s := range samples {
			if !s.Warmup && s.Level == 0 && !yield(s) {
				return
			}
		}
	}
}
