package whisk

import "bytes"

// scan reads a record that looks as OpenWhisk writes them, without allocating for what is not kept. It is false for
// everything that it does not know for certain to read as encoding/json does: escapes and other than ASCII in a text that
// counts, keys twice or in other case, numbers with fractions, what is no JSON at all. Such a record is read in the long way.
func (r *Record) scan(body []byte, keep bool, words *words) bool {
	s := scanner{in: body, words: words}
	s.record(r, keep)
	s.space()
	return !s.odd && s.at == len(s.in)
}

// read reads a record, and reports whether body is one as far as encoding/json is asked.
func (r *Record) read(body []byte, keep bool, known *words) bool {
	hint := r.ActivationID
	if r.scan(body, keep, known) {
		return true
	}
	err := r.parse(body)
	if r.ActivationID == "" {
		r.ActivationID = hint
	}
	return err == nil
}

// scanner goes through a JSON text once. After something odd it stands still.
type scanner struct {
	in    []byte
	at    int
	deep  int
	odd   bool
	words *words
}

// deepest is how deep values may lie in each other; encoding/json allows more.
const deepest = 200

func (s *scanner) give() { s.odd, s.at = true, len(s.in) }

func (s *scanner) space() {
	for s.at < len(s.in) {
		switch s.in[s.at] {
		case ' ', '\t', '\n', '\r':
			s.at++
		default:
			return
		}
	}
}

// next is the first byte of the next value or mark; 0 at the end.
func (s *scanner) next() byte {
	s.space()
	if s.at == len(s.in) {
		return 0
	}
	return s.in[s.at]
}

func (s *scanner) take(mark byte) bool {
	if s.next() != mark {
		return false
	}
	s.at++
	return true
}

// object calls each for every member, with the reader before its value.
func (s *scanner) object(each func(key []byte)) {
	if s.deep++; s.deep > deepest || !s.take('{') {
		s.give()
		return
	}
	for first := true; !s.odd; first = false {
		if s.take('}') {
			break
		}
		if !first && !s.take(',') {
			s.give()
			return
		}
		if s.next() != '"' { // also where a comma stands before the end
			s.give()
			return
		}
		key, _ := s.text()
		if !s.take(':') {
			s.give()
			return
		}
		each(key)
	}
	s.deep--
}

// array calls each before every element.
func (s *scanner) array(each func()) {
	if s.deep++; s.deep > deepest || !s.take('[') {
		s.give()
		return
	}
	for first := true; !s.odd; first = false {
		switch {
		case first && s.take(']'):
			s.deep--
			return
		case !first && s.take(']'):
			s.deep--
			return
		case !first && !s.take(','):
			s.give()
			return
		}
		if s.next() == ']' {
			s.give()
			return
		}
		each()
	}
}

// text reads a string and reports whether it stands there as it is meant: ASCII without escapes.
func (s *scanner) text() (inner []byte, plain bool) {
	if !s.take('"') {
		s.give()
		return nil, false
	}
	begin, plain := s.at, true
	for s.at < len(s.in) {
		switch b := s.in[s.at]; {
		case b == '"':
			inner = s.in[begin:s.at]
			s.at++
			return inner, plain
		case b < ' ':
			s.give()
			return nil, false
		case b == '\\':
			plain = false
			if !s.escape() {
				s.give()
				return nil, false
			}
		default:
			plain = plain && b < 0x80
			s.at++
		}
	}
	s.give()
	return nil, false
}

func (s *scanner) escape() bool {
	rest := s.in[s.at+1:]
	if len(rest) == 0 {
		return false
	}
	if rest[0] != 'u' {
		s.at += 2
		return bytes.IndexByte([]byte(`"\/bfnrt`), rest[0]) >= 0
	}
	if len(rest) < 5 {
		return false
	}
	for _, b := range rest[1:5] {
		if (b < '0' || b > '9') && (b < 'a' || b > 'f') && (b < 'A' || b > 'F') {
			return false
		}
	}
	s.at += 6
	return true
}

// skip goes over any value and returns its text.
func (s *scanner) skip() []byte {
	b := s.next()
	begin := s.at
	switch {
	case b == '{':
		s.object(func([]byte) { s.skip() })
	case b == '[':
		s.array(func() { s.skip() })
	case b == '"':
		s.text()
	case b == '-' || b >= '0' && b <= '9':
		s.number()
	case s.word("true") || s.word("false") || s.word("null"):
	default:
		s.give()
	}
	if s.odd {
		return nil
	}
	return s.in[begin:s.at]
}

func (s *scanner) word(word string) bool {
	if !bytes.HasPrefix(s.in[s.at:], []byte(word)) {
		return false
	}
	s.at += len(word)
	return true
}

func (s *scanner) digits() bool {
	begin := s.at
	for s.at < len(s.in) && s.in[s.at] >= '0' && s.in[s.at] <= '9' {
		s.at++
	}
	return s.at > begin
}

// number goes over a number and reports whether it is a whole one.
func (s *scanner) number() (whole bool) {
	if s.in[s.at] == '-' {
		s.at++
	}
	if s.at < len(s.in) && s.in[s.at] == '0' {
		s.at++
	} else if !s.digits() {
		s.give()
		return false
	}
	whole = true
	if s.at < len(s.in) && s.in[s.at] == '.' {
		s.at++
		if whole = false; !s.digits() {
			s.give()
		}
	}
	if s.at < len(s.in) && (s.in[s.at] == 'e' || s.in[s.at] == 'E') {
		s.at++
		if s.at < len(s.in) && (s.in[s.at] == '+' || s.in[s.at] == '-') {
			s.at++
		}
		if whole = false; !s.digits() {
			s.give()
		}
	}
	return whole
}

// integer reads a whole number that fits, and is odd about every other value.
func (s *scanner) integer() (n int64) {
	b := s.next()
	if b != '-' && (b < '0' || b > '9') {
		s.give()
		return 0
	}
	begin := s.at
	if !s.number() || s.odd || s.at-begin > 18 {
		s.give()
		return 0
	}
	for _, digit := range s.in[begin:s.at] {
		if digit != '-' {
			n = n*10 + int64(digit-'0')
		}
	}
	if b == '-' {
		n = -n
	}
	return n
}

// word of a text that comes again and again.
func (s *scanner) known() string {
	text, plain := s.text()
	if !plain {
		s.give()
		return ""
	}
	return s.words.of(text)
}
