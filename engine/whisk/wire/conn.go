package wire

import (
	"bufio"
	"context"
	"crypto/tls"
	"net"
	"time"

	"wsk-scenario/engine/loop"
)

// How much memory a connection keeps between calls.
const (
	readSize  = 8 << 10
	keepBytes = 64 << 10 // of a body, and of a request that is sent with one write
)

// conn is one connection. It belongs to one call at a time.
type conn struct {
	net    net.Conn // what is read and written: TLS, or the socket itself
	in     *bufio.Reader
	out    []byte // the request
	body   []byte // of the answer
	value  []byte // of the header that is handed on
	long   []byte // a line that does not fit into in
	left   int    // bytes that the heads of this answer may still have
	used   time.Time
	ready  readiness
	plain  bool         // net is the socket itself
	looped *loop.Socket // net, for the tasks of a loop; else nil
	watch  watch
}

// dial connects. The deadline and the end of ctx bound it, and no attempt is longer than dialTimeout.
func (c *Client) dial(ctx context.Context, deadline time.Time) (*conn, error) {
	dialer := c.dialer
	dialer.Deadline = deadline
	if c.loop != nil {
		return c.dialOn(ctx, &dialer)
	}
	socket, err := dialer.DialContext(ctx, "tcp", c.address)
	if err != nil {
		return nil, err
	}
	c.opened.Add(1)
	made := &conn{net: socket, plain: c.tls == nil}
	if err := made.ready.of(socket); err != nil {
		_ = socket.Close()
		return nil, err
	}
	if c.tls != nil {
		if made.net, err = c.handshake(ctx, socket, deadline); err != nil {
			_ = socket.Close()
			return nil, err
		}
	}
	made.in = bufio.NewReaderSize(made.net, readSize)
	return made, nil
}

// dialOn connects for a task of the loop.
func (c *Client) dialOn(ctx context.Context, dialer *net.Dialer) (*conn, error) {
	socket, err := c.loop.Dial(func() (net.Conn, error) { return dialer.DialContext(ctx, "tcp", c.address) })
	if err != nil {
		return nil, err
	}
	c.opened.Add(1)
	return &conn{net: socket, looped: socket, in: bufio.NewReaderSize(socket, readSize)}, nil
}

func (c *Client) handshake(ctx context.Context, socket net.Conn, deadline time.Time) (net.Conn, error) {
	latest := time.Now().Add(dialTimeout)
	if !deadline.IsZero() && deadline.Before(latest) {
		latest = deadline
	}
	if err := socket.SetDeadline(latest); err != nil {
		return nil, err
	}
	secured := tls.Client(socket, c.tls)
	return secured, secured.HandshakeContext(ctx)
}

// quiet reports whether the unused connection is as it was left. Whatever a server sends without being asked, its end above
// all, makes the connection useless.
func (c *conn) quiet() bool {
	if c.in.Buffered() > 0 {
		return false
	}
	if c.looped != nil { // which was told already
		return c.looped.Quiet()
	}
	return c.ready.quiet()
}

func (c *conn) close() {
	c.watch.drop()
	_ = c.net.Close()
}
