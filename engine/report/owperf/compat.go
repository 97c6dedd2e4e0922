package owperf

import (
	"fmt"
	"math"
	"time"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
)

// compat is owperf's own arithmetic, in milliseconds of the epoch:
//
//   - a failed invocation or fire has no moment, so that no window keeps it out: those of the warm-up count, too
//   - of a fire, the activation of the trigger is counted once for each of its rules
//   - what began or ended outside of the window is an attempt and nothing else
//   - a latency of 0 is none
//   - how an action ended is not asked where nobody waits for it
//   - iterations of the warm-up count as such, and their misses
type compat struct {
	test        *Test
	zero        time.Time
	start, stop int64
	counted     [2]counters // by all, and by the master alone
	latencies   map[string]*sums
	misses      sums
	iterations  int
	unread      int // fires whose activation owperf would have stopped at
}

func newCompat(t *Test, zero time.Time, w window, all turns) *compat {
	c := &compat{test: t, zero: zero, latencies: map[string]*sums{}}
	c.start, c.stop = c.ms(w.start), c.ms(w.stop)
	for _, name := range latencies {
		c.latencies[name] = &sums{}
	}
	for name, at := range all {
		if name.phase != t.Master.phase { // the misses of a master that is set apart are its own
			continue
		}
		c.iterations++
		if late := c.ms(at.ended) - c.ms(at.sent) - t.Master.delta.Milliseconds(); late > 0 {
			c.misses.add(float64(late))
		}
	}
	return c
}

// ms is a moment of the run in milliseconds of the epoch, as a clock of whole milliseconds shows it.
func (c *compat) ms(at time.Duration) int64 { return c.zero.Add(at).UnixMilli() }

func (c *compat) count(s *measure.Sample, master bool) {
	clients := c.test.clients(s)
	switch {
	case clients.rule && s.Level == 0 && s.Outcome == measure.NoRule, clients.rule && s.Level == 1 && s.Outcome == measure.Lost && s.Fired == 0:
		c.unread++
	case s.Level == 0 && refused(s):
		c.failed(master)
	case clients.rule == (s.Level == 1):
		c.activation(s, clients, master)
	}
}

// refused reports whether a call got no answer, or one that says no: what throws in owperf's client.
func refused(s *measure.Sample) bool { return s.Status < 200 || s.Status > 299 }

// started reports whether there is an activation of s: of a rule that failed there is none.
func started(s *measure.Sample) bool {
	return s.Level == 0 || s.Record != nil || s.Outcome == measure.Lost
}

func (c *compat) both(master bool, count func(n *counters)) {
	count(&c.counted[0])
	if master {
		count(&c.counted[1])
	}
}

// failed counts an invocation or a fire that failed.
func (c *compat) failed(master bool) {
	c.both(master, func(n *counters) { n.attempts++; n.requests++; n.errors++ })
}

// activation counts an action that was invoked, or started by a rule.
func (c *compat) activation(s *measure.Sample, clients *Clients, master bool) {
	if bi := c.ms(s.Sent); bi < c.start || bi > c.stop {
		return
	}
	c.both(master, func(n *counters) { n.attempts++ })
	if s.Level == 1 && s.Fired >= c.start && s.Fired <= c.stop {
		c.both(master, func(n *counters) { n.activations++; n.requests++ })
	}
	switch {
	case !started(s):
		c.both(master, func(n *counters) { n.requests++; n.errors++ })
		return
	case s.Record == nil || s.Record.Start < c.start || s.Record.End > c.stop:
		return
	}
	c.both(master, func(n *counters) { n.activations++; n.requests++; n.invocations++ })
	if master || c.test.Workers == nil {
		c.latency(s, clients)
	}
}

// latency adds the latencies of an activation that counts in full.
func (c *compat) latency(s *measure.Sample, clients *Clients) {
	bi, as, ae, d := float64(c.ms(s.Sent)), float64(s.Record.Start), float64(s.Record.End), math.NaN()
	if net, known := s.Net(); known {
		d = math.Trunc(net / float64(time.Millisecond))
	}
	add := func(name string, ms float64) { c.latencies[name].add(ms) }
	add("d", d)
	if s.Level == 1 {
		add("ta", as-float64(s.Fired))
	}
	add("ad", ae-as)
	add("oea", as-bi)
	add("oer", ae-bi-d)
	if s.Level == 0 && clients.blocking != plan.ForNothing {
		ai := float64(c.ms(s.Done))
		add("ora", ai-ae)
		if add("rtt", ai-bi); ai != bi {
			add("ortt", ai-bi-d)
		}
	}
}

func (c *compat) figures() (f figures, err error) {
	if c.unread > 0 {
		return f, fmt.Errorf("the tool itself stops without one where a fire has no active rule or no record, and there are %d of these; the other definition counts them", c.unread)
	}
	f.seconds = float64(c.stop-c.start) / 1000
	for i, name := range latencies {
		f.latencies[i] = c.latencies[name].stats()
	}
	f.all, f.master = c.counted[0], c.counted[1]
	f.misses, f.iterations = c.misses.stats(), c.iterations
	return f, nil
}

// sums are what owperf keeps of a latency.
type sums struct {
	n                  int
	sum, squares       float64
	smallest, greatest float64
}

// add leaves out 0 and what is no number.
func (s *sums) add(ms float64) {
	if ms == 0 || math.IsNaN(ms) {
		return
	}
	if s.n == 0 {
		s.smallest, s.greatest = ms, ms
	}
	s.n++
	s.sum, s.squares = s.sum+ms, s.squares+ms*ms
	s.smallest, s.greatest = min(s.smallest, ms), max(s.greatest, ms)
}

// stats has the standard deviation of the population, from the sum of squares: not a number where rounding makes its variance
// negative.
func (s *sums) stats() stats {
	n := float64(s.n)
	mean := s.sum / n
	return stats{s.n, mean, math.Sqrt(s.squares/n - mean*mean), s.smallest, s.greatest}
}
