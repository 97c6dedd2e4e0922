// Package wire sends POST requests over HTTP/1.1 to one host, and nothing else: on kept connections, with one write and as
// few reads as the answer needs, without allocating. It never sends a request twice, and knows nothing of OpenWhisk.
package wire

import (
	"context"
	"crypto/tls"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"wsk-scenario/engine/loop"
)

// Bounds on what is accepted from a server, and on how long a connection may take to come about or stay unused.
const (
	MaxHead     = 64 << 10 // of an answer, those of interim answers included
	MaxBody     = 32 << 20
	dialTimeout = 10 * time.Second
	keepAlive   = 30 * time.Second
	maxIdle     = 5 * time.Minute

	Large = 256 << 10 // of an answer: reading what is in it takes long enough to be done Aside
)

// Config says whom to reach.
type Config struct {
	Host   *url.URL    // scheme, host and perhaps a port
	TLS    *tls.Config // for https
	Keep   int         // how many unused connections are kept
	Header string      // the one header of the answer that is handed on, in lower case
}

// Client keeps the connections to one host, for any number of goroutines. Close frees them.
type Client struct {
	address string
	dialer  net.Dialer
	tls     *tls.Config // nil without TLS
	keep    int
	header  string
	opened  *atomic.Int64
	loop    *loop.Loop // nil: calls block their goroutine
	parent  *Client    // of one on a loop, what it is a sibling of

	mu     sync.Mutex
	idle   []*conn // the one used last is the last: it is the least likely to have been closed by the server
	closed bool
}

// New returns a client; it connects when it is used.
func New(cfg Config) *Client {
	c := &Client{dialer: net.Dialer{Timeout: dialTimeout, KeepAlive: keepAlive}, keep: cfg.Keep, header: cfg.Header, opened: new(atomic.Int64)}
	port := cfg.Host.Port()
	if cfg.Host.Scheme == "https" {
		c.tls = resuming(cfg.TLS, cfg.Host.Hostname(), cfg.Keep)
		if port == "" {
			port = "443"
		}
	} else if port == "" {
		port = "80"
	}
	c.address = net.JoinHostPort(cfg.Host.Hostname(), port)
	return c
}

// On is a client of the same host for the tasks of a loop, with connections of its own; nil for TLS, which the loop does not
// speak.
func (c *Client) On(l *loop.Loop) *Client {
	if c.tls != nil {
		return nil
	}
	return &Client{address: c.address, dialer: c.dialer, keep: c.keep, header: c.header, opened: c.opened, loop: l, parent: c}
}

// resuming is cfg for one host, with sessions that are taken up again by the next connection.
func resuming(cfg *tls.Config, host string, sessions int) *tls.Config {
	own := &tls.Config{MinVersion: tls.VersionTLS12}
	if cfg != nil {
		own = cfg.Clone()
	}
	own.ServerName = host
	own.NextProtos = []string{"http/1.1"}
	own.ClientSessionCache = tls.NewLRUClientSessionCache(max(1, sessions))
	return own
}

// Opened is how many connections were made so far.
func (c *Client) Opened() int64 { return c.opened.Load() }

// Close closes the unused connections; one in use is closed when its call is over.
func (c *Client) Close() {
	c.mu.Lock()
	idle := c.idle
	c.idle, c.closed = nil, true
	c.mu.Unlock()
	for _, conn := range idle {
		conn.close()
	}
}

// acquire returns a connection that can take a request at once: a kept one that the server has not closed, or a new one.
func (c *Client) acquire(ctx context.Context, deadline time.Time) (*conn, error) {
	for conn := c.pop(); conn != nil; conn = c.pop() {
		if time.Since(conn.used) < maxIdle && conn.quiet() {
			return conn, nil
		}
		conn.close()
	}
	return c.dial(ctx, deadline)
}

func (c *Client) pop() *conn {
	c.mu.Lock()
	defer c.mu.Unlock()
	last := len(c.idle) - 1
	if last < 0 {
		return nil
	}
	conn := c.idle[last]
	c.idle[last] = nil
	c.idle = c.idle[:last]
	return conn
}

// put keeps a connection for the next call, or closes it when enough are kept.
func (c *Client) put(conn *conn) {
	conn.used = time.Now()
	c.mu.Lock()
	keep := !c.closed && len(c.idle) < c.keep
	if keep {
		c.idle = append(c.idle, conn)
	}
	c.mu.Unlock()
	if !keep {
		conn.close()
	}
}
