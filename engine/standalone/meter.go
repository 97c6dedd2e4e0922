package standalone

import (
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"wsk-scenario/engine/standalone/invoke"
	"wsk-scenario/engine/standalone/metrics"
)

// measured writes what was counted, and how all is at that moment.
func measured(m *metrics.Meter, c *invoke.Controller, f fleet, started time.Time) func(io.Writer) error {
	return func(w io.Writer) error {
		now := metrics.Now{
			Active: c.Active(), Goroutines: runtime.NumGoroutine(), Resident: resident(), Started: started.Unix(),
			Nodes: f.measured(),
		}
		now.Records, now.RecordBytes = c.History().Held()
		return m.Write(w, now)
	}
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
