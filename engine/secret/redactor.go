package secret

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// mask is what is written for a secret.
const mask = "***"

// telling is how much of a secret may not be seen even when the rest is missing: messages are cut, by us and by servers.
const telling = 12

// Redactor takes secrets out of texts, in whatever form they stand there. The zero value knows none; a nil one changes
// nothing. It is safe for concurrent use.
type Redactor struct {
	mu    sync.RWMutex
	forms [256][]string // by their first byte, the longest first
}

// Add makes the redactor hide a secret from now on.
func (r *Redactor) Add(text string) {
	text = strings.TrimSpace(text)
	if text == "" {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, part := range parts(text) {
		for _, form := range forms(part) {
			of := &r.forms[form[0]]
			if !slices.Contains(*of, form) {
				*of = append(*of, form)
				slices.SortStableFunc(*of, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
			}
		}
	}
}

// String is text without the secrets.
func (r *Redactor) String(text string) string { return string(r.Bytes([]byte(text))) }

// Bytes is text without the secrets.
func (r *Redactor) Bytes(text []byte) []byte {
	out, _ := r.scan(nil, text, true, short)
	return out
}

// Same is text with each secret replaced by as many stars as it has letters, so that places in the text stay true.
func (r *Redactor) Same(text []byte) []byte {
	out, _ := r.scan(nil, text, true, long)
	return out
}

func short(string) string { return mask }

func long(secret string) string { return strings.Repeat("*", utf8.RuneCountInString(secret)) }

// scan appends text to out with its secrets replaced. Unless text is the last there is, it stops where a secret may have
// begun whose rest is still to come, and returns from there on what it has not used.
func (r *Redactor) scan(out, text []byte, last bool, replace func(string) string) (done, rest []byte) {
	if r == nil {
		return append(out, text...), nil
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	for len(text) > 0 {
		found, open := r.at(text)
		switch {
		case open && !last:
			return out, text
		case found == "":
			out, text = append(out, text[0]), text[1:]
		default:
			out, text = append(out, replace(found)...), text[len(found):]
		}
	}
	return out, nil
}

// at returns the longest secret, or beginning of one that somebody cut off, that text begins with, and whether more text
// may make it longer.
func (r *Redactor) at(text []byte) (found string, open bool) {
	for _, form := range r.forms[text[0]] {
		n := common(form, text)
		if n == len(text) && n < len(form) {
			open = true
		}
		if n > len(found) && (n == len(form) || n >= telling) {
			found = form[:n]
		}
	}
	return found, open
}

// common is how many bytes form and text share from their beginning.
func common(form string, text []byte) int {
	n := min(len(form), len(text))
	for i := range n {
		if form[i] != text[i] {
			return i
		}
	}
	return n
}
