package whisk

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"wsk-scenario/engine/whisk/wire"
)

// HTTP is what carries the invocations. Everything else always goes through the standard library.
type HTTP string

// What can carry invocations.
const (
	Plain    HTTP = "plain"    // a client of our own on plain connections, made for load
	Standard HTTP = "standard" // Go's standard library
	HTTP2    HTTP = "2"        // Go's standard library, with HTTP/2 where the server speaks it
)

// ParseHTTP reads the name of what carries invocations; the empty name is Plain.
func ParseHTTP(name string) (HTTP, error) {
	switch h := HTTP(name); h {
	case "":
		return Plain, nil
	case Plain, Standard, HTTP2:
		return h, nil
	}
	return "", fmt.Errorf("invocations go over %s, %s or %s, not %q", Plain, Standard, HTTP2, name)
}

// Option changes how a client works.
type Option func(*options)

type options struct {
	http  HTTP
	proxy func(*http.Request) (*url.URL, error)
}

// optionsOf is what the options say, over what holds without them.
func optionsOf(opts []Option) options {
	o := options{proxy: http.ProxyFromEnvironment}
	for _, opt := range opts {
		opt(&o)
	}
	return o
}

// Over chooses what carries the invocations; Plain when it is not given.
func Over(h HTTP) Option { return func(o *options) { o.http = h } }

// choose makes the client for invocations. Behind a proxy, and where a closed connection cannot be told from an open one
// before it is used, that is the standard library's.
func (c *Client) choose(host *url.URL, verify *tls.Config, connections int, o options) error {
	carrier, err := ParseHTTP(string(o.http))
	if carrier == HTTP2 {
		c.http2 = true
		// Over TLS the two agree on it; without, the server must know it beforehand.
		c.transport.Protocols = new(http.Protocols)
		c.transport.Protocols.SetHTTP2(true)
		c.transport.Protocols.SetHTTP1(host.Scheme == "https")
		c.transport.Protocols.SetUnencryptedHTTP2(host.Scheme == "http")
	}
	if err != nil || carrier != Plain || !wire.Supported {
		return err
	}
	proxy, err := o.proxy(&http.Request{URL: host})
	if err != nil {
		return fmt.Errorf("read the proxy from the environment: %w", err)
	}
	if proxy == nil {
		c.wire = wire.New(wire.Config{Host: host, TLS: verify, Keep: connections + 8, Header: strings.ToLower(activationHeader)})
	}
	return nil
}

// HTTP is what carries the invocations of this client.
func (c *Client) HTTP() HTTP {
	switch {
	case c.http2:
		return HTTP2
	case c.wire == nil:
		return Standard
	}
	return Plain
}

// activationHeader holds the activation's id, also in answers without a record.
const activationHeader = "X-Openwhisk-Activation-Id"

// invokeStandard sends call through the standard library.
func (c *Client) invokeStandard(ctx context.Context, call *Call, transaction string) Answer {
	sent := time.Now()
	a := Answer{Sent: sent}
	deadline := call.deadline(ctx, sent)
	if !deadline.IsZero() {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, deadline)
		defer cancel()
	}
	var first atomic.Int64 // the transport's own goroutine writes it, also after a call was given up
	trace := &httptrace.ClientTrace{GotFirstResponseByte: func() { first.Store(int64(time.Since(sent))) }}
	req, err := http.NewRequestWithContext(httptrace.WithClientTrace(ctx, trace), http.MethodPost, call.url, bytes.NewReader(call.body))
	if err != nil {
		a.fail(ctx, deadline, err)
		return a
	}
	// Without GetBody the transport cannot send the request a second time behind our back on a stale connection: a broken
	// connection is one network outcome.
	req.GetBody = nil
	req.Header["Authorization"] = []string{call.auth}
	req.Header["Content-Type"] = []string{"application/json"}
	req.Header["X-Request-Id"] = []string{transaction}
	resp, err := c.http.Do(req)
	if err != nil {
		a.fail(ctx, deadline, err)
		return a
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, wire.MaxBody+1))
	if err == nil && len(body) > wire.MaxBody {
		err = wire.ErrTooLarge
	}
	a.Done, a.FirstByte = time.Now(), sent.Add(time.Duration(first.Load()))
	a.Status, a.Bytes, a.Activation = resp.StatusCode, len(body), resp.Header.Get(activationHeader)
	if err != nil {
		a.fail(ctx, deadline, err)
		return a
	}
	a.read(call, body, c.words)
	return a
}
