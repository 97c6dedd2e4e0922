package plan

import (
	"time"

	"wsk-scenario/dsl"
)

// Link is the emulated network to a node. A zero field is none of it.
type Link struct {
	Name        string        `json:"name,omitempty"`      // the one of the language that it is, or is made from
	Delay       time.Duration `json:"delay_ns,omitempty"`  // one way
	Jitter      time.Duration `json:"jitter_ns,omitempty"` // the delay is that much shorter or longer at most
	BitRate     int64         `json:"bit_rate,omitempty"`  // bits a second, each way
	OutageEvery time.Duration `json:"outage_every_ns,omitempty"`
	OutageLast  time.Duration `json:"outage_last_ns,omitempty"`
}

// links are those that have a name. The figures are ours, round ones of the order that such networks have, but for these:
// light in fibre takes 5 µs/km and a geostationary satellite 260 ms one way (ITU-T G.114, annex A).
var links = map[string]Link{
	// Gigabit Ethernet over one switch.
	"lan": {Delay: 100 * time.Microsecond, Jitter: 20 * time.Microsecond, BitRate: 1_000_000_000},
	// A wireless network at home.
	"wifi": {Delay: 1500 * time.Microsecond, Jitter: time.Millisecond, BitRate: 50_000_000},
	// A cellular network of the fourth generation, with some others in the cell.
	"lte": {Delay: 25 * time.Millisecond, Jitter: 8 * time.Millisecond, BitRate: 20_000_000},
	// A data centre 3000 km of fibre away.
	"cloud": {Delay: 15 * time.Millisecond, Jitter: 500 * time.Microsecond, BitRate: 500_000_000},
	// A geostationary satellite.
	"sat": {Delay: 260 * time.Millisecond, Jitter: 10 * time.Millisecond, BitRate: 10_000_000},
	// A wireless network at the edge of its reach.
	"flaky": {Delay: 5 * time.Millisecond, Jitter: 4 * time.Millisecond, BitRate: 5_000_000,
		OutageEvery: 20 * time.Second, OutageLast: 2 * time.Second},
}

// named is the link of that name.
func named(name string) Link {
	l := links[name]
	l.Name = name
	return l
}

// link is what a profile says of a link: one with a name, and what differs from it.
func link(l dsl.Link) (made Link) {
	made = named(literal(l.Like))
	for _, f := range []struct {
		written interface{ Literal() (time.Duration, bool) }
		to      *time.Duration
	}{
		{l.Delay, &made.Delay}, {l.Jitter, &made.Jitter}, {l.Outage.Every, &made.OutageEvery}, {l.Outage.Last, &made.OutageLast},
	} {
		if d, said := f.written.Literal(); said {
			*f.to = d
		}
	}
	if rate, said := l.Rate.Literal(); said {
		made.BitRate = int64(rate)
	}
	made.Jitter = min(made.Jitter, made.Delay) // nothing arrives before it is sent
	return made
}
