package remote

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"wsk-scenario/engine/standalone/pool"
)

// containers answer with the code that they were given, and what they were asked.
type containers struct {
	mu       sync.Mutex
	seen     []pool.Request
	entered  chan struct{} // told of each activation
	gate     chan struct{} // what an activation waits for; nil for nothing
	prepared []string
}

func (c *containers) Invoke(ctx context.Context, r pool.Request) pool.Outcome {
	c.mu.Lock()
	c.seen = append(c.seen, r)
	c.mu.Unlock()
	at := time.Date(2026, 3, 1, 12, 0, 0, 123456789, time.UTC)
	o := pool.Outcome{Result: json.RawMessage(`{"code":"` + string(r.Action.Code) + `","n":12345678901234567890}`), Container: "c1",
		Start: pool.Cold, InitStart: at, InitEnd: at.Add(time.Millisecond), RunStart: at.Add(time.Millisecond), RunEnd: at.Add(2 * time.Millisecond)}
	if r.Answered != nil {
		r.Answered(o)
	}
	if c.entered != nil {
		c.entered <- struct{}{}
	}
	if c.gate != nil {
		select {
		case <-c.gate:
		case <-ctx.Done():
			return pool.Outcome{Status: pool.WhiskError}
		}
	}
	o.Logs = []string{"a line < with & signs"}
	return o
}

func (c *containers) Prepare(_ context.Context, kind string) error {
	if kind == "cobol" {
		return errors.New("there is no cobol")
	}
	c.prepared = append(c.prepared, kind)
	return nil
}

const token = "a token"

// far serves containers over HTTP, and counts the bytes of the bodies that came.
func far(t *testing.T, c *containers) (*Client, *Handler, *httptest.Server) {
	t.Helper()
	h := NewHandler(c, token)
	server := httptest.NewServer(h)
	client := NewClient(server.URL, token)
	t.Cleanup(func() { client.Close(); server.Close() })
	return client, h, server
}

func request(key, code string) pool.Request {
	return pool.Request{ActivationID: "id", Params: json.RawMessage(`{"name":"<Ada>"}`), Action: pool.Action{
		Namespace: "guest", Path: "guest/hello", Key: key, Kind: "nodejs:20", Code: []byte(code), Memory: 256, Timeout: time.Minute,
		LogSize: 10 << 20, Env: map[string]string{"MODE": "bench"},
	}}
}

func TestAnActivationGoesThereAndItsOutcomeComesBack(t *testing.T) {
	c := &containers{}
	client, _, _ := far(t, c)
	r := request("k", "one")
	o := client.Invoke(t.Context(), r)
	if o.Status != pool.Success || string(o.Result) != `{"code":"one","n":12345678901234567890}` || o.Lost || o.Start != pool.Cold ||
		o.RunEnd.Sub(o.RunStart) != time.Millisecond || !slices.Equal(o.Logs, []string{"a line < with & signs"}) {
		t.Errorf("got %+v", o)
	}
	got := c.seen[0]
	var name struct{ Name string }
	if err := json.Unmarshal(got.Params, &name); err != nil || name.Name != "<Ada>" || got.Action.Env["MODE"] != "bench" ||
		got.Action.Timeout != time.Minute || got.Action.LogSize != 10<<20 || got.Answered != nil {
		t.Errorf("it was asked %+v", got)
	}
}

func TestCodeTravelsOnce(t *testing.T) {
	c := &containers{}
	client, h, server := far(t, c)
	if message(request("k", "one"), "c", false).Request.Action.Code != nil {
		t.Error("an invocation that needs no code has it")
	}
	for i := range 3 {
		if client.has(client.session+"/k") != (i > 0) {
			t.Errorf("call %d: the client does not know what it has sent", i)
		}
		if o := client.Invoke(t.Context(), request("k", "one")); !strings.Contains(string(o.Result), `"code":"one"`) {
			t.Errorf("call %d: got %s", i, o.Result)
		}
	}
	h.codes = codes{} // the invoker has forgotten
	if o := client.Invoke(t.Context(), request("k", "one")); !strings.Contains(string(o.Result), `"code":"one"`) {
		t.Errorf("after it was forgotten: got %s", o.Result)
	}
	// Another controller counts from the beginning: its action of the same key is another one.
	other := NewClient(server.URL, token)
	defer other.Close()
	if o := other.Invoke(t.Context(), request("k", "two")); !strings.Contains(string(o.Result), `"code":"two"`) {
		t.Errorf("another controller: got %s", o.Result)
	}
	if c.seen[0].Action.Key == c.seen[len(c.seen)-1].Action.Key {
		t.Error("two controllers share a container")
	}
}

