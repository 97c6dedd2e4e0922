package report

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"wsk-scenario/dsl/expr"
)

// Duration formats nanoseconds as expressions and messages do: three significant digits and a unit.
func Duration(ns float64) string {
	if math.IsNaN(ns) || math.IsInf(ns, 0) {
		return absent
	}
	return expr.Format(time.Duration(ns))
}

// span formats how long something takes as a whole: 850ms, 12s, 2m30s, 1h05m.
func span(d time.Duration) string {
	switch {
	case d < time.Second:
		return Duration(float64(d))
	case d < time.Minute:
		return Duration(float64(d.Round(100 * time.Millisecond)))
	case d < time.Hour:
		d = d.Round(time.Second)
		return fmt.Sprintf("%dm%02ds", d/time.Minute, d%time.Minute/time.Second)
	}
	d = d.Round(time.Minute)
	return fmt.Sprintf("%dh%02dm", d/time.Hour, d%time.Hour/time.Minute)
}

// count is a number with its noun: 1 call, 2 calls.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}
