package secret

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
)

// shortest is how long a part of a secret must be to be looked for alone. A shorter one would be found in every other
// word; it is hidden where the whole stands.
const shortest = 8

// parts are what must not be seen of a secret: the whole, and of UUID:KEY the two halves too.
func parts(text string) []string {
	list := []string{text}
	if user, key, ok := strings.Cut(text, ":"); ok {
		for _, part := range []string{user, key} {
			if len(part) >= shortest {
				list = append(list, part)
			}
		}
	}
	return list
}

// forms are the ways in which a text may stand inside another: as it is, quoted, in an address, in base64.
func forms(text string) []string {
	list := []string{text, url.QueryEscape(text), url.PathEscape(text), lowerEscapes(url.QueryEscape(text))}
	list = append(list, unquoted(strconv.Quote(text)), unquoted(strconv.QuoteToASCII(text)))
	if quoted, err := json.Marshal(text); err == nil {
		list = append(list, unquoted(string(quoted)))
	}
	for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
		list = append(list, encoding.EncodeToString([]byte(text)), encoding.WithPadding(base64.NoPadding).EncodeToString([]byte(text)),
			url.QueryEscape(encoding.EncodeToString([]byte(text))))
		if len(text) >= shortest {
			list = append(list, inside(encoding, text)...)
		}
	}
	return list
}

func unquoted(s string) string { return s[1 : len(s)-1] }

// lowerEscapes writes %3A as %3a, as some clients do.
func lowerEscapes(escaped string) string {
	text := []byte(escaped)
	for i := 0; i+2 < len(text); i++ {
		if text[i] == '%' {
			copy(text[i+1:i+3], strings.ToLower(string(text[i+1:i+3])))
		}
	}
	return string(text)
}

// inside are the letters that base64 has for text wherever it stands in what was encoded. Three bytes make four letters,
// so there are three ways; the letters at both ends that hold bits of the neighbours too are left out.
//
//	bytes    |..s|ecr|et.|
//	letters  |AAAA|BBBB|CCCC|
func inside(encoding *base64.Encoding, text string) (list []string) {
	for before := range 3 {
		letters := encoding.WithPadding(base64.NoPadding).EncodeToString([]byte(strings.Repeat("\x00", before) + text))
		from := (before*8 + 5) / 6
		to := (before + len(text)) * 8 / 6
		list = append(list, letters[from:to])
	}
	return list
}
