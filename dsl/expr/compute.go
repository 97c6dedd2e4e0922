package expr

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"time"
)

// ErrDivision is the error of a division by zero: there is no number to compare.
var ErrDivision = errors.New("division by zero")

func truth(n *node, look Lookup) (bool, error) {
	v, err := n.eval(look)
	if err != nil {
		return false, err
	}
	b, ok := v.(bool)
	if !ok {
		return false, fmt.Errorf("%s is neither true nor false", show(v))
	}
	return b, nil
}

func prefix(op string, v any) (any, error) {
	switch x := v.(type) {
	case bool:
		if op == "not" {
			return !x, nil
		}
	case int, float64, time.Duration, Bytes:
		switch op {
		case "+":
			return v, nil
		case "-":
			return apply("*", v, -1)
		}
	}
	return nil, fmt.Errorf("%s cannot stand before %s", op, describe(v))
}

// apply is "a op b". A text that reads as a duration or a size counts as one beside another or a number.
func apply(op string, a, b any) (any, error) {
	a, b = asQuantity(a, b), asQuantity(b, a)
	ka, kb := kindOf(a), kindOf(b)
	if _, ok := combine(op, ka, kb); !ok || ka == Any || kb == Any {
		if op == "==" || op == "!=" {
			return reflect.DeepEqual(a, b) == (op == "=="), nil
		}
		return nil, fmt.Errorf("%s cannot be %s %s", loosely(a), deeds(op), loosely(b))
	}
	switch op {
	case "==", "!=", "<", "<=", ">", ">=":
		return compare(op, a, b), nil
	case "in", "contains", "startsWith", "endsWith":
		return search(op, a, b), nil
	}
	return calculate(op, a, b)
}

func asQuantity(v, beside any) any {
	s, isText := v.(string)
	other := kindOf(beside)
	if !isText || other != Duration && other != Size && other != Number {
		return v
	}
	if d, err := time.ParseDuration(s); err == nil && other != Size {
		return d
	}
	if b, ok := parseBytes(s); ok && other != Duration {
		return b
	}
	return v
}

func compare(op string, a, b any) bool {
	var order int
	switch x := a.(type) {
	case string:
		order = strings.Compare(x, b.(string))
	case int, float64, time.Duration, Bytes:
		y := float(b)
		switch f := float(a); {
		case f < y:
			order = -1
		case f > y:
			order = 1
		}
	default:
		if !reflect.DeepEqual(a, b) {
			order = 1
		}
	}
	switch op {
	case "==":
		return order == 0
	case "!=":
		return order != 0
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	}
	return order >= 0
}

func search(op string, a, b any) bool {
	list, isList := b.([]any)
	if isList {
		for _, item := range list {
			if kindOf(item) == kindOf(a) && compare("==", a, item) {
				return true
			}
		}
		return false
	}
	switch op {
	case "in":
		return strings.Contains(b.(string), a.(string))
	case "contains":
		return strings.Contains(a.(string), b.(string))
	case "startsWith":
		return strings.HasPrefix(a.(string), b.(string))
	}
	return strings.HasSuffix(a.(string), b.(string))
}

func calculate(op string, a, b any) (any, error) {
	if s, ok := a.(string); ok {
		return s + b.(string), nil
	}
	x, y := float(a), float(b)
	if y == 0 && (op == "/" || op == "%") {
		return nil, ErrDivision
	}
	var f float64
	switch op {
	case "+":
		f = x + y
	case "-":
		f = x - y
	case "*":
		f = x * y
	case "/":
		f = x / y
	case "%":
		f = math.Mod(x, y)
	case "**":
		f = math.Pow(x, y)
	}
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil, fmt.Errorf("%s %s %s is no number", Format(a), op, Format(b))
	}
	switch kind, _ := combine(op, kindOf(a), kindOf(b)); {
	case kind == Duration && math.Abs(f) >= math.MaxInt64:
		return nil, fmt.Errorf("%s %s %s is too long a duration", Format(a), op, Format(b))
	case kind == Duration:
		return time.Duration(math.Round(f)), nil
	case kind == Size && math.Abs(f) > 1<<53:
		return nil, fmt.Errorf("%s %s %s is too large a size", Format(a), op, Format(b))
	case kind == Size:
		return Bytes(math.Round(f)), nil
	case isInt(a) && isInt(b) && f == math.Trunc(f) && math.Abs(f) <= 1<<53:
		return int(f), nil
	}
	return f, nil
}
