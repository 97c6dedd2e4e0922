package measure

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Clock is how far a clock of the platform is ahead of the client's, as the records of a run bound it. Every blocking call
// was received by the controller after it was sent, and its action ended before the answer was read; with the client's
// moments sent and done, and c = start − waitTime, start and end of the record in whole milliseconds,
//
//	controller   c − (done − duration)  ≤  offset  ≤  c + 1 ms − sent
//	invoker             end − done      ≤  offset  ≤  start + 1 ms − sent
//
// hold for every call at once (the bounds of Cristian, Probabilistic clock synchronization, 1989, for what a record tells).
type Clock struct {
	Of     string        `json:"of"` // controller, or the name of a node
	Offset time.Duration `json:"offset_ns"`
	Error  time.Duration `json:"error_ns"` // the offset lies this much above or below at most
	// Drift is how much the offset changed in the course of the run, beyond the error; 0 when nothing shows that
	// it did, and then Offset is good for the whole run. Otherwise Offset is that of its end.
	Drift time.Duration `json:"drift_ns,omitempty"`
	// Jumps says that no offset fits all calls even of a few seconds: times of this clock cannot be compared with any other's.
	Jumps bool `json:"jumps,omitempty"`
}

// Text says it for people.
func (c Clock) Text() string {
	const precision = 10 * time.Microsecond
	text := fmt.Sprintf("%s %+.2fms ± %.2fms", c.Of, inMS(c.Offset.Round(precision)), inMS(c.Error.Round(precision)))
	switch {
	case c.Jumps:
		return c.Of + " jumps: no offset fits"
	case c.Drift > 0:
		text += fmt.Sprintf(" at the end, drifted by %.2fms", inMS(c.Drift.Round(precision)))
	}
	return text
}

func inMS(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

const controller = "controller"

// clockWindow is the time in which a clock is taken to go as fast as the client's.
const clockWindow = 5 * time.Second

// Clocks collects the bounds of a run. The zero value is not ready; see NewClocks.
type Clocks struct {
	anchor time.Duration // of the samples' times, since the epoch, on the client's clock
	bounds map[string]map[int64]*bound
}

// bound is where an offset may lie.
type bound struct{ low, high time.Duration }

// NewClocks returns the collection of a run whose samples count from anchor.
func NewClocks(anchor time.Time) *Clocks {
	return &Clocks{anchor: time.Duration(anchor.UnixNano()), bounds: map[string]map[int64]*bound{}}
}

// Add takes what a sample tells. A call that was answered before its work was done tells nothing of the end; a sequence's
// duration is the sum of its components, and its record is of no one node.
func (c *Clocks) Add(s *Sample) {
	r := s.Record
	if r == nil || s.Completed > 0 || !s.answered() || s.Node == "" {
		return
	}
	sent, done := c.anchor+s.Sent, c.anchor+s.Done
	start, end := time.Duration(r.Start)*time.Millisecond, time.Duration(r.End)*time.Millisecond
	c.narrow(s.Node, s.Sent, end-done, start+time.Millisecond-sent)
	if r.Wait != nil {
		received := start - time.Duration(*r.Wait)*time.Millisecond
		took := time.Duration(r.Duration) * time.Millisecond
		// waitTime and duration are cut to whole milliseconds, too: the moment is good to a millisecond below and above.
		c.narrow(controller, s.Sent, received-time.Millisecond-(done-took), received+2*time.Millisecond-sent)
	}
}

func (c *Clocks) narrow(of string, at, low, high time.Duration) {
	windows := c.bounds[of]
	if windows == nil {
		windows = map[int64]*bound{}
		c.bounds[of] = windows
	}
	b := windows[int64(at/clockWindow)]
	if b == nil {
		windows[int64(at/clockWindow)] = &bound{low, high}
		return
	}
	b.low, b.high = max(b.low, low), min(b.high, high)
}

// Estimate is the clocks that calls were made of, the controller's first.
func (c *Clocks) Estimate() (list []Clock) {
	for of, windows := range c.bounds {
		list = append(list, estimate(of, windows))
	}
	slices.SortFunc(list, func(a, b Clock) int {
		switch {
		case a.Of == controller:
			return -1
		case b.Of == controller:
			return 1
		}
		return strings.Compare(a.Of, b.Of)
	})
	return list
}

func estimate(of string, windows map[int64]*bound) Clock {
	order := slices.Sorted(maps.Keys(windows))
	whole, lowest, highest := *windows[order[0]], *windows[order[0]], *windows[order[0]]
	for _, i := range order {
		b := windows[i]
		if b.low > b.high {
			return Clock{Of: of, Jumps: true}
		}
		whole.low, whole.high = max(whole.low, b.low), min(whole.high, b.high)
		if b.high < lowest.high {
			lowest = *b
		}
		if b.low > highest.low {
			highest = *b
		}
	}
	if whole.low <= whole.high {
		return whole.clock(of)
	}
	last := windows[order[len(order)-1]].clock(of)
	last.Drift = highest.low - lowest.high
	return last
}

func (b bound) clock(of string) Clock {
	return Clock{Of: of, Offset: b.low + (b.high-b.low)/2, Error: (b.high - b.low) / 2}
}
