// Package link emulates the network to a node: a relay for TCP that really holds bytes back as a link of some delay, jitter,
// rate and outages would. What it does follows from its numbers and a seed. It knows nothing of what it carries.
package link

import (
	"fmt"
	"strings"
	"time"
)

// Link is how a network is. A zero is none of it.
type Link struct {
	Name   string
	Delay  time.Duration // one way
	Jitter time.Duration // the delay is this much shorter or longer at most, each length alike
	Rate   int64         // bits a second, each way
	Outage Outage
}

// Outage is when nothing gets through. What is sent meanwhile comes after it, as TCP sees to that.
type Outage struct {
	Every time.Duration // from the end of one to the begin of the next, on average; the gaps are exponential
	Last  time.Duration // how long each takes
}

// None reports whether nothing is emulated.
func (l Link) None() bool {
	return l.Delay == 0 && l.Jitter == 0 && l.Rate == 0 && l.Outage == Outage{}
}

// String says it for people: "wifi link (1.5ms ± 1ms, 50 Mbit/s)".
func (l Link) String() string {
	delay := l.Delay.String()
	if l.Jitter > 0 {
		delay += " ± " + l.Jitter.String()
	}
	parts := []string{delay + " one way"}
	if l.Rate > 0 {
		parts = append(parts, fmt.Sprintf("%g Mbit/s", float64(l.Rate)/1e6))
	}
	if l.Outage.Last > 0 {
		parts = append(parts, fmt.Sprintf("down for %v about every %v", l.Outage.Last, l.Outage.Every))
	}
	text := "link (" + strings.Join(parts, ", ") + ")"
	if l.Name != "" {
		text = l.Name + " " + text
	}
	return text
}

// Check says what cannot be.
func (l Link) Check() error {
	switch {
	case l.Delay < 0 || l.Jitter < 0 || l.Rate < 0 || l.Outage.Every < 0 || l.Outage.Last < 0:
		return fmt.Errorf("nothing of a link can be negative")
	case l.Jitter > l.Delay:
		return fmt.Errorf("a delay of %v cannot be %v shorter", l.Delay, l.Jitter)
	case (l.Outage.Every > 0) != (l.Outage.Last > 0):
		return fmt.Errorf("outages need both how often they are and how long they last")
	}
	return nil
}
