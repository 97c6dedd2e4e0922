// Package protocol is how OpenWhisk's invoker speaks with a container, whoever has started it: POST /init and POST /run on
// port 8080, logs on standard output and error with a sentinel on each after every activation. It is the client's side; the
// server's is in proxy.
package protocol

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"path"
	"time"

	"wsk-scenario/engine/standalone/runtime"
)

// Port is where a runtime listens.
const Port = 8080

// Init is tried again while the runtime does not listen yet. OpenWhisk waits 50 ms between, which would be seen in every
// cold start.
const retryInterval = 5 * time.Millisecond

// What OpenWhisk says of containers that do not answer as they should.
var (
	errDiedInInit = &runtime.Failure{Text: "The action did not initialize and exited unexpectedly."}
	errDiedInRun  = &runtime.Failure{Text: "The action did not produce a valid response and exited unexpectedly."}
	errMemory     = &runtime.Failure{Text: "The action exhausted its memory and was aborted."}
)

// errEnded is a container that runs no more. Its address may be another one's by now.
var errEnded = errors.New("the container has ended")

// errNoLength is an answer that is not counted as one: OpenWhisk wants its length before it.
var errNoLength = errors.New("the answer has no Content-Length")

// Container is what must be known of a container beside what it answers.
type Container interface {
	// Alive reports whether it runs.
	Alive() bool
	// Signal ends what runs in it.
	Signal()
	// KilledForMemory reports whether it has fallen silent because its memory was used up. It may wait a moment for that to
	// be known.
	KilledForMemory() bool
}

// Client calls one container.
type Client struct {
	Container
	HTTP   *http.Client
	URL    string // such as http://172.18.0.2:8080; empty when it has no address any more
	Result int    // bytes of the longest result, of which a longer one is cut to
}

// Init waits until the runtime listens and posts the code to it. A *runtime.Failure is the action's fault; after any error
// the container has been signalled and is there for its log alone.
func (c *Client) Init(ctx context.Context, code runtime.Code) error {
	err := c.init(ctx, code)
	if err != nil {
		c.Signal()
	}
	return err
}

func (c *Client) init(ctx context.Context, code runtime.Code) error {
	body, err := initRequest(code)
	if err != nil {
		return fmt.Errorf("encode the action: %w", err)
	}
	for {
		answer, status, err := c.post(ctx, "/init", body)
		switch {
		case err == nil && status == http.StatusOK:
			return nil
		case err == nil:
			return refusal(answer)
		case ctx.Err() != nil:
			return ctx.Err()
		case c.URL == "" || !unreached(err) || !c.Alive():
			return c.silent(errDiedInInit)
		}
		select {
		case <-time.After(retryInterval):
		case <-ctx.Done():
		}
	}
}

// initRequest is what a runtime is told to load.
func initRequest(code runtime.Code) ([]byte, error) {
	value := struct {
		Name   string            `json:"name"`
		Main   string            `json:"main"`
		Code   *string           `json:"code,omitempty"`
		Binary bool              `json:"binary"`
		Env    map[string]string `json:"env"`
	}{Name: path.Base(code.Env["__OW_ACTION_NAME"]), Main: code.Main, Binary: code.Binary, Env: code.Env}
	if value.Main == "" {
		value.Main = "main"
	}
	if len(code.Data) > 0 || code.Kind.Name != Blackbox {
		text := string(code.Data)
		value.Code = &text
	}
	return json.Marshal(map[string]any{"value": value})
}

// refusal is what a runtime complains of that did not load the code.
func refusal(answer runtime.Answer) error {
	if text, said := complaint(answer.Line); said {
		return &runtime.Failure{Text: text}
	}
	text := "The action failed during initialization."
	if line := bytes.TrimSpace(answer.Line); len(line) > 0 {
		text = "The action failed during initialization: " + shown(line)
	}
	return &runtime.Failure{Text: text}
}

