package syntax

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"time"
	"wsk-scenario/dsl/diag"
)

// Bytes is a size. In the file KB, MB and GB are powers of 1000, KiB, MiB and GiB powers of 1024.
type Bytes int64

// The units of sizes.
const (
	B   Bytes = 1
	KB  Bytes = 1000
	MB  Bytes = 1000 * KB
	GB  Bytes = 1000 * MB
	KiB Bytes = 1024
	MiB Bytes = 1024 * KiB
	GiB Bytes = 1024 * MiB
)

var sizes = []struct {
	unit string
	size Bytes
}{{"GB", GB}, {"MB", MB}, {"KB", KB}, {"GiB", GiB}, {"MiB", MiB}, {"KiB", KiB}, {"B", B}}

// String is the size in the largest unit that leaves a whole number, of 1000 rather than of 1024.
func (b Bytes) String() string {
	for _, s := range sizes {
		if b != 0 && b%s.size == 0 {
			return strconv.FormatInt(int64(b/s.size), 10) + s.unit
		}
	}
	return "0B"
}

// Rate is how often something happens in a second.
type Rate float64

// String is the rate in the unit in which it is one at least.
func (r Rate) String() string {
	switch {
	case r == 0 || r >= 1:
		return strconv.FormatFloat(float64(r), 'g', -1, 64) + "/s"
	case r*60 >= 1:
		return strconv.FormatFloat(float64(r)*60, 'g', 12, 64) + "/m"
	}
	return strconv.FormatFloat(float64(r)*3600, 'g', 12, 64) + "/h"
}

// FormatDuration is a duration as one would write it: 60s and not 1m0s.
func FormatDuration(d time.Duration) string {
	if d%time.Second == 0 && d < 10*time.Minute {
		return strconv.FormatInt(int64(d/time.Second), 10) + "s"
	}
	text := d.String()
	text = strings.TrimSuffix(text, "0s")
	if text == "" || !strings.HasSuffix(text, "m") {
		return d.String()
	}
	return text
}

var quantity = regexp.MustCompile(`^\s*(-?[0-9]*\.?[0-9]+)\s*(\S*)\s*$`)

// measure splits "1.5 GB" into its number and its unit. ok is false where there is no number in front.
func measure(s string) (number float64, unit string, ok bool) {
	m := quantity.FindStringSubmatch(s)
	if m == nil {
		return 0, "", false
	}
	number, err := strconv.ParseFloat(m[1], 64)
	return number, m[2], err == nil
}

func toDuration(raw any) (time.Duration, *problem) {
	fault := &problem{must: "must be a duration, not " + show(raw), hint: "write a number with a unit, such as 30s or 5m"}
	switch v := raw.(type) {
	case time.Duration:
		return v, nil
	case int, float64:
		if v != 0 {
			fault.hint = fmt.Sprintf("write its unit too, such as %vs or %vms", v, v)
		}
		return 0, fault
	}
	s, ok := raw.(string)
	if !ok {
		return 0, fault
	}
	d, err := ParseDuration(s)
	switch {
	case err == nil && d < 0:
		return 0, &problem{must: "must not be negative, but is " + show(raw)}
	case err == nil:
		return d, nil
	}
	if number, unit, ok := measure(s); ok {
		fault.hint = wrongUnit(number, unit, []string{"ns", "us", "ms", "s", "m", "h"}, map[string]string{
			"sec": "s", "secs": "s", "second": "s", "seconds": "s", "min": "m", "mins": "m", "minute": "m", "minutes": "m",
			"hour": "h", "hours": "h", "hr": "h", "msec": "ms", "millis": "ms", "usec": "us",
		})
	}
	return 0, fault
}

// ParseDuration reads 800ms, 1.5s or 1m30s. A bare 0 has no unit and is none.
func ParseDuration(s string) (time.Duration, error) {
	if s == "0" || strings.HasPrefix(s, "+") || s == "-0" {
		return 0, fmt.Errorf("%s has no unit", s)
	}
	return time.ParseDuration(s)
}

// wrongUnit says how to write a number whose unit is none.
func wrongUnit(number float64, unit string, units []string, meant map[string]string) string {
	digits := strconv.FormatFloat(number, 'f', -1, 64)
	if right := meant[strings.ToLower(unit)]; right != "" {
		return "write " + digits + right
	}
	for _, u := range units {
		if strings.EqualFold(u, unit) {
			return "write " + digits + u
		}
	}
	list := diag.And(units)
	if unit == "" {
		return "write its unit too; the units are " + list
	}
	return fmt.Sprintf("%q is no unit here; the units are %s", unit, list)
}

func toBytes(raw any) (Bytes, *problem) {
	fault := &problem{must: "must be a size, not " + show(raw), hint: "write a number with a unit, such as 256MB or 1KiB"}
	if b, ok := raw.(Bytes); ok {
		return b, nil
	}
	if n, ok := raw.(int); ok && n != 0 {
		fault.hint = fmt.Sprintf("write its unit too, such as %dMB or %dB", n, n)
		return 0, fault
	}
	s, ok := raw.(string)
	if !ok {
		return 0, fault
	}
	number, unit, ok := measure(s)
	if !ok {
		return 0, fault
	}
	for _, known := range sizes {
		if known.unit != unit || strings.ContainsAny(s, " \t") {
			continue
		}
		return wholeBytes(number*float64(known.size), raw)
	}
	fault.hint = wrongUnit(number, unit, []string{"B", "KB", "MB", "GB", "KiB", "MiB", "GiB"}, map[string]string{
		"k": "KB", "m": "MB", "g": "GB", "ki": "KiB", "mi": "MiB", "gi": "GiB",
		"byte": "B", "bytes": "B", "kilobytes": "KB", "megabytes": "MB",
	})
	return 0, fault
}

func wholeBytes(size float64, raw any) (Bytes, *problem) {
	switch {
	case size < 0:
		return 0, &problem{must: "must not be negative, but is " + show(raw)}
	case size != math.Trunc(size):
		return 0, &problem{must: "must be a whole number of bytes, not " + show(raw)}
	case size > float64(1<<20*GiB):
		return 0, &problem{must: "is larger than anything: " + show(raw)}
	}
	return Bytes(size), nil
}

func toRate(raw any) (Rate, *problem) {
	fault := &problem{must: "must be a rate, not " + show(raw), hint: "write how many in which time, such as 100/s or 60/m"}
	if n, ok := raw.(int); ok {
		fault.hint = fmt.Sprintf("write per what too, such as %d/s or %d/m", n, n)
	}
	if r, ok := raw.(Rate); ok {
		return r, nil
	}
	s, ok := raw.(string)
	if !ok {
		return 0, fault
	}
	number, unit, ok := measure(s)
	i := slices.Index([]string{"/s", "/m", "/h"}, unit)
	if !ok || i < 0 || number < 0 || strings.ContainsAny(s, " \t") {
		return 0, fault
	}
	return Rate(number / []float64{1, 60, 3600}[i]), nil
}

// ParseBytes reads a size such as 256MB.
func ParseBytes(s string) (Bytes, bool) {
	b, fault := toBytes(s)
	return b, fault == nil
}
