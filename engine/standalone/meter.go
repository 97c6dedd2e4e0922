package standalone

import (
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"wsk-scenario/engine/standalone/balancer"
	"wsk-scenario/engine/standalone/invoke"
	"wsk-scenario/engine/standalone/metrics"
)

// measured writes what was counted, and how all is at that moment.
func measured(m *metrics.Meter, c *invoke.Controller, f fleet, started time.Time) func(io.Writer) error {
	return func(w io.Writer) error {
		now := metrics.Now{Nodes: f.measured(), Invokers: states(f.Health()), Active: c.Active(), Process: self(started)}
		now.Records, now.RecordBytes = c.History().Held()
		return m.Write(w, now)
	}
}

// states counts invokers by their state.
func states(all []balancer.Health) (list []metrics.State) {
	for _, s := range []balancer.State{balancer.Up, balancer.Unhealthy, balancer.Unresponsive, balancer.Down} {
		in := 0
		for _, one := range all {
			if one.State == s {
				in++
			}
		}
		list = append(list, metrics.State{Name: string(s), Count: in})
	}
	return list
}

// self is this process.
func self(started time.Time) metrics.Process {
	return metrics.Process{Goroutines: runtime.NumGoroutine(), Resident: resident(), Started: started.Unix()}
}

// resident is the memory that the process has, in bytes; 0 where there is no /proc.
func resident() int64 {
	text, _ := os.ReadFile("/proc/self/statm")
	fields := strings.Fields(string(text))
	if len(fields) < 2 {
		return 0
	}
	pages, _ := strconv.ParseInt(fields[1], 10, 64)
	return pages * int64(os.Getpagesize())
}
