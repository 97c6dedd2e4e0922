package wire

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"strconv"
)

// head is what an answer's head says that matters here.
type head struct {
	status  int
	length  int64 // of the body; -1 when it is not said
	chunked bool
	close   bool   // the connection ends with the answer
	value   []byte // of the header that is asked for
}

var (
	errHeadTooLarge = fmt.Errorf("the head of the answer is larger than %d bytes", MaxHead)
	errLength       = errors.New("malformed HTTP response: Content-Length")
	errEncoding     = errors.New("unsupported transfer encoding of the HTTP response")
	errHeader       = errors.New("malformed HTTP response: header")
)

// interim reports whether another head follows. 101 would make another protocol of the connection, and nobody asked for one.
func (h *head) interim() bool { return h.status < 200 && h.status != 101 }

// bodiless reports whether no body can follow, whatever the head says.
func (h *head) bodiless() bool { return h.status < 200 || h.status == 204 || h.status == 304 }

// head reads one head.
func (c *conn) head(wanted string) (h head, err error) {
	line, err := c.line()
	if err != nil {
		return h, err
	}
	if h, err = statusLine(line); err != nil {
		return h, err
	}
	h.value = c.value[:0]
	defer func() { c.value = h.value[:0] }()
	for {
		line, err := c.line()
		if err != nil || len(line) == 0 {
			return h, err
		}
		if err := h.header(line, wanted); err != nil {
			return h, err
		}
	}
}

// statusLine reads HTTP/1.x NNN reason.
func statusLine(line []byte) (head, error) {
	h := head{length: -1}
	const version = "HTTP/1.x "
	if len(line) < len(version)+3 || !bytes.HasPrefix(line, []byte("HTTP/1.")) || line[8] != ' ' || (line[7] != '0' && line[7] != '1') {
		return h, fmt.Errorf("malformed HTTP response %q", line[:min(len(line), 40)])
	}
	h.close = line[7] == '0'
	for _, digit := range line[9:12] {
		if digit < '0' || digit > '9' {
			h.status = 0
			break
		}
		h.status = h.status*10 + int(digit-'0')
	}
	if h.status < 100 || (len(line) > 12 && line[12] != ' ') {
		return h, fmt.Errorf("malformed HTTP status code %q", line[9:12])
	}
	if h.status == 101 {
		h.close = true
	}
	return h, nil
}

// header takes from one line what matters. A line that continues the one before it was given up long ago and is refused.
func (h *head) header(line []byte, wanted string) error {
	colon := bytes.IndexByte(line, ':')
	if colon <= 0 || bytes.IndexByte(line[:colon], ' ') >= 0 || line[0] == '\t' {
		return errHeader
	}
	name, value := line[:colon], bytes.TrimSpace(line[colon+1:])
	switch {
	case named(name, "content-length"):
		return h.setLength(value)
	case named(name, "transfer-encoding"):
		if h.chunked || !named(value, "chunked") {
			return errEncoding
		}
		h.chunked = true
	case named(name, "connection"):
		h.close = h.close || lists(value, "close")
	case named(name, wanted) && len(h.value) == 0:
		h.value = append(h.value, value...) // the line is in a buffer that is read into again
	}
	return nil
}

func (h *head) setLength(value []byte) error {
	n, ok := decimal(value)
	if !ok || (h.length >= 0 && h.length != n) {
		return errLength
	}
	h.length = n
	return nil
}

// decimal reads digits only; what strconv accepts beyond them has no place in a head.
func decimal(text []byte) (n int64, ok bool) {
	for _, digit := range text {
		if digit < '0' || digit > '9' || n > (1<<62)/10 {
			return 0, false
		}
		n = n*10 + int64(digit-'0')
	}
	return n, len(text) > 0
}

// named compares with a name in lower case.
func named(text []byte, lower string) bool {
	if len(text) != len(lower) {
		return false
	}
	for i, b := range text {
		if 'A' <= b && b <= 'Z' {
			b += 'a' - 'A'
		}
		if b != lower[i] {
			return false
		}
	}
	return true
}

// lists reports whether the comma-separated value has the item.
func lists(value []byte, lower string) bool {
	for len(value) > 0 {
		item, rest, _ := bytes.Cut(value, []byte(","))
		if named(bytes.TrimSpace(item), lower) {
			return true
		}
		value = rest
	}
	return false
}

// line reads one line of a head, without its end. It is valid until the next read.
func (c *conn) line() ([]byte, error) {
	part, err := c.in.ReadSlice('\n')
	line := part
	if err == bufio.ErrBufferFull {
		c.long = c.long[:0]
		for err == bufio.ErrBufferFull && len(c.long) <= c.left {
			c.long = append(c.long, part...)
			part, err = c.in.ReadSlice('\n')
		}
		c.long = append(c.long, part...)
		line = c.long
	}
	if c.left -= len(line); c.left < 0 {
		return nil, errHeadTooLarge
	}
	if err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(line[:len(line)-1], []byte("\r")), nil
}

// hex reads the size of a chunk, before any extension.
func hex(line []byte) (int64, error) {
	size, _, _ := bytes.Cut(line, []byte(";"))
	n, err := strconv.ParseUint(string(bytes.TrimSpace(size)), 16, 62)
	if err != nil {
		return 0, fmt.Errorf("malformed chunk size %q", size[:min(len(size), 20)])
	}
	return int64(n), nil
}
