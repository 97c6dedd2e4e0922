// Package whisk speaks to an OpenWhisk: entities through openwhisk-client-go, invocations on a path of our own (no copies,
// a context, ids, exact times), records, limits and the classes of answers. It knows nothing of scenarios or samples.
package whisk

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"wsk-scenario/engine/loop"
	"wsk-scenario/engine/whisk/wire"
)

// Access is how to reach an OpenWhisk.
type Access struct {
	Host     string // http://host:port, without /api
	Auth     string // uuid:key
	Insecure bool   // do not verify the server's certificate
	CA       string // certificates in PEM form to trust instead of the system's; the system's when empty
	Cert     string // our own certificate in PEM form, for servers that ask for one
	Key      string // its private key in PEM form
}

// trust is how both sides of a connection are verified.
func (a Access) trust() (*tls.Config, error) {
	cfg := &tls.Config{
		InsecureSkipVerify: a.Insecure, MinVersion: tls.VersionTLS12, ClientSessionCache: tls.NewLRUClientSessionCache(0),
	}
	if a.CA != "" {
		cfg.RootCAs = x509.NewCertPool()
		if !cfg.RootCAs.AppendCertsFromPEM([]byte(a.CA)) {
			return nil, fmt.Errorf("the authorities to trust hold no certificate in PEM form")
		}
	}
	if a.Cert == "" && a.Key == "" {
		return cfg, nil
	}
	own, err := tls.X509KeyPair([]byte(a.Cert), []byte(a.Key))
	if err != nil {
		return nil, fmt.Errorf("our own certificate: %w", err)
	}
	cfg.Certificates = []tls.Certificate{own}
	return cfg, nil
}

// Client is one OpenWhisk, for any number of goroutines. Close frees its connections.
type Client struct {
	base       *url.URL // host/api/v1
	user, pass string
	http       *http.Client
	transport  *http.Transport
	words      *words
	http2      bool
	opened     atomic.Int64 // connections of the standard library
	wire       *wire.Client // for invocations; nil when they, too, go through http
}

// entityTimeout bounds one call that is not an invocation: an upload of 48 MB of code, and what a server compiles of it, is the longest.
const entityTimeout = 5 * time.Minute

// New returns a client. connections is how many invocations may be under way at a time: so many connections are kept.
func New(access Access, connections int, opts ...Option) (*Client, error) {
	host, err := ParseHost(access.Host)
	if err != nil {
		return nil, err
	}
	user, pass, ok := strings.Cut(access.Auth, ":")
	if !ok || user == "" || pass == "" {
		return nil, fmt.Errorf("the credentials must have the form UUID:KEY")
	}
	verify, err := access.trust()
	if err != nil {
		return nil, err
	}
	o := optionsOf(opts)
	c := &Client{base: host.JoinPath("api", "v1"), user: user, pass: pass, words: &words{}}
	transport := &http.Transport{
		Proxy:               o.proxy,
		DialContext:         c.dial,
		MaxIdleConnsPerHost: connections + 8,
		IdleConnTimeout:     5 * time.Minute,
		TLSHandshakeTimeout: 10 * time.Second,
		TLSClientConfig:     verify,
		// Answers are small; asking for compression would put its cost into the latency.
		DisableCompression:     true,
		MaxResponseHeaderBytes: wire.MaxHead,
	}
	// A redirected POST would become a GET: an answer that points elsewhere is told as what it is.
	c.http = &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	c.transport = transport
	return c, c.choose(host, verify, connections, o)
}

// On is the client for the invocations of a loop's tasks, which its owner closes; nil where a loop cannot carry them: over TLS,
// and through the standard library.
func (c *Client) On(l *loop.Loop) *Client {
	if c.wire == nil {
		return nil
	}
	own := c.wire.On(l)
	if own == nil {
		return nil
	}
	return &Client{base: c.base, user: c.user, pass: c.pass, http: c.http, transport: c.transport, words: c.words, wire: own}
}

// dial makes a connection for the standard library.
func (c *Client) dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext(ctx, network, address)
	if err == nil {
		c.opened.Add(1)
	}
	return conn, err
}

// Opened is how many connections were made so far, for invocations and for all else.
func (c *Client) Opened() int64 {
	if c.wire == nil {
		return c.opened.Load()
	}
	return c.opened.Load() + c.wire.Opened()
}

// Close closes the idle connections.
func (c *Client) Close() {
	c.transport.CloseIdleConnections()
	if c.wire != nil {
		c.wire.Close()
	}
}

// Host is the address that the client was made for.
func (c *Client) Host() string { return c.base.Scheme + "://" + c.base.Host }
