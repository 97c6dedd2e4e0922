package secret

import "regexp"

// plainKey is a key of our own formats. A password may be such a word; the file must be readable all the same.
var plainKey = regexp.MustCompile(`^[a-z0-9_]*$`)

// JSON is a JSON text without the secrets. Only what stands in quotes is changed, so that it stays JSON with the same
// keys and numbers.
func (r *Redactor) JSON(text []byte) []byte {
	if r == nil {
		return text
	}
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); {
		if text[i] != '"' {
			out = append(out, text[i])
			i++
			continue
		}
		end := closing(text, i+1)
		content := text[i+1 : end]
		if isKey := end+1 < len(text) && text[end+1] == ':'; !isKey || !plainKey.Match(content) {
			content = r.Bytes(content)
		}
		out = append(append(append(out, '"'), content...), '"')
		i = end + 1
	}
	return out
}

// closing is where the quote stands that ends a string.
func closing(text []byte, from int) int {
	for i := from; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return len(text)
}
