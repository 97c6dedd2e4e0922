package whisk

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"wsk-scenario/engine/whisk/wire"
)

// Request is an HTTP request to a web action or to another path of the API host, ready to be sent again and again.
type Request struct {
	Method string
	Header http.Header
	Within time.Duration // the client's time-out; 0 is none
	to     *url.URL
}

// WebAction is a request to an action of a namespace, in a package or, where that is empty, in none.
func (c *Client) WebAction(namespace, pkg, action, extension string) *Request {
	if pkg == "" {
		pkg = "default"
	}
	if extension != "" {
		action += "." + extension
	}
	return &Request{to: c.base.JoinPath("web", namespace, pkg, action)}
}

// PathOf is a request to a path of the API host, which may have a query.
func (c *Client) PathOf(path string) (*Request, error) {
	to, err := url.Parse(path)
	if err != nil {
		return nil, fmt.Errorf("read the path of a request: %w", err)
	}
	return &Request{to: c.base.ResolveReference(to)}, nil
}

// Namespace is the name of the caller's namespace, which addresses of web actions need.
func (c *Client) Namespace(ctx context.Context) (string, error) {
	var names []string
	if err := c.get(ctx, c.base.JoinPath("namespaces"), &names); err != nil {
		return "", fmt.Errorf("ask for the namespace: %w", err)
	}
	if len(names) == 0 {
		return "", fmt.Errorf("ask for the namespace: there is none")
	}
	return names[0], nil
}

// Send sends the request once. A JSON object as body is the query of a method that has no body. Nothing is followed, and the
// credentials are not sent: web actions are for everybody.
func (c *Client) Send(ctx context.Context, r *Request, body []byte, transaction string) Answer {
	a := Answer{Sent: time.Now()}
	deadline := (&Call{within: r.Within}).deadline(ctx, a.Sent)
	if !deadline.IsZero() {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, deadline)
		defer cancel()
	}
	var first atomic.Int64 // the transport's own goroutine writes it, also after a call was given up
	trace := &httptrace.ClientTrace{GotFirstResponseByte: func() { first.Store(int64(time.Since(a.Sent))) }}
	req, err := r.request(httptrace.WithClientTrace(ctx, trace), body)
	if err != nil {
		a.fail(ctx, deadline, err)
		return a
	}
	req.Header.Set("X-Request-Id", transaction)
	resp, err := c.http.Do(req)
	if err != nil {
		a.fail(ctx, deadline, err)
		return a
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, wire.MaxBody+1))
	if err == nil && len(text) > wire.MaxBody {
		err = wire.ErrTooLarge
	}
	a.Done, a.FirstByte = time.Now(), a.Sent.Add(time.Duration(first.Load()))
	a.Status, a.Bytes, a.Activation = resp.StatusCode, len(text), resp.Header.Get(activationHeader)
	if err != nil {
		a.fail(ctx, deadline, err)
		return a
	}
	a.Result = jsonOf(text)
	if a.Class = classOf(a.Status); a.Status >= 300 && a.Status < 400 { // an action may well answer with a redirection
		a.Class = OK
	}
	if a.Class == Accepted { // so may it with 202: it has run
		a.Class = OK
	}
	if a.Class != OK {
		a.Error = reason(a.Status, text)
	}
	return a
}

// request makes the request for one body.
func (r *Request) request(ctx context.Context, body []byte) (*http.Request, error) {
	to := *r.to
	var content io.Reader
	switch {
	case len(body) == 0 || string(body) == "{}":
	case slices.Contains([]string{http.MethodGet, http.MethodHead, http.MethodOptions}, r.Method):
		query, err := queryOf(to.Query(), body)
		if err != nil {
			return nil, err
		}
		to.RawQuery = query
	default:
		content = bytes.NewReader(body)
	}
	req, err := http.NewRequestWithContext(ctx, r.Method, to.String(), content)
	if err != nil {
		return nil, err
	}
	req.GetBody = nil // nothing is sent a second time behind our back
	if content != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for name, values := range r.Header {
		req.Header[name] = values
	}
	if host := r.Header.Get("Host"); host != "" {
		req.Host = host
	}
	return req, nil
}

// queryOf adds the members of a JSON object to a query.
func queryOf(query url.Values, object []byte) (string, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(object, &members); err != nil {
		return "", fmt.Errorf("make a query: %w", err)
	}
	for name, raw := range members {
		var text string
		if json.Unmarshal(raw, &text) != nil {
			text = string(raw)
		}
		query.Set(name, text)
	}
	return query.Encode(), nil
}

// jsonOf is a text as JSON: what it is, or a JSON string of it.
func jsonOf(text []byte) json.RawMessage {
	if json.Valid(text) {
		return text
	}
	raw, err := json.Marshal(strings.ToValidUTF8(string(text), "\ufffd"))
	if err != nil {
		return json.RawMessage("null")
	}
	return raw
}
