package report

import (
	"fmt"
	"math"
	"strconv"
	"time"
)

// scales are the units of a duration, largest first. Seconds are the largest: 124s compares better than 2m4s.
var scales = []struct {
	unit  string
	nanos float64
}{{"s", 1e9}, {"ms", 1e6}, {"µs", 1e3}, {"ns", 1}}

// Duration formats nanoseconds for people: three significant digits and a unit, such as 1.32s, 745ms, 12.3ms or 850µs.
// A value that is whole in its unit has no decimals: what OpenWhisk counts in whole milliseconds is not made to look finer.
func Duration(ns float64) string {
	if math.IsNaN(ns) || math.IsInf(ns, 0) {
		return absent
	}
	rounded := round3(ns)
	for _, s := range scales {
		if math.Abs(rounded) < s.nanos {
			continue
		}
		if math.Mod(ns, s.nanos) == 0 {
			return strconv.FormatFloat(ns/s.nanos, 'f', 0, 64) + s.unit
		}
		value := rounded / s.nanos
		return strconv.FormatFloat(value, 'f', decimals(value), 64) + s.unit
	}
	return "0ms" // OpenWhisk counts milliseconds: nothing is less than one of them
}

// round3 rounds to three significant digits.
func round3(v float64) float64 {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(v, 'e', 2, 64), 64)
	if err != nil {
		return v
	}
	return rounded
}

// decimals are the digits behind the point that make three significant ones.
func decimals(v float64) int {
	switch v = math.Abs(v); {
	case v >= 100:
		return 0
	case v >= 10:
		return 1
	}
	return 2
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
