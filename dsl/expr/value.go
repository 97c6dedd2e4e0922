package expr

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// KindOf returns the kind that a value has in expressions. A text that reads as a duration or a size is one: so variables
// and axes hold them.
func KindOf(value any) Kind {
	if s, ok := value.(string); ok {
		if _, err := time.ParseDuration(s); err == nil && strings.ContainsAny(s, "nuµmsh") {
			return Duration
		}
		if _, ok := parseBytes(s); ok {
			return Size
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

// textKind is Text when all values are text, some of which happen to read as durations or sizes.
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
	case Bytes:
		return Size
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

// float is the number behind a number, a duration or a size.
func float(v any) float64 {
	switch x := v.(type) {
	case int:
		return float64(x)
	case float64:
		return x
	case time.Duration:
		return float64(x)
	case Bytes:
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

// loosely is a value for messages in which its digits say nothing, or were made up.
func loosely(v any) string {
	switch v.(type) {
	case bool, int, float64, time.Duration, Bytes:
		return kindOf(v).String()
	}
	return describe(v)
}
