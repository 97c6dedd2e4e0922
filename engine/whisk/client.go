// Package whisk speaks to an OpenWhisk: entities through openwhisk-client-go, invocations on a path of our own (no copies,
// a context, ids, exact times), records, limits and the classes of answers. It knows nothing of scenarios or samples.
package whisk

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"wsk-scenario/engine/whisk/wire"
)

// Access is how to reach an OpenWhisk.
type Access struct {
	Host     string // http://host:port, without /api
	Auth     string // uuid:key
	Insecure bool   // do not verify the server's certificate
	CA       string // certificates in PEM form to trust instead of the system's; the system's when empty
}

// Client is one OpenWhisk, for any number of goroutines. Close frees its connections.
type Client struct {
	base       *url.URL // host/api/v1
	user, pass string
	http       *http.Client
	transport  *http.Transport
	words      words
	wire       *wire.Client // for invocations; nil when they, too, go through http
}

// entityTimeout bounds one call that is not an invocation: an upload of 48 MB of code is the longest.
const entityTimeout = 2 * time.Minute

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
	verify := &tls.Config{InsecureSkipVerify: access.Insecure, MinVersion: tls.VersionTLS12}
	if access.CA != "" {
		verify.RootCAs = x509.NewCertPool()
		if !verify.RootCAs.AppendCertsFromPEM([]byte(access.CA)) {
			return nil, fmt.Errorf("the authorities to trust hold no certificate in PEM form")
		}
	}
	transport := &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		MaxIdleConnsPerHost: connections + 8,
		IdleConnTimeout:     5 * time.Minute,
		TLSHandshakeTimeout: 10 * time.Second,
		TLSClientConfig:     verify,
		// Answers are small; asking for compression would put its cost into the latency.
		DisableCompression:     true,
		MaxResponseHeaderBytes: wire.MaxHead,
	}
	c := &Client{
		base: host.JoinPath("api", "v1"), user: user, pass: pass,
		// A redirected POST would become a GET: an answer that points elsewhere is told as what it is.
		http:      &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
		transport: transport,
	}
	return c, c.choose(host, verify, connections, opts)
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