// Run posts a request and waits for the answer; when ctx ends it kills the container. A *runtime.Failure is the action's
// fault, runtime.ErrGone a container that could not be reached; after any error the container is of no use any more.
func (c *Client) Run(ctx context.Context, a runtime.Activation, params json.RawMessage) (runtime.Answer, error) {
	body, err := a.Request(params)
	if err != nil {
		return runtime.Answer{}, fmt.Errorf("encode the request: %w", err)
	}
	answer, status, err := c.post(ctx, "/run", body)
	switch {
	case err == nil && status == http.StatusOK:
		if len(bytes.TrimSpace(answer.Line)) == 0 {
			answer.Line = []byte("{}") // as OpenWhisk reads it
		}
		return answer, nil
	case err == nil && status == http.StatusServiceUnavailable:
		return runtime.Answer{}, &refusedRun{failure(answer)}
	case err == nil:
		return runtime.Answer{}, failure(answer)
	case ctx.Err() != nil:
		c.Signal()
		return runtime.Answer{}, ctx.Err()
	case unreached(err):
		return runtime.Answer{}, runtime.ErrGone
	}
	return runtime.Answer{}, c.silent(errDiedInRun)
}

// refusedRun is the answer 503 to a run. As in OpenWhisk another container may run what one that was used before has refused;
// of a container's first run it is a failure like any other.
type refusedRun struct{ error }

// Unwrap is the failure.
func (e *refusedRun) Unwrap() error { return e.error }

// Is reports whether the request was not taken.
func (e *refusedRun) Is(target error) bool { return target == runtime.ErrGone }

// failure is what a runtime complains of that did not run the action.
func failure(answer runtime.Answer) error {
	if text, said := complaint(answer.Line); said {
		return &runtime.Failure{Text: text}
	}
	return &runtime.Failure{Text: "The action did not produce a valid JSON or JSON Array response: " + shown(answer.Line)}
}

// silent is why a container gave no answer: otherwise, unless its memory was used up.
func (c *Client) silent(otherwise error) error {
	if c.KilledForMemory() {
		return errMemory
	}
	return otherwise
}

// post sends body and reads the answer, of which no more than the longest result is kept.
func (c *Client) post(ctx context.Context, route string, body []byte) (runtime.Answer, int, error) {
	if !c.Alive() {
		return runtime.Answer{}, 0, errEnded
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.URL+route, bytes.NewReader(body))
	if err != nil {
		return runtime.Answer{}, 0, err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := c.HTTP.Do(request)
	if err != nil {
		return runtime.Answer{}, 0, err
	}
	defer response.Body.Close()
	if response.ContentLength < 0 {
		return runtime.Answer{}, 0, errNoLength
	}
	line, err := io.ReadAll(io.LimitReader(response.Body, int64(c.Result)))
	if err != nil {
		return runtime.Answer{}, 0, err
	}
	return runtime.Answer{Line: line, Size: int(response.ContentLength)}, response.StatusCode, nil
}

// unreached reports whether no connection could be made: nothing of the request was taken.
func unreached(err error) bool {
	var op *net.OpError
	return errors.Is(err, errEnded) || errors.As(err, &op) && op.Op == "dial"
}

// complaint is the field error of an answer.
func complaint(line []byte) (text string, said bool) {
	var answer struct {
		Error json.RawMessage `json:"error"`
	}
	if json.Unmarshal(line, &answer) != nil || answer.Error == nil {
		return "", false
	}
	if json.Unmarshal(answer.Error, &text) != nil {
		text = string(answer.Error)
	}
	return text, true
}

// shownOfAnswer is how much of a wrong answer goes into the message about it.
const shownOfAnswer = 1024

func shown(line []byte) string {
	return string(bytes.ToValidUTF8(line[:min(len(line), shownOfAnswer)], []byte("\uFFFD")))
}

// HTTP makes the connections to containers: as OpenWhisk does, a new one for each call. Nothing of the environment,
// such as a proxy, stands between.
func HTTP() *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			DialContext:        (&net.Dialer{KeepAlive: -1}).DialContext,
			DisableKeepAlives:  true,
			DisableCompression: true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
