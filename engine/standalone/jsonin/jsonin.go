// Package jsonin looks at JSON that comes from outside, from clients and from actions, before it lies in documents, records
// and requests of our own.
package jsonin

import (
	"bytes"
	"errors"
	"unicode/utf8"
)

// Deepest is how many arrays and objects may lie in one another, as in OpenWhisk. Our own parser takes more, but only up to a
// bound: what just fits it would be unreadable once it lies in something else, such as a document that is kept.
const Deepest = 1000

// errDeep is what OpenWhisk's parser says.
var errDeep = errors.New(
	"JSON input nested too deeply:JSON input was nested more deeply than the set limit of maxNesting = 1000")

// Clean returns raw with what is no UTF-8 in it replaced, as every reader of JSON expects, or an error when it is nested more
// than Deepest deep. Whether it is JSON at all is not looked at.
func Clean(raw []byte) ([]byte, error) {
	if deeper(raw, Deepest) {
		return nil, errDeep
	}
	if !utf8.Valid(raw) {
		raw = bytes.ToValidUTF8(raw, []byte("\uFFFD"))
	}
	return raw, nil
}

// deeper reports whether more than most arrays and objects lie in one another. Brackets in strings are text.
func deeper(raw []byte, most int) bool {
	depth, text := 0, false
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case text && c == '\\':
			i++ // the next one is meant as it is
		case c == '"':
			text = !text
		case text:
		case c == '{' || c == '[':
			if depth++; depth > most {
				return true
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return false
}
