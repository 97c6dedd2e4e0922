// Package metrics counts what the standalone OpenWhisk does and writes it down in the text form that Prometheus reads. It
// is a handful of counters and histograms; what they are called and what they mean stands in docs/standalone.md.
package metrics

import (
	"sync/atomic"
	"time"

	"wsk-scenario/engine/standalone/pool"
)

// Limit is a limit that refused a request.
type Limit int

// The limits of a namespace.
const (
	PerMinute Limit = iota
	Concurrent
	FiresPerMinute
)

var limits = [...]string{PerMinute: "invocations_per_minute", Concurrent: "concurrent", FiresPerMinute: "fires_per_minute"}

var statuses = [...]string{
	pool.Success: "success", pool.ApplicationError: "application_error",
	pool.DeveloperError: "developer_error", pool.WhiskError: "whisk_error",
}

// starts are how a container came to serve; none when there was no container.
var starts = [...]pool.Start{"none", pool.Cold, pool.Prewarmed, pool.Warm}

// place is the place of a start in starts.
func place(s pool.Start) int {
	for i, known := range starts {
		if s == known {
			return i
		}
	}
	return 0
}

// Meter counts. Its zero value is ready, and it is safe for use by many goroutines.
type Meter struct {
	ended      [len(statuses)][len(starts)]atomic.Uint64
	composed   [len(statuses)]atomic.Uint64
	fired      atomic.Uint64
	refused    [len(limits)]atomic.Uint64
	wait       [len(starts)]histogram
	initialise [len(starts)]histogram
	run        [len(starts)]histogram
}

// Action counts an activation of an action that ended. Waited is from the receipt of the request to the start of init, or
// of run when the container was warm.
func (m *Meter) Action(o pool.Outcome, waited time.Duration) {
	at := place(o.Start)
	m.ended[o.Status][at].Add(1)
	m.wait[at].observe(waited)
	if !o.InitStart.IsZero() {
		m.initialise[at].observe(o.InitEnd.Sub(o.InitStart))
	}
	if !o.RunStart.IsZero() {
		m.run[at].observe(o.RunEnd.Sub(o.RunStart))
	}
}

// Composed counts an activation of a sequence or a composition that ended.
func (m *Meter) Composed(s pool.Status) { m.composed[s].Add(1) }

// Fired counts a trigger that started something.
func (m *Meter) Fired() { m.fired.Add(1) }

// Refused counts a request that a limit refused.
func (m *Meter) Refused(l Limit) { m.refused[l].Add(1) }

// bounds are the upper ends of the buckets of every histogram: from half a millisecond, less than a warm call of the
// smallest action takes, to the longest time limit.
var bounds = [...]time.Duration{
	500 * time.Microsecond, time.Millisecond, 2500 * time.Microsecond, 5 * time.Millisecond, 10 * time.Millisecond,
	25 * time.Millisecond, 50 * time.Millisecond, 100 * time.Millisecond, 250 * time.Millisecond, 500 * time.Millisecond,
	time.Second, 2500 * time.Millisecond, 5 * time.Second, 10 * time.Second, 30 * time.Second, time.Minute, 5 * time.Minute,
}

// histogram counts durations by bucket; the last bucket is of those beyond all bounds.
type histogram struct {
	buckets [len(bounds) + 1]atomic.Uint64
	sum     atomic.Int64 // ns
}

func (h *histogram) observe(d time.Duration) {
	i := 0
	for i < len(bounds) && d > bounds[i] {
		i++
	}
	h.buckets[i].Add(1)
	h.sum.Add(int64(d))
}
