package content

import (
	"math"
	"testing"
	"time"
)

func TestDuration(t *testing.T) {
	for _, c := range []struct {
		says string
		ns   float64
		want string
	}{
		{"nothing, in the unit that OpenWhisk counts in", 0, "0ms"},
		{"whole milliseconds have no decimals", 12e6, "12ms"},
		{"three digits, two of them behind the point", 1.3249e9, "1.32s"},
		{"three digits, one behind the point", 12.34e6, "12.3ms"},
		{"three digits, none behind the point", 745.3e6, "745ms"},
		{"microseconds", 850_400, "850µs"},
		{"nanoseconds", 12, "12ns"},
		{"rounding up to the next unit", 999.6e6, "1.00s"},
		{"rounding up to the next digit", 9.996e6, "10.0ms"},
		{"a whole second", 1e9, "1s"},
		{"more than a minute stays in seconds", 123.4e9, "123s"},
		{"negative, as a wait across two clocks can be", -1.5e6, "-1.50ms"},
		{"not a number", math.NaN(), "–"},
	} {
		if got := Duration(c.ns / 1e9); got != c.want {
			t.Errorf("%s: Duration(%g ns) = %q, want %q", c.says, c.ns, got, c.want)
		}
	}
}

func TestSpan(t *testing.T) {
	for d, want := range map[time.Duration]string{
		850 * time.Millisecond:         "850ms",
		12 * time.Second:               "12s",
		12340 * time.Millisecond:       "12.3s",
		150 * time.Second:              "2m30s",
		time.Hour + 5*time.Minute:      "1h05m",
		59*time.Second + 990*1000*1000: "60s",
	} {
		if got := Span(d); got != want {
			t.Errorf("Span(%v) = %q, want %q", d, got, want)
		}
	}
}
