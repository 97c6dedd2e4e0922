package content

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"wsk-scenario/dsl/expr"
	"wsk-scenario/engine/plan"
)

// Absent is shown where there is nothing to show, so that an empty cell never looks like a forgotten one.
const Absent = "–"

// Thin stands behind a percentile of too few values.
const Thin = "*"

// Text formats a value of the metric as expressions and messages do: three significant digits and a unit.
func (m *Metric) Text(value float64) string {
	switch m.Unit {
	case Unitless:
		return expr.Format(value)
	case Bytes:
		return strconv.FormatFloat(value, 'f', 0, 64) + " B"
	}
	return Duration(value)
}

// PercentileText is a percentile of a metric with its mark; m may be nil.
func PercentileText(m *Metric, name string) string {
	if m == nil {
		return Absent
	}
	for _, p := range m.Percentiles() {
		if p.Name != name {
			continue
		}
		if m.IsThin(name) {
			return m.Text(p.Value) + Thin
		}
		return m.Text(p.Value)
	}
	return Absent
}

// Duration formats seconds.
func Duration(seconds float64) string {
	ns := seconds * 1e9
	if math.IsNaN(ns) || math.IsInf(ns, 0) {
		return Absent
	}
	return expr.Format(time.Duration(math.Round(ns)))
}

// Span formats how long something takes as a whole: 850ms, 12s, 2m30s, 1h05m.
func Span(d time.Duration) string {
	switch {
	case d < time.Second:
		return Duration(d.Seconds())
	case d < time.Minute:
		return Duration(d.Round(100 * time.Millisecond).Seconds())
	case d < time.Hour:
		d = d.Round(time.Second)
		return fmt.Sprintf("%dm%02ds", d/time.Minute, d%time.Minute/time.Second)
	}
	d = d.Round(time.Minute)
	return fmt.Sprintf("%dh%02dm", d/time.Hour, d%time.Hour/time.Minute)
}

// Rate formats calls a second.
func Rate(r float64) string { return expr.Format(r) + "/s" }

// Count is a number with its noun: 1 call, 2 calls.
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// Took is how long the run took; empty where it is not known.
func (r *Report) Took() string {
	if r.Seconds <= 0 {
		return ""
	}
	return Span(time.Duration(r.Seconds * float64(time.Second)))
}

// shortHash is how much of a fingerprint people need to tell two plans apart.
const shortHash = 12

// Short is the begin of the fingerprint.
func (p *Plan) Short() string { return Short(p.Fingerprint) }

// Short is the begin of a fingerprint.
func Short(fingerprint string) string { return fingerprint[:min(shortHash, len(fingerprint))] }

// LoadText says a load in a few words.
func LoadText(l plan.Load) string {
	var parts []string
	switch {
	case l.Find != nil:
		return fmt.Sprintf("search from %s to %s, %s a trial", Rate(l.Find.From), Rate(l.Find.To), Span(l.For))
	case l.Open != nil:
		parts = append(parts, openText(l))
	case l.Ramp != nil:
		parts = append(parts, fmt.Sprintf("%g to %g users", l.Ramp.From, l.Ramp.To))
	case len(l.Steps) > 0:
		parts = append(parts, listed(l.Steps)+" users")
	default:
		parts = append(parts, Count(l.Users, "user"))
	}
	switch {
	case l.Iterations > 0:
		parts = append(parts, Count(l.Iterations, "call"))
	case l.PerUser > 0:
		parts = append(parts, Count(l.PerUser, "call")+" each")
	}
	if l.For > 0 {
		parts = append(parts, "for "+Span(l.For))
	}
	if l.Pace > 0 {
		parts = append(parts, "one every "+Span(l.Pace))
	}
	if l.Burst > 1 {
		parts = append(parts, fmt.Sprintf("%d at once", l.Burst))
	}
	return strings.Join(parts, ", ")
}

func openText(l plan.Load) string {
	text := Rate(l.Open.Rate)
	switch {
	case len(l.Open.PerMinute) > 0:
		text = "a trace"
	case l.Ramp != nil:
		text = Rate(l.Ramp.From) + " to " + Rate(l.Ramp.To)
	case len(l.Steps) > 0:
		text = listed(l.Steps) + "/s"
	}
	if l.Open.Arrivals != "" && l.Open.Arrivals != "constant" {
		text += ", arrivals " + l.Open.Arrivals
		if l.Open.Size > 0 {
			text += " of " + strconv.Itoa(l.Open.Size)
		}
	}
	return text
}

func listed(steps []float64) string {
	parts := make([]string, len(steps))
	for i, s := range steps {
		parts[i] = strconv.FormatFloat(s, 'g', 6, 64)
	}
	return strings.Join(parts, ", ")
}

// sizeOf is the one number of users or calls a second; 0 where it changes.
func sizeOf(l plan.Load) float64 {
	switch {
	case len(l.Steps) > 0 || l.Ramp != nil || l.Find != nil:
		return 0
	case l.Open != nil:
		return l.Open.Rate
	}
	return float64(l.Users * max(1, l.Burst))
}

func number(n int) string { return strconv.Itoa(n) }
