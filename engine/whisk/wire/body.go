package wire

import (
	"errors"
	"fmt"
	"io"
	"slices"
)

// ErrTooLarge says that an answer's body passed MaxBody.
var ErrTooLarge = fmt.Errorf("the answer is larger than %d bytes", MaxBody)

var errChunk = errors.New("malformed chunk of the HTTP response")

// read reads the body, whose end the head tells: a length, chunks, or the end of the connection.
func (c *conn) read(h *head) error {
	switch {
	case h.bodiless():
		return nil
	case h.chunked:
		h.close = h.close || h.length >= 0 // two ends, of which a proxy on the way may have believed the other
		return c.chunks()
	case h.length >= 0:
		return c.take(h.length)
	}
	h.close = true
	return c.rest()
}

// take reads n bytes of the body. Memory is taken as they come, not as the head promises them.
func (c *conn) take(n int64) error {
	if n > MaxBody-int64(len(c.body)) {
		return ErrTooLarge
	}
	for n > 0 {
		have := len(c.body)
		step := int(min(n, int64(max(have, readSize))))
		c.body = slices.Grow(c.body, step)[:have+step]
		got, err := io.ReadFull(c.in, c.body[have:])
		c.body = c.body[:have+got]
		if err != nil {
			return err
		}
		n -= int64(got)
	}
	return nil
}

// chunks reads a body in chunks, and the lines behind the last one.
func (c *conn) chunks() error {
	for {
		c.left = max(c.left, readSize)
		line, err := c.line()
		if err != nil {
			return err
		}
		size, err := hex(line)
		if err != nil {
			return err
		}
		if size == 0 {
			return c.trailer()
		}
		if err := c.take(size); err != nil {
			return err
		}
		if line, err = c.line(); err != nil {
			return err
		}
		if len(line) > 0 {
			return errChunk
		}
	}
}

func (c *conn) trailer() error {
	for {
		line, err := c.line()
		if err != nil || len(line) == 0 {
			return err
		}
	}
}

// rest reads until the server closes the connection.
func (c *conn) rest() error {
	for {
		have := len(c.body)
		c.body = slices.Grow(c.body, readSize)[:have+readSize]
		got, err := c.in.Read(c.body[have:])
		c.body = c.body[:have+got]
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		case len(c.body) > MaxBody:
			return ErrTooLarge
		}
	}
}
