package remote

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"wsk-scenario/engine/standalone/pool"
)

// Client is an invoker at the other end of a connection. It is safe for use by many goroutines; Close it.
type Client struct {
	url, token string
	session    string // of this client: keys of actions are unique within it
	http       *http.Client
	mu         sync.Mutex
	sent       map[string]bool // codes that the invoker was sent
}

// maxSent bounds how many codes are remembered. Who forgets one sends it again.
const maxSent = 10_000

// dialTime is how long an invoker may take to accept a connection.
const dialTime = 5 * time.Second

// NewClient returns a client of the invoker at an address such as http://10.0.0.7:8085.
func NewClient(url, token string) *Client {
	var id [8]byte
	_, _ = rand.Read(id[:]) // never fails
	return &Client{
		url: strings.TrimSuffix(url, "/"), token: token, session: hex.EncodeToString(id[:]), sent: map[string]bool{},
		http: &http.Client{Transport: &http.Transport{
			DialContext: (&net.Dialer{Timeout: dialTime}).DialContext, MaxIdleConnsPerHost: 1024, DisableCompression: true,
			IdleConnTimeout: time.Minute,
		}},
	}
}

// Close gives up the connections that are not in use.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Invoke runs one activation there. When the invoker goes away meanwhile, nobody knows what became of it: Lost.
func (c *Client) Invoke(ctx context.Context, r pool.Request) pool.Outcome {
	code := c.session + "/" + r.Action.Key
	for withCode := !c.has(code); ; withCode = true {
		answer, err := post(ctx, c.http, c.url+invokePath, c.token, message(r, code, withCode))
		if err != nil {
			return c.failed(ctx, err)
		}
		if answer.StatusCode == statusUnknownCode && !withCode {
			answer.Body.Close()
			continue
		}
		if answer.StatusCode != http.StatusOK {
			return c.failed(ctx, refusal(answer))
		}
		c.remember(code)
		return c.follow(ctx, answer.Body, r.Answered)
	}
}

// message is an activation, with its code where the invoker may not have it.
func message(r pool.Request, code string, withCode bool) invocation {
	switch {
	case !withCode:
		r.Action.Code = nil
	case r.Action.Code == nil: // of an action that is its image
		r.Action.Code = []byte{}
	}
	return invocation{Request: r, Code: code, Early: r.Answered != nil}
}

// follow reads the reports about an activation.
func (c *Client) follow(ctx context.Context, body io.ReadCloser, answered func(pool.Outcome)) pool.Outcome {
	defer body.Close()
	lines := json.NewDecoder(body)
	for {
		var r report
		if err := lines.Decode(&r); err != nil {
			return c.failed(ctx, err)
		}
		if !r.Early {
			_, _ = io.Copy(io.Discard, body) // so that the connection can be used again
			return r.Outcome
		}
		if answered != nil {
			answered(r.Outcome)
		}
	}
}

// failed is the outcome when no report came: the end of ctx means that the platform stops, anything else that the invoker
// is not there any more.
func (c *Client) failed(ctx context.Context, err error) pool.Outcome {
	text := err.Error()
	if ctx.Err() != nil {
		text = "The platform stopped before the action ended: " + context.Cause(ctx).Error()
	}
	result, _ := json.Marshal(map[string]string{"error": text}) // strings always encode
	return pool.Outcome{Status: pool.WhiskError, Result: result, Lost: ctx.Err() == nil}
}

// Prepare makes ready there what actions of a kind need beside their code.
func (c *Client) Prepare(ctx context.Context, kind string) error {
	answer, err := post(ctx, c.http, c.url+preparePath, c.token, kind)
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return refusal(answer)
	}
	return answer.Body.Close()
}

// post sends a value as JSON.
func post(ctx context.Context, client *http.Client, url, token string, value any) (*http.Response, error) {
	body, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", bearer(token))
	req.Header.Set("Content-Type", "application/json")
	return client.Do(req)
}

// refusal is the error of an answer that is not the one that was hoped for.
func refusal(answer *http.Response) error {
	defer answer.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(answer.Body, 1024))
	return fmt.Errorf("%s: %s", answer.Status, bytes.TrimSpace(text))
}

func (c *Client) has(code string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.sent[code]
}

func (c *Client) remember(code string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.sent) >= maxSent {
		clear(c.sent)
	}
	c.sent[code] = true
}