func TestAnImageWithoutCodeTravels(t *testing.T) {
	c := &containers{}
	client, _, _ := far(t, c)
	r := request("box", "")
	r.Action.Code, r.Action.Kind, r.Action.Image = nil, "blackbox", "example/box:1"
	for range 2 {
		if o := client.Invoke(t.Context(), r); o.Lost || o.Status != pool.Success {
			t.Fatalf("got %+v", o)
		}
	}
	if got := c.seen[1].Action; got.Image != "example/box:1" || len(got.Code) != 0 {
		t.Errorf("it was asked for %+v", got)
	}
}

func TestCodesAreBounded(t *testing.T) {
	var c codes
	for _, name := range []string{"a", "b", "c"} {
		c.put(name, make([]byte, mostCode/2))
	}
	_, first := c.get("a")
	if _, last := c.get("c"); first || !last || c.size > mostCode {
		t.Errorf("the first is there: %t, the last: %t, %d bytes", first, last, c.size)
	}
}

func TestWhoWaitsIsAnsweredBeforeTheLogIsThere(t *testing.T) {
	c := &containers{gate: make(chan struct{})}
	client, _, _ := far(t, c)
	r := request("k", "one")
	early := make(chan pool.Outcome, 1)
	r.Answered = func(o pool.Outcome) {
		early <- o
		close(c.gate) // only now may the log be read
	}
	o := client.Invoke(t.Context(), r)
	if first := <-early; len(first.Logs) != 0 || len(o.Logs) != 1 || string(first.Result) != string(o.Result) {
		t.Errorf("first %+v, then %+v", first, o)
	}
}

func TestAnInvokerThatGoesAwayTakesItsActivationsWithIt(t *testing.T) {
	c := &containers{entered: make(chan struct{}), gate: make(chan struct{})}
	client, _, server := far(t, c)
	outcome := make(chan pool.Outcome)
	go func() { outcome <- client.Invoke(t.Context(), request("k", "one")) }()
	<-c.entered
	server.CloseClientConnections()
	if o := <-outcome; !o.Lost || o.Status != pool.WhiskError {
		t.Errorf("got %+v, want one that is lost", o)
	}
	server.Close()
	if o := client.Invoke(t.Context(), request("k", "one")); !o.Lost {
		t.Errorf("nobody is there: got %+v", o)
	}
}

func TestAControllerThatStopsStopsItsActivations(t *testing.T) {
	c := &containers{entered: make(chan struct{}), gate: make(chan struct{})}
	client, _, _ := far(t, c)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-c.entered; cancel() }()
	if o := client.Invoke(ctx, request("k", "one")); o.Lost || !strings.Contains(string(o.Result), "The platform stopped") {
		t.Errorf("got %+v", o)
	}
}

func TestOnlyWhoHasTheTokenIsServed(t *testing.T) {
	c := &containers{}
	_, _, server := far(t, c)
	for _, wrong := range []string{"", "another token"} {
		client := NewClient(server.URL, wrong)
		if o := client.Invoke(t.Context(), request("k", "one")); o.Status != pool.WhiskError || len(c.seen) > 0 {
			t.Errorf("token %q: got %+v", wrong, o)
		}
		client.Close()
	}
	nobody := httptest.NewServer(NewHandler(c, ""))
	defer nobody.Close()
	req, err := http.NewRequest(http.MethodPost, nobody.URL+invokePath, strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer ")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("an invoker without a token answers %s", resp.Status)
	}
}

func TestKindsArePreparedThere(t *testing.T) {
	c := &containers{}
	client, _, _ := far(t, c)
	if err := client.Prepare(t.Context(), "java:21"); err != nil || !slices.Equal(c.prepared, []string{"java:21"}) {
		t.Errorf("prepared %v, %v", c.prepared, err)
	}
	if err := client.Prepare(t.Context(), "cobol"); err == nil || !strings.Contains(err.Error(), "there is no cobol") {
		t.Errorf("got %v", err)
	}
}
