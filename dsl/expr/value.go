package expr

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// KindOf returns the kind that a value has in expressions. A text that reads as a duration is one: so variables and axes
// hold durations.
func KindOf(value any) Kind {
	if s, ok := value.(string); ok {
		if _, err := time.ParseDuration(s); err == nil && strings.ContainsAny(s, "nuµmsh") {
			return Duration
		}
	}
	return kindOf(settle(value, Any))
}

// CommonKind is the kind of all the values, Any when they differ.
func CommonKind(values []any) Kind {
	kind := Any
	for i, v := range values {
		k := KindOf(v)
		if i > 0 && k != kind {
			kind = Any
			break
		}
		kind = k
	}
	if kind != Any {
		return kind
	}
	return textKind(values)
}

// textKind is Text when all values are text, some of which happen to read as durations.
func textKind(values []any) Kind {
	for _, v := range values {
		if _, ok := v.(string); !ok {
			return Any
		}
	}
	if len(values) == 0 {
		return Any
	}
	return Text
}

func kindOf(v any) Kind {
	switch v.(type) {
	case bool:
		return Bool
	case int, float64:
		return Number
	case time.Duration:
		return Duration
	case string:
		return Text
	case []any:
		return List
	}
	return Any
}

func isInt(v any) bool {
	_, ok := v.(int)
	return ok
}

// float is the number behind a number or a duration.
func float(v any) float64 {
	switch x := v.(type) {
	case int:
		return float64(x)
	case float64:
		return x
	case time.Duration:
		return float64(x)
	}
	return math.NaN()
}

// describe is a value with its kind, for messages.
func describe(v any) string {
	switch v := v.(type) {
	case nil:
		return "nothing"
	case string:
		return "the text " + strconv.Quote(v)
	case []any:
		return "a list"
	case map[string]any:
		return "a mapping"
	}
	return Format(v)
}

// Format is a value for people: durations and fractions to three significant digits.
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

func formatDuration(d time.Duration) string {
	size := d.Abs()
	switch {
	case size >= 10*time.Minute:
		return d.Round(time.Second).String()
	case size >= time.Second:
		return significant(d.Seconds()) + "s"
	case size >= time.Millisecond:
		return significant(float64(d)/1e6) + "ms"
	case size >= time.Microsecond:
		return significant(float64(d)/1e3) + "us"
	case size == 0:
		return "0s"
	}
	return strconv.FormatInt(int64(d), 10) + "ns"
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
