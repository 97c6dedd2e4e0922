package target

import (
	"context"
	"time"

	"wsk-scenario/engine/standalone"
)

// counted is how much work of a node was counted up to a moment.
type counted struct {
	at  time.Time
	cpu time.Duration
}

// leastApart is between two readings of one node: the kernel counts the work of the machine in steps of 10 ms.
const leastApart = 100 * time.Millisecond

// UsageEvery is once a second: it costs a few files of the kernel.
func (e *embedded) UsageEvery() time.Duration { return time.Second }

// Usage is what each emulated node uses, or this machine where there are none: on average since the last reading.
func (e *embedded) Usage(context.Context) (list []Usage, err error) {
	now := time.Now()
	totals, err := e.server.Usage()
	for _, t := range totals {
		if one, known := e.since(t, now); known {
			list = append(list, one)
		}
	}
	return list, err
}

// since is what a node used since its last reading; false when there is none yet, or it was just now.
func (e *embedded) since(t standalone.Usage, now time.Time) (Usage, bool) {
	last, known := e.counted[t.Node]
	if known && now.Sub(last.at) < leastApart {
		return Usage{}, false
	}
	if e.counted == nil {
		e.counted = map[string]counted{}
	}
	e.counted[t.Node] = counted{now, t.CPU}
	return Usage{
		Node: t.Node, Source: t.Source, At: now, CPU: max(float64(t.CPU-last.cpu)/float64(now.Sub(last.at)), 0),
		Memory: t.Memory, CPUs: t.CPUs, MemoryTotal: t.MemoryTotal,
	}, known
}
