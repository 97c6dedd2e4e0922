package wire

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"
)

// Request is one POST. Head is everything of its head up to and including the name of the header that holds ID; the line of
// that header, Content-Length and the empty line are added. ID must be printable ASCII.
type Request struct {
	Head []byte
	ID   string
	Body []byte
}

// Answer is what came back. Header and Body are valid until Release.
type Answer struct {
	Status    int
	Header    []byte // the value of the header that Config names
	Body      []byte
	FirstByte time.Time

	client *Client
	conn   *conn
	reuse  bool
}

// Release gives the connection back. It must be called once for each Post, also for one that failed.
func (a *Answer) Release() {
	conn := a.conn
	if conn == nil {
		return
	}
	a.conn, a.Header, a.Body = nil, nil, nil
	if !a.reuse {
		conn.close()
		return
	}
	conn.watch.end()
	if cap(conn.body) > keepBytes {
		conn.body = nil
	}
	a.client.put(conn)
}

// Post sends one request, once, and reads its answer. The deadline, none when it is zero, and the end of ctx end it. With an
// error the Answer holds what had come until then.
func (c *Client) Post(ctx context.Context, deadline time.Time, r Request) (a Answer, err error) {
	if err := ctx.Err(); err != nil {
		return a, err
	}
	if c.loop != nil && len(r.Body) > keepBytes {
		return c.postLarge(ctx, deadline, r)
	}
	a.client = c
	if a.conn, err = c.acquire(ctx, deadline); err != nil {
		return a, err
	}
	if err := a.conn.watch.begin(ctx, a.conn.net, deadline); err != nil {
		return a, fmt.Errorf("set the deadline: %w", err)
	}
	a.conn.request(r)
	if len(r.Body) > keepBytes {
		return a, a.sendLarge(r.Body)
	}
	_, sendErr := a.conn.net.Write(a.conn.out)
	err = a.receive()
	if sendErr == nil {
		return a, err
	}
	// A server may answer and hang up before it has read everything. Its answer counts; without one the first error does.
	a.reuse = false
	if err != nil {
		err = sendErr
	}
	return a, err
}

// postLarge sends a large body of a loop's task without the loop: it is sent while the answer is read.
func (c *Client) postLarge(ctx context.Context, deadline time.Time, r Request) (a Answer, err error) {
	c.loop.Await(func() { a, err = c.parent.Post(ctx, deadline, r) })
	return a, err
}

// Aside runs what takes long, so that it holds up nobody else.
func (c *Client) Aside(f func()) {
	if c.loop == nil {
		f()
		return
	}
	c.loop.Await(f)
}

// sendLarge sends while it receives: a server that answers before it has read everything may wait for its answer to be read.
func (a *Answer) sendLarge(body []byte) error {
	conn, head := a.conn.net, a.conn.out // not a itself, which would then be allocated for every call
	if a.conn.plain {
		var done bool
		if head, body, done = a.conn.ready.send(head, body); done {
			return a.receive()
		}
	}
	sent := make(chan error, 1)
	go func() {
		_, err := conn.Write(head)
		if err == nil {
			_, err = conn.Write(body)
		}
		sent <- err
	}()
	err := a.receive()
	// Answered before all was sent, nobody will read the rest. What is sent already is not touched by this.
	_ = conn.SetWriteDeadline(time.Unix(1, 0))
	sendErr := <-sent
	if sendErr != nil {
		a.reuse = false
	}
	if errors.Is(err, errSilent) && sendErr != nil {
		return sendErr
	}
	return err
}

// request puts the bytes of a request together; a large body is left to be sent by itself.
func (c *conn) request(r Request) {
	c.out = append(c.out[:0], r.Head...)
	c.out = append(c.out, ": "...)
	c.out = append(c.out, r.ID...)
	c.out = append(c.out, "\r\nContent-Length: "...)
	c.out = strconv.AppendInt(c.out, int64(len(r.Body)), 10)
	c.out = append(c.out, "\r\n\r\n"...)
	if len(r.Body) <= keepBytes {
		c.out = append(c.out, r.Body...)
	}
}

// errSilent is the error of a connection that ended without any answer.
var errSilent = errors.New("the server closed the connection without an answer")

// receive reads one answer, after any number of interim ones.
func (a *Answer) receive() error {
	c := a.conn
	if _, err := c.in.Peek(1); err != nil {
		if err == io.EOF {
			return errSilent
		}
		return err
	}
	a.FirstByte = time.Now()
	c.left, c.body = MaxHead, c.body[:0]
	h, err := c.head(a.client.header)
	for err == nil && h.interim() {
		h, err = c.head(a.client.header)
	}
	if err != nil {
		return whole(err)
	}
	a.Status, a.Header = h.status, h.value
	err = c.read(&h)
	a.Body = c.body
	a.reuse = err == nil && !h.close && c.in.Buffered() == 0
	return whole(err)
}

// whole makes of the end of the connection in the midst of an answer what it is.
func whole(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
