package protocol

import "bytes"

// lineMost bounds a line without an end: the longest log limit is 10 MB.
const lineMost = 16 << 20

// Lines cuts what is written to it into lines.
type Lines struct {
	Each    func(line []byte) // is given each without its end, and must not keep it
	partial []byte            // the beginning of a line whose end has not come
}

func (l *Lines) Write(data []byte) (int, error) {
	n := len(data)
	for {
		head, rest, found := bytes.Cut(data, []byte{'\n'})
		if !found {
			l.partial = append(l.partial, head[:min(len(head), max(0, lineMost-len(l.partial)))]...)
			return n, nil
		}
		if len(l.partial) > 0 {
			head = append(l.partial, head...)
			l.partial = l.partial[:0]
		}
		l.Each(head)
		data = rest
	}
}

// Flush ends a line that has no end.
func (l *Lines) Flush() {
	if len(l.partial) > 0 {
		l.Each(l.partial)
	}
	l.partial = nil
}
