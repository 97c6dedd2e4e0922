package expr

import (
	"strings"
	"time"
	"unicode"

	"wsk-scenario/dsl/diag"
)

// code is an expression inside a text: what the grammar reads, and for each of its runes the rune of the text that it
// stands for. The two differ where a duration is written.
type code struct {
	text    diag.Text
	runes   []rune // of the text
	source  []rune
	origins []int
	start   int // where the expression begins in the text
}

// newCode reads runes from…to-1 of the text. A duration such as 500ms becomes duration("500ms").
func newCode(text diag.Text, runes []rune, from, to int) (*code, diag.List) {
	var diags diag.List
	c := &code{text: text, runes: runes, start: from}
	runes = runes[:to]
	for i := from; i < to; {
		end := tokenEnd(runes, i)
		token := string(runes[i:end])
		switch {
		case !unicode.IsDigit(runes[i]) || !strings.ContainsFunc(token, unicode.IsLetter) || isNumber(token):
			c.copy(runes, i, end)
		case isDuration(token):
			c.write(`duration("`, i)
			c.copy(runes, i, end)
			c.write(`")`, end-1)
		case isSize(token):
			c.write(`size("`, i)
			c.copy(runes, i, end)
			c.write(`")`, end-1)
		default:
			diags.Errorf(text.Slice(i, end), "%s is no number, duration or size", token).
				Hint = "the units are ns, us, ms, s, m and h, and B, KB, MB, GB, KiB, MiB and GiB"
			c.write("nil", i)
		}
		i = end
	}
	return c, diags
}

func (c *code) copy(runes []rune, from, to int) {
	for i := from; i < to; i++ {
		c.source = append(c.source, runes[i])
		c.origins = append(c.origins, i)
	}
}

func (c *code) write(s string, origin int) {
	for _, r := range s {
		c.source = append(c.source, r)
		c.origins = append(c.origins, origin)
	}
}

// tokenEnd returns where the word, number or string that begins at i ends; anything else is one rune long.
func tokenEnd(runes []rune, i int) int {
	switch r := runes[i]; {
	case r == '"' || r == '\'' || r == '`':
		return stringEnd(runes, i)
	case !isWord(r):
		return i + 1
	}
	digit := unicode.IsDigit(runes[i])
	for i++; i < len(runes); i++ {
		dot := digit && runes[i] == '.' && i+1 < len(runes) && unicode.IsDigit(runes[i+1])
		sign := digit && (runes[i] == '-' || runes[i] == '+') && exponent(runes, i)
		if !isWord(runes[i]) && !dot && !sign {
			break
		}
	}
	return i
}

// exponent reports whether the sign at i belongs to a number such as 1e-3.
func exponent(runes []rune, i int) bool {
	return (runes[i-1] == 'e' || runes[i-1] == 'E') && unicode.IsDigit(runes[max(i-2, 0)]) &&
		i+1 < len(runes) && unicode.IsDigit(runes[i+1])
}

func isWord(r rune) bool { return r == '_' || r == '$' || unicode.IsLetter(r) || unicode.IsDigit(r) }

func stringEnd(runes []rune, i int) int {
	quote := runes[i]
	for i++; i < len(runes); i++ {
		switch {
		case runes[i] == quote:
			return i + 1
		case runes[i] == '\\' && quote != '`':
			i++
		}
	}
	return min(i, len(runes))
}

func isNumber(token string) bool {
	if strings.HasPrefix(token, "0x") || strings.HasPrefix(token, "0b") || strings.HasPrefix(token, "0o") {
		return true
	}
	return strings.Trim(token, "0123456789_.+-eE") == "" && !strings.HasSuffix(strings.ToLower(token), "e")
}

func isDuration(token string) bool {
	_, err := time.ParseDuration(token)
	return err == nil
}

func isSize(token string) bool {
	_, ok := parseBytes(token)
	return ok
}

// at is the stretch of the text that runes from…to-1 of the source stand for.
func (c *code) at(from, to int) (int, int) {
	last := len(c.origins) - 1
	if last < 0 {
		return c.start, c.start + 1
	}
	if from > last { // behind the end: point at the last rune
		return c.origins[last], c.origins[last] + 1
	}
	return c.origins[from], c.origins[min(max(to-1, from), last)] + 1
}

// slice is the place in the file of runes from…to-1 of the source.
func (c *code) slice(from, to int) diag.Range { return c.text.Slice(c.at(from, to)) }

// words are runes from…to-1 of the source as the user wrote them.
func (c *code) words(from, to int) string {
	from, to = c.at(from, to)
	return string(c.runes[from:to])
}
