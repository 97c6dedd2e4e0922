package syntax

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"wsk-scenario/dsl/diag"
)

// problem is why a value cannot be of a type: what it must be, and what to write.
type problem struct{ must, hint string }

// at makes a diagnostic of a problem with the scalar at path.
func (p *problem) at(path string, text diag.Text) *diag.Diagnostic {
	return &diag.Diagnostic{
		Severity: diag.Error, Range: text.Range, Path: path, Summary: path + " " + p.must, Hint: p.hint,
	}
}

// decode reads the scalar n. A value that does not fit leaves v written but Broken.
func (v *Val[T]) decode(n *Node, path string, words []string) *diag.Diagnostic {
	v.set, v.path, v.words, v.text = true, path, words, n.Text
	if v.template = n.Template; n.Template != nil {
		return nil
	}
	if v.broken = n.broken; v.broken {
		return nil
	}
	var fault *problem
	if v.value, fault = admit[T](n.native(), words); fault == nil {
		return nil
	}
	v.broken = true
	text := n.Text
	text.Range = n.Range
	return fault.at(path, text)
}

func (v *Val[T]) holds() string {
	switch any(v.value).(type) {
	case string:
		return "text"
	case int:
		return "a whole number"
	case float64:
		return "a number"
	case bool:
		return "true or false"
	case time.Duration:
		return "a duration"
	case Bytes:
		return "a size"
	case BitRate:
		return "a bit rate"
	case Rate:
		return "a rate"
	}
	return "a single value"
}

// admit converts a value and checks it against the allowed words, of which it must be one even where it is no text at all.
func admit[T any](raw any, words []string) (T, *problem) {
	value, fault := convert[T](raw)
	switch {
	case fault == nil:
		fault = oneOf(value, words)
	case len(words) > 0:
		fault = &problem{must: fmt.Sprintf("must be %s, not %s", diag.Or(words), show(raw))}
	}
	return value, fault
}

// oneOf checks a value against the allowed words; no words allow everything.
func oneOf[T any](value T, words []string) *problem {
	word, ok := any(value).(string)
	if !ok || len(words) == 0 || slices.Contains(words, word) {
		return nil
	}
	p := &problem{must: fmt.Sprintf("must be %s, not %q", diag.Or(words), word)}
	if near := diag.Nearest(word, words); len(near) > 0 {
		p.hint = diag.Suggest(word, words)
	}
	return p
}

// convert makes a T of what the file or a placeholder gives: string, int, int64, float64, bool, time.Duration, nil, or
// what cannot be a scalar at all.
func convert[T any](raw any) (value T, fault *problem) {
	if into, ok := any(&value).(*any); ok {
		return value, toAny(into, raw)
	}
	switch into := any(&value).(type) {
	case *string:
		fault = toString(into, raw)
	case *int:
		fault = toInt(into, raw)
	case *float64:
		fault = toFloat(into, raw)
	case *bool:
		if b, ok := raw.(bool); ok {
			*into = b
		} else {
			fault = &problem{must: "must be true or false, not " + show(raw)}
		}
	case *time.Duration:
		*into, fault = toDuration(raw)
	case *Bytes:
		*into, fault = toBytes(raw)
	case *Rate:
		*into, fault = toRate(raw)
	case *BitRate:
		*into, fault = toBitRate(raw)
	}
	return value, fault
}

func toString(into *string, raw any) *problem {
	switch s := raw.(type) {
	case string:
		*into = s
		return nil
	case time.Duration:
		*into = FormatDuration(s)
		return nil
	case nil, []any, map[string]any, nodeKind:
		return &problem{must: "must be text, not " + show(raw)}
	}
	return &problem{
		must: "must be text, not " + show(raw), hint: fmt.Sprintf("write it in quotes: %q", fmt.Sprint(raw)),
	}
}

func toInt(into *int, raw any) *problem {
	f := math.NaN()
	switch n := raw.(type) {
	case int:
		*into = n
		return nil
	case int64:
		*into = int(n)
		return nil
	case float64:
		f = n
	}
	if f != math.Trunc(f) || math.Abs(f) > 1<<53 {
		return numeral(raw, "must be a whole number, not ")
	}
	*into = int(f)
	return nil
}

func toFloat(into *float64, raw any) *problem {
	switch n := raw.(type) {
	case int:
		*into = float64(n)
	case int64:
		*into = float64(n)
	case float64:
		*into = n
	default:
		return numeral(raw, "must be a number, not ")
	}
	return nil
}

// removeQuotes is the hint for a number in quotes.
const removeQuotes = "remove the quotes"

// numeral is the problem of a value that is no number; quotes around one are the likely cause.
func numeral(raw any, must string) *problem {
	p := &problem{must: must + show(raw)}
	if s, ok := raw.(string); ok {
		if _, err := strconv.ParseFloat(s, 64); err == nil {
			p.hint = removeQuotes
		}
	}
	return p
}

func toAny(into *any, raw any) *problem {
	switch raw.(type) {
	case nil, []any, map[string]any, nodeKind:
		return &problem{must: "must be a single value, not " + show(raw)}
	}
	*into = raw
	return nil
}

// show is a value as a message quotes it.
func show(raw any) string {
	switch v := raw.(type) {
	case nil:
		return "empty"
	case string:
		if short := []rune(v); len(short) > 40 {
			v = string(short[:39]) + "…"
		}
		return strconv.Quote(v)
	case nodeKind:
		return string(v)
	case []any:
		return "a list"
	case map[string]any:
		return "a mapping"
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case time.Duration:
		return FormatDuration(v)
	}
	return fmt.Sprint(raw)
}
