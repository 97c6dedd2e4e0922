package measure

import "strings"

// The limits of a namespace that throttle calls, as counters name them.
const (
	byRate        = "throttled_rate"
	byConcurrency = "throttled_concurrency"
)

// throttle is the counter of the limit that refused a call; empty of any other call, and where the answer does not tell. OpenWhisk
// says "Too many requests in the last minute (count: 61, allowed: 60)" or "Too many concurrent requests in flight (count: …".
func (s *Sample) throttle() string {
	switch {
	case s.Outcome != Throttled:
		return ""
	case strings.Contains(s.Error, "concurrent requests"):
		return byConcurrency
	case strings.Contains(s.Error, "in the last minute"):
		return byRate
	}
	return ""
}
