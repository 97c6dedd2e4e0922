package standalone_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"wsk-scenario/engine/standalone"
)

const invokerToken = "what invokers and their controller share"

// apart starts an invoker of a controller.
func apart(t *testing.T, controller *standalone.Server, node standalone.Node) *standalone.Invoker {
	t.Helper()
	i, err := standalone.StartInvoker(t.Context(), standalone.InvokerConfig{
		Controller: controller.URL(), Token: invokerToken, Node: node, WorkDir: t.TempDir(), CacheDir: cacheDir(t),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := i.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Errorf("close the invoker: %v", err)
		}
	})
	return i
}

// shows waits until a path of the server answers with a text.
func shows(t *testing.T, s *standalone.Server, path, want string) {
	t.Helper()
	var got string
	for range 12_000 {
		resp, err := http.Get(s.URL() + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if got = string(body); err == nil && got == want {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("%s shows %s, never %s", path, got, want)
}

// TestControllerAndInvokersApart plays the life of invokers that are not in the controller's process, over HTTP.
func TestControllerAndInvokersApart(t *testing.T) {
	s := start(t, standalone.Config{InvokerToken: invokerToken, PerMinute: 100_000})
	shows(t, s, "/invokers", "{}")
	shows(t, s, "/invokers/ready", `{"unhealthy":"0/0"}`)
	if status, text := call(t, s, "PUT", "/actions/early", placed("[]", "")); status != 400 || !strings.Contains(text, "is not supported") {
		t.Errorf("before an invoker has come, nobody knows a kind: got %d %s", status, text)
	}
	cloud := apart(t, s, standalone.Node{Name: "vm", Role: "cloud", Memory: 512})
	shows(t, s, "/invokers/healthy/count", "1")
	pi := apart(t, s, standalone.Node{Name: "pi", Role: "edge", Memory: 512})
	shows(t, s, "/invokers", `{"invoker0":"up","invoker1":"up"}`)

	for role, node := range map[string]string{"cloud": "vm", "edge": "pi"} {
		if status, text := call(t, s, "PUT", "/actions/"+role, placed(`["`+role+`"]`, "")); status != 200 {
			t.Fatalf("put: %d %s", status, text)
		}
		for i, want := range []string{"cold", "warm", "warm"} {
			r := read(t, s, "POST", "/actions/"+role+"?blocking=true", "{}")
			host, _ := r.note("standalone")
			if !strings.Contains(host, `"node":"`+node+`"`) || !strings.Contains(host, `"start":"`+want+`"`) || strings.Contains(host, "emulated") {
				t.Errorf("%s, call %d: got %s, want %s on the real node %s", role, i, host, want, node)
			}
		}
	}
	if status, text := call(t, s, "PUT", "/actions/greet", greet); status != 200 {
		t.Fatalf("put: %d %s", status, text)
	}
	r := read(t, s, "POST", "/actions/greet?blocking=true", `{"name":"Ada"}`)
	r = read(t, s, "GET", "/activations/"+r.ActivationID, "")
	if r.Response.Result["greeting"] != "Hello, Ada" || len(r.Logs) != 1 || !strings.HasSuffix(r.Logs[0], "greeting") {
		t.Errorf("result %v, logs %q", r.Response.Result, r.Logs)
	}
	if status, text := callIn(t, s, "POST", "whisk.system/actions/utils/echo?blocking=true&result=true", `{"a":1}`); status != 200 || text != `{"a":1}` {
		t.Errorf("whisk.system/utils/echo: got %d %s", status, text)
	}

	for url, line := range map[string]string{pi.URL(): `container_memory_limit_bytes{node="pi"} 536870912`, s.URL(): `invokers{state="up"} 2`} {
		if got := open(t, url+"/metrics"); !strings.Contains(got, "\nopenwhisk_standalone_"+line+"\n") {
			t.Errorf("%s/metrics has no line %s:\n%s", url, line, got)
		}
	}

	// An invoker that leaves is down at once, and what needs it has nobody.
	if err := cloud.Close(t.Context()); err != nil {
		t.Error(err)
	}
	shows(t, s, "/invokers", `{"invoker0":"down","invoker1":"up"}`)
	if status, text := call(t, s, "POST", "/actions/cloud?blocking=true", "{}"); status != 503 || text != "" {
		t.Errorf("nobody is there for it: got %d %q, want 503 without a body", status, text)
	}
	if r := read(t, s, "POST", "/actions/greet?blocking=true", `{"name":"Bob"}`); r.Response.Result["greeting"] != "Hello, Bob" {
		t.Errorf("what runs anywhere: got %v", r.Response.Result)
	}
	// In another life it is the same invoker again, with no container of the former one.
	apart(t, s, standalone.Node{Name: "vm", Role: "cloud", Memory: 512})
	shows(t, s, "/invokers", `{"invoker0":"up","invoker1":"up"}`)
	again := read(t, s, "POST", "/actions/cloud?blocking=true", "{}")
	if host, _ := again.note("standalone"); !strings.Contains(host, `"start":"cold"`) {
		t.Errorf("after its invoker came back: %s", host)
	}
}

// Two with a name each have the memory of both: what one has no room for goes to the other.
func TestTwoInvokersOnOneNodeAreTwo(t *testing.T) {
	s := start(t, standalone.Config{InvokerToken: invokerToken})
	for _, name := range []string{"first", "second"} {
		i, err := standalone.StartInvoker(t.Context(), standalone.InvokerConfig{
			Name: name, Controller: s.URL(), Token: invokerToken, Node: standalone.Node{Name: "pi", Memory: 256}, WorkDir: t.TempDir(), CacheDir: cacheDir(t),
		})
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := i.Close(context.WithoutCancel(t.Context())); err != nil {
				t.Errorf("close the invoker %s: %v", name, err)
			}
		}()
	}
	shows(t, s, "/invokers", `{"invoker0":"up","invoker1":"up"}`)
	if got := open(t, s.URL()+"/invokers/healthy/count"); got != "2" {
		t.Errorf("%s are healthy", got)
	}
}

// Who watches the process learns whether the controller knows it.
func TestAnInvokerIsReadyWhenItsControllerKnowsIt(t *testing.T) {
	s := start(t, standalone.Config{InvokerToken: invokerToken})
	known := apart(t, s, standalone.Node{Name: "pi"})
	stranger, err := standalone.StartInvoker(t.Context(), standalone.InvokerConfig{
		Controller: s.URL(), Token: "another token", Node: standalone.Node{Name: "vm"}, WorkDir: t.TempDir(), CacheDir: cacheDir(t),
	})
	if err != nil {
		t.Fatal(err)
	}
	defer stranger.Close(context.WithoutCancel(t.Context()))
	becomes := func(url string, status int) {
		for range 12_000 {
			resp, err := http.Get(url + "/ready")
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if resp.StatusCode == status {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
		t.Fatalf("%s/ready never answers %d", url, status)
	}
	becomes(known.URL(), http.StatusOK)
	becomes(stranger.URL(), http.StatusServiceUnavailable)
}

func TestOnlyWhoHasTheTokenBecomesAnInvoker(t *testing.T) {
	s := start(t, standalone.Config{InvokerToken: invokerToken})
	for auth, want := range map[string]int{"": 401, "Bearer another": 401, "Bearer " + invokerToken: 400} {
		req, err := http.NewRequestWithContext(t.Context(), "POST", s.URL()+"/invokers", strings.NewReader(`{"node":"x"}`))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", auth)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("%q: got %s, want %d", auth, resp.Status, want)
		}
	}
	shows(t, s, "/invokers", "{}")
	alone := start(t, standalone.Config{})
	resp, err := http.Post(alone.URL()+"/invokers", "application/json", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("a server with its own invoker answers a hello with %s", resp.Status)
	}
}

func TestInvokersThatCannotBe(t *testing.T) {
	for want, cfg := range map[string]standalone.InvokerConfig{
		"address of its controller": {Token: "t"},
		"token of its controller":   {Controller: "http://127.0.0.1:1"},
		"the link that it has":      {Controller: "http://127.0.0.1:1", Token: "t", Node: standalone.Node{Name: "a", Link: standalone.Link{Delay: 1}}},
		"must not be negative":      {Controller: "http://127.0.0.1:1", Token: "t", Node: standalone.Node{Name: "a", CPUs: -1}},
	} {
		i, err := standalone.StartInvoker(t.Context(), cfg)
		if err == nil {
			_ = i.Close(t.Context())
		}
		if err == nil || !strings.Contains(fmt.Sprint(err), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	if _, err := standalone.Start(t.Context(), standalone.Config{InvokerToken: "t", Nodes: twoNodes}); err == nil {
		t.Error("a controller with nodes of its own was started")
	}
}
