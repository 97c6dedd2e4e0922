package whisk

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"path"
	"strconv"
	"time"

	"wsk-scenario/engine/whisk/wire"
)

// Call is one invocation that is ready to be sent any number of times.
type Call struct {
	url    string
	action string // what the records of its answers are named
	body   []byte
	auth   string
	head   []byte // of the request, as far as it is the same for all
	full   bool   // the answer is the activation record
	only   bool   // the answer is the result alone
	within time.Duration
	keep   bool    // the result too
	own    *Record // used again and again; nil for a new one each time
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
	call := c.prepare(to, wait, body)
	call.action = path.Base(action)
	return call
}

// With is the same call with another body.
func (c Call) With(body []byte) *Call {
	c.body = body
	return &c
}

// Within is the same call with a time-out of its own, which costs less than a context for each call.
func (c Call) Within(timeout time.Duration) *Call {
	c.within = timeout
	return &c
}

// Keep is the same call with the result kept in its records.
func (c Call) Keep() *Call {
	c.keep = true
	return &c
}

// Alone is the same call for one caller who makes one at a time: the record of an answer is good until the next.
func (c Call) Alone() *Call {
	c.own = new(Record)
	return &c
}

func (c *Call) room() *Record {
	if c.own != nil {
		return c.own
	}
	return new(Record)
}

// Answer is what came of one call. Times are of this process's clock.
type Answer struct {
	Class      Class
	Status     int     // HTTP status; 0 when no answer came
	Error      string  // short text, when Class is not OK or Accepted
	Activation string  // the activation's id; empty when none was made
	Record     *Record // when the answer held one
	Bytes      int     // size of the answer's body
	// Result is what the answer gave, where it was asked for (Keep) and the answer held no record: JSON, or its text as a
	// JSON string.
	Result json.RawMessage

	Sent, FirstByte, Done time.Time // FirstByte is zero when no answer came
}

// Invoke sends call once; it is never repeated, whatever comes back. transaction becomes the X-Request-ID, which OpenWhisk
// takes over as its transaction id; it must be printable ASCII. The client's time-out is that of the call (Within), or the
// deadline of ctx when that comes first.
func (c *Client) Invoke(ctx context.Context, call *Call, transaction string) Answer {
	if c.wire == nil {
		return c.invokeStandard(ctx, call, transaction)
	}
	return c.invokeWire(ctx, call, transaction)
}

// invokeWire sends call on a plain connection.
func (c *Client) invokeWire(ctx context.Context, call *Call, transaction string) Answer {
	a := Answer{Sent: time.Now()}
	deadline := call.deadline(ctx, a.Sent)
	came, err := c.wire.Post(ctx, deadline, wire.Request{Head: call.head, ID: transaction, Body: call.body})
	defer came.Release()
	a.Done, a.FirstByte, a.Status, a.Bytes = time.Now(), came.FirstByte, came.Status, len(came.Body)
	a.Activation = string(came.Header)
	if err != nil {
		a.fail(ctx, deadline, err)
		return a
	}
	if len(came.Body) > wire.Large {
		return c.readLarge(a, call, came.Body)
	}
	a.read(call, came.Body, c.words)
	return a
}

// readLarge reads an answer that takes its time: on a loop, other calls go on meanwhile.
func (c *Client) readLarge(a Answer, call *Call, body []byte) Answer {
	c.wire.Aside(func() { a.read(call, body, c.words) })
	return a
}

// deadline is when the client gives up a call sent at a moment; zero when never.
func (c *Call) deadline(ctx context.Context, sent time.Time) time.Time {
	latest, ok := ctx.Deadline()
	if own := sent.Add(c.within); c.within > 0 && (!ok || own.Before(latest)) {
		return own
	}
	return latest
}

func (a *Answer) fail(ctx context.Context, deadline time.Time, err error) {
	a.Done, a.Class, a.Error = time.Now(), Network, cause(err)
	switch ended := ctx.Err(); {
	case errors.Is(err, wire.ErrTooLarge):
		a.Class = PlatformError
	case errors.Is(ended, context.DeadlineExceeded), ended == nil && !deadline.IsZero() && !a.Done.Before(deadline):
		a.Class, a.Error = Timeout, "no answer within the client's time-out"
	case ended != nil:
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
func (a *Answer) read(call *Call, body []byte, known *words) {
	a.Class = classOf(a.Status)
	held, object := &empty, false
	if call.only && a.Class != Accepted {
		object = isObject(body)
	} else {
		held = call.room()
		*held = Record{ActivationID: a.Activation}
		object = held.read(body, call.keep, known)
	}
	switch {
	case call.full && object && held.Status != "":
		held.Name = call.action
		a.Record, a.Activation = held, held.ActivationID
		a.Class, a.Error = ended(a.Class, a.Status, held)
	case a.Class == OK && call.full && !list(body):
		a.Class, a.Error = PlatformError, "the answer is no activation record: "+looks(body)
	case a.Class == OK && call.only && !json.Valid(body):
		a.Class, a.Error = PlatformError, "the answer is no JSON: "+looks(body)
	case a.Class == ApplicationError && (call.full || !object):
		a.Class, a.Error = PlatformError, reason(a.Status, nil)
	case a.Class != OK && a.Class != Accepted:
		a.Error = reason(a.Status, body)
	case a.Activation == "":
		a.Activation = held.ActivationID
	}
	if call.only && call.keep && a.Class == OK {
		a.Result = bytes.Clone(body)
	}
}

// empty is the record of an answer that is not read as one. Nobody writes to it.
var empty Record

// isObject reports whether body is a JSON object.
func isObject(body []byte) bool {
	s := scanner{in: body}
	first := s.next()
	return first == '{' && json.Valid(body)
}

// list reports whether body is a JSON array: OpenWhisk sends a result that is one bare, also when the record was asked for.
func list(body []byte) bool {
	s := scanner{in: body}
	return s.next() == '[' && json.Valid(body)
}
