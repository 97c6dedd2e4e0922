package owperf

import (
	"slices"
	"time"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
)

// corrected counts what the names of the figures say. A call belongs to the test when it was sent in the window and is no
// warm-up, whatever came of it:
//
//	attempts     calls: invocations, or fires
//	requests     attempts, and one for each rule of a fire
//	activations  of triggers and actions, that were over before the window was
//	invocations  of actions, that were, and ended well
//	errors       requests that did not end well
//
// Latencies are those of all activations that ended well, also after the window, by the metrics of every report.
type corrected struct {
	test     *Test
	window   window
	stop     int64 // of the window, in milliseconds of the epoch
	counted  [2]counters
	metrics  []measure.Metric // by latencies
	values   [][]float64
	fires    map[iteration]bool // whose activation is counted
	misses   []float64
	measured int // iterations
}

func newCorrected(t *Test, zero time.Time, w window, all turns) *corrected {
	c := &corrected{
		test: t, window: w, stop: zero.Add(w.stop).UnixMilli(), values: make([][]float64, len(latencies)),
		metrics: metricsOf(zero), fires: map[iteration]bool{},
	}
	for name, at := range all {
		if at.warmup || name.phase != t.Master.phase {
			continue
		}
		c.measured++
		if late := at.ended - at.sent - t.Master.delta; late > 0 {
			c.misses = append(c.misses, float64(late))
		}
	}
	return c
}

// metricsOf are the metrics that owperf's latencies are.
func metricsOf(zero time.Time) (list []measure.Metric) {
	net := measure.Metric{Name: "d", Of: (*measure.Sample).Net}
	known := slices.Concat(measure.Metrics, measure.CrossingMetrics(zero), []measure.Metric{net})
	ours := map[string]string{"ad": "span", "rtt": "latency"}
	for _, name := range latencies {
		if own, differs := ours[name]; differs {
			name = own
		}
		i := slices.IndexFunc(known, func(m measure.Metric) bool { return m.Name == name })
		list = append(list, known[i])
	}
	return list
}

func (c *corrected) count(s *measure.Sample, master bool) {
	if s.Warmup || s.Sent < c.window.start || s.Sent > c.window.stop || s.Level > 1 {
		return
	}
	clients := c.test.clients(s)
	c.add(&c.counted[0], s, clients)
	if master {
		c.add(&c.counted[1], s, clients)
	}
	if s.Level == 1 && s.Fired != 0 && s.Fired <= c.stop {
		c.fire(iteration{s.Phase, s.User, s.Seq}, master)
	}
	if (master || c.test.Workers == nil) && s.Outcome == measure.OK && clients.rule == (s.Level == 1) {
		c.latency(s, clients)
	}
}

// add counts a call, or what a rule has started.
func (c *corrected) add(n *counters, s *measure.Sample, clients *Clients) {
	n.requests++
	if s.Level == 0 {
		n.attempts++
	}
	if clients.rule && s.Level == 0 { // the outcome of a fire is that of what it started, too
		if refused(s) || s.Outcome == measure.NoRule {
			n.errors++
		}
		return
	}
	if s.Outcome.IsError() {
		n.errors++
	}
	if s.Record != nil && s.Record.End <= c.stop {
		n.activations++
		if s.Outcome == measure.OK {
			n.invocations++
		}
	}
}

// fire counts the activation of a trigger once, of which each of its rules tells.
func (c *corrected) fire(name iteration, master bool) {
	if c.fires[name] {
		return
	}
	c.fires[name] = true
	if c.counted[0].activations++; master {
		c.counted[1].activations++
	}
}

func (c *corrected) latency(s *measure.Sample, clients *Clients) {
	for i, m := range c.metrics {
		if value, known := m.Of(s); known && (clients.blocking != plan.ForNothing || !answers[latencies[i]]) {
			c.values[i] = append(c.values[i], value)
		}
	}
}

func (c *corrected) figures() (f figures, err error) {
	f.seconds = (c.window.stop - c.window.start).Seconds()
	for i, values := range c.values {
		f.latencies[i] = described(values)
	}
	f.all, f.master = c.counted[0], c.counted[1]
	f.misses, f.iterations = described(c.misses), c.measured
	return f, nil
}

// described are the statistics of nanoseconds, in milliseconds.
func described(values []float64) stats {
	s, ms := measure.Describe(values, nil), float64(time.Millisecond)
	return stats{s.Count, s.Mean / ms, s.Stddev / ms, s.Min / ms, s.Max / ms}
}
