package expr

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// function is a function of the language: which arguments it takes, and what it does.
type function struct {
	usage string
	check func(args []*node) (kind Kind, complaint string)
	call  func(args []any) (any, error)
}

func functionNames() []string { return slices.Sorted(maps.Keys(functions)) }

var functions = map[string]function{
	"min": {"min(a, b)", alike, func(a []any) (any, error) { return extreme(a, "<") }},
	"max": {"max(a, b)", alike, func(a []any) (any, error) { return extreme(a, ">") }},
	"abs": {"abs(a)", one(Number, Duration, Size), func(a []any) (any, error) {
		if float(a[0]) < 0 {
			return prefix("-", a[0])
		}
		return a[0], nil
	}},
	"round":   {"round(a)", one(Number), rounding(math.Round)},
	"floor":   {"floor(a)", one(Number), rounding(math.Floor)},
	"ceil":    {"ceil(a)", one(Number), rounding(math.Ceil)},
	"upper":   {"upper(text)", one(Text), onText(func(s string) any { return strings.ToUpper(s) })},
	"lower":   {"lower(text)", one(Text), onText(func(s string) any { return strings.ToLower(s) })},
	"len":     {"len(list)", to(Number, Text, List), length},
	"int":     {"int(text)", to(Number, Text, Number), toInt},
	"float":   {"float(text)", to(Number, Text, Number), toFloat},
	"string":  {"string(a)", to(Text, Text, Number, Bool, Duration, Size), func(a []any) (any, error) { return plain(a[0]) }},
	"replace": {"replace(text, old, new)", threeTexts, replace},
}

// alike takes two or more numbers, or two or more durations or sizes.
func alike(args []*node) (Kind, string) {
	if len(args) < 2 {
		return Any, "takes two values or more"
	}
	kind := args[0].kind
	for _, a := range args {
		if !a.is(Number, Duration, Size) {
			return Any, "takes numbers, durations or sizes, not " + a.kind.String()
		}
		if kind == Any {
			kind = a.kind
		}
		if a.kind != Any && a.kind != kind {
			return Any, "takes values of one kind, not " + kind.String() + " beside " + a.kind.String()
		}
	}
	return kind, ""
}

// one takes one value of one of the kinds and gives the same kind.
func one(kinds ...Kind) func([]*node) (Kind, string) {
	return func(args []*node) (Kind, string) {
		if len(args) != 1 {
			return Any, "takes one value"
		}
		if !args[0].is(kinds...) {
			return Any, "does not take " + args[0].kind.String()
		}
		return args[0].kind, ""
	}
}

// to takes one value of one of the kinds and gives result.
func to(result Kind, kinds ...Kind) func([]*node) (Kind, string) {
	return func(args []*node) (Kind, string) {
		_, complaint := one(kinds...)(args)
		return result, complaint
	}
}

func threeTexts(args []*node) (Kind, string) {
	if len(args) != 3 || !args[0].is(Text) || !args[1].is(Text) || !args[2].is(Text) {
		return Any, "takes three texts"
	}
	return Text, ""
}

func extreme(args []any, op string) (any, error) {
	best := args[0]
	for _, a := range args[1:] {
		better, err := apply(op, a, best)
		if err != nil {
			return nil, err
		}
		if better == true {
			best = a
		}
	}
	return best, nil
}

func rounding(round func(float64) float64) func([]any) (any, error) {
	return func(args []any) (any, error) {
		if kindOf(args[0]) != Number {
			return nil, fmt.Errorf("%s is no number", describe(args[0]))
		}
		f := round(float(args[0]))
		if math.Abs(f) > 1<<53 {
			return f, nil
		}
		return int(f), nil
	}
}

func onText(change func(string) any) func([]any) (any, error) {
	return func(args []any) (any, error) {
		s, ok := args[0].(string)
		if !ok {
			return nil, fmt.Errorf("%s is no text", describe(args[0]))
		}
		return change(s), nil
	}
}

func length(args []any) (any, error) {
	switch v := args[0].(type) {
	case string:
		return len([]rune(v)), nil
	case []any:
		return len(v), nil
	}
	return nil, fmt.Errorf("%s has no length", describe(args[0]))
}

func toInt(args []any) (any, error) {
	f, err := toFloat(args)
	if err != nil {
		return nil, err
	}
	return rounding(math.Trunc)([]any{f})
}

func toFloat(args []any) (any, error) {
	if s, ok := args[0].(string); ok {
		f, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
		if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
			return nil, fmt.Errorf("%s is no number", describe(s))
		}
		return f, nil
	}
	if kindOf(args[0]) != Number {
		return nil, fmt.Errorf("%s is no number", describe(args[0]))
	}
	return float(args[0]), nil
}

// maxText is how long a text made by an expression may become.
const maxText = 1 << 20

func replace(args []any) (any, error) {
	s, ok1 := args[0].(string)
	before, ok2 := args[1].(string)
	after, ok3 := args[2].(string)
	if !ok1 || !ok2 || !ok3 {
		return nil, errors.New("it takes three texts")
	}
	if len(s)+strings.Count(s, before)*len(after) > maxText {
		return nil, errors.New("the text becomes too long")
	}
	return strings.ReplaceAll(s, before, after), nil
}

// plain is a value inside a text: exact, not rounded for people.
func plain(value any) (string, error) {
	switch v := value.(type) {
	case string:
		return v, nil
	case bool, int, Bytes:
		return fmt.Sprint(v), nil
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), nil
	case time.Duration:
		if v%time.Second == 0 && v.Abs() < 10*time.Minute {
			return strconv.FormatInt(int64(v/time.Second), 10) + "s", nil
		}
		return v.String(), nil
	}
	return "", fmt.Errorf("%s cannot stand inside a text", describe(value))
}
