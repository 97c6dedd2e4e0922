package whisk

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"sync/atomic"
	"time"
)

// Call is one invocation that is ready to be sent any number of times.
type Call struct {
	url  string
	body []byte
	auth string
	full bool // the answer is the activation record
	only bool // the answer is the result alone
}

// Wait is what a call waits for.
type Wait string

// What a call can wait for.
const (
	ForRecord  Wait = "record"
	ForResult  Wait = "result"
	ForNothing Wait = "none"
)

// Prepare makes the invocation of an action of the caller's namespace with body, a JSON object.
func (c *Client) Prepare(action string, wait Wait, body []byte) *Call {
	to := c.base.JoinPath("namespaces", "_", "actions", action)
	to.RawQuery = url.Values{
		"blocking": {strconv.FormatBool(wait != ForNothing)},
		"result":   {strconv.FormatBool(wait == ForResult)},
	}.Encode()
	req := &http.Request{Header: http.Header{}}
	req.SetBasicAuth(c.user, c.pass)
	return &Call{url: to.String(), body: body, auth: req.Header.Get("Authorization"), full: wait == ForRecord, only: wait == ForResult}
}

// With is the same call with another body.
func (c Call) With(body []byte) *Call {
	c.body = body
	return &c
}

// Answer is what came of one call. Times are of this process's clock.
type Answer struct {
	Class      Class
	Status     int     // HTTP status; 0 when no answer came
	Error      string  // short text, when Class is not OK or Accepted
	Activation string  // the activation's id; empty when none was made
	Record     *Record // when the answer held one
	Bytes      int     // size of the answer's body

	Sent, FirstByte, Done time.Time // FirstByte is zero when no answer came
}

// Invoke sends call once; it is never repeated, whatever comes back. transaction becomes the X-Request-ID, which OpenWhisk
// takes over as its transaction id. The deadline of ctx is the client's time-out.
func (c *Client) Invoke(ctx context.Context, call *Call, transaction string) Answer {
	sent := time.Now()
	a := Answer{Sent: sent}
	var first atomic.Int64 // the transport's own goroutine writes it, also after a call was given up
	trace := &httptrace.ClientTrace{GotFirstResponseByte: func() { first.Store(int64(time.Since(sent))) }}
	req, err := http.NewRequestWithContext(httptrace.WithClientTrace(ctx, trace), http.MethodPost, call.url, bytes.NewReader(call.body))
	if err != nil {
		a.fail(ctx, err)
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
		a.fail(ctx, err)
		return a
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	a.Done, a.FirstByte = time.Now(), sent.Add(time.Duration(first.Load()))
	a.Status, a.Bytes, a.Activation = resp.StatusCode, len(body), resp.Header.Get("X-Openwhisk-Activation-Id")
	if err != nil {
		a.fail(ctx, err)
		return a
	}
	a.read(call, body)
	return a
}

func (a *Answer) fail(ctx context.Context, err error) {
	a.Done, a.Class, a.Error = time.Now(), Network, cause(err)
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		a.Class, a.Error = Timeout, "no answer within the client's time-out"
	} else if ctx.Err() != nil {
		a.Class, a.Error = Timeout, "given up when the run was interrupted"
	}
}

// cause is err without the method and address that net/http puts before it.
func cause(err error) string {
	if wrapped := new(url.Error); errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	return err.Error()
}

// read classes the answer and takes from the body what it holds. What a proxy answers in the platform's stead is the
// platform's error, whatever its status says.
func (a *Answer) read(call *Call, body []byte) {
	a.Class = classOf(a.Status)
	var held Record
	object := json.Unmarshal(body, &held) == nil
	switch {
	case call.full && object && held.Response.Status != "":
		a.Record, a.Class, a.Activation, a.Error = &held, held.Class(), held.ActivationID, held.ErrorText()
	case a.Class == OK && call.full && !list(body):
		a.Class, a.Error = PlatformError, "the answer is no activation record"
	case a.Class == OK && call.only && !json.Valid(body):
		a.Class, a.Error = PlatformError, "the answer is no JSON"
	case a.Class == ApplicationError && (call.full || !object):
		a.Class, a.Error = PlatformError, http.StatusText(a.Status)
	case a.Class != OK && a.Class != Accepted:
		a.Error = errorText(body, http.StatusText(a.Status))
	case a.Activation == "":
		a.Activation = held.ActivationID
	}
}

// list reports whether body is a JSON array: OpenWhisk sends a result that is one bare, also when the record was asked for.
func list(body []byte) bool {
	var items []json.RawMessage
	return json.Unmarshal(body, &items) == nil
}
