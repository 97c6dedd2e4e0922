package expr

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Format is a value for people: durations and fractions to three significant digits. It is the one place that writes a
// measured value, so that a table and a message say the same.
func Format(value any) string {
	switch v := settle(value, Any).(type) {
	case time.Duration:
		return formatDuration(v)
	case float64:
		return formatNumber(v)
	case string:
		return v
	default:
		return fmt.Sprint(v)
	}
}

// scales are the units of a duration, largest first. Seconds are the largest: 124s compares better than 2m4s.
var scales = []struct {
	unit string
	size time.Duration
}{{"s", time.Second}, {"ms", time.Millisecond}, {"µs", time.Microsecond}, {"ns", time.Nanosecond}}

// formatDuration writes three significant digits and a unit, such as 1.32s, 745ms, 12.3ms or 850µs. A value that is whole
// in its unit has no decimals: what OpenWhisk counts in whole milliseconds is not made to look finer.
func formatDuration(d time.Duration) string {
	rounded := round3(float64(d))
	for _, s := range scales {
		if math.Abs(rounded) < float64(s.size) {
			continue
		}
		if d%s.size == 0 {
			return strconv.FormatInt(int64(d/s.size), 10) + s.unit
		}
		value := rounded / float64(s.size)
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

func formatNumber(f float64) string {
	if f == math.Trunc(f) && math.Abs(f) < 1e15 {
		return strconv.FormatFloat(f, 'f', 0, 64)
	}
	return significant(f)
}

// significant rounds to three significant digits; whole hundreds keep theirs all.
func significant(f float64) string {
	if math.Abs(f) >= 100 {
		return strconv.FormatFloat(f, 'f', 0, 64)
	}
	digits := 2
	if f != 0 {
		digits = 2 - int(math.Floor(math.Log10(math.Abs(f))))
	}
	text := strconv.FormatFloat(f, 'f', max(digits, 0), 64)
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text
}
