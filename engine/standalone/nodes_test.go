package standalone_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"wsk-scenario/engine/standalone"
)

// twoNodes are a large cloud node and a small edge node.
var twoNodes = []standalone.Node{
	{Name: "vm", Role: "cloud", Arch: "amd64", Memory: 1024},
	{Name: "pi", Role: "edge", Arch: "arm64", Memory: 256},
}

// placed is an action that asks for resources, in JSON.
func placed(resources, more string) string {
	const code = "#!/bin/sh\\nwhile read -r line; do echo '{\\\"ok\\\":1}' >&3; done\\n"
	return fmt.Sprintf(`{"exec":{"kind":"native:default","code":"%s"},"annotations":[{"key":"invoker-resources","value":%s}%s]}`, code, resources, more)
}

func TestActionsRunOnTheNodesThatTheyAskFor(t *testing.T) {
	s := start(t, standalone.Config{Nodes: twoNodes, PerMinute: 1000})
	for _, c := range []struct {
		name, resources, more string
		node                  string // where it runs
		fails                 string
	}{
		{name: "role", resources: `["edge"]`, node: "pi"},
		{name: "another-role", resources: `["cloud"]`, node: "vm"},
		{name: "architecture", resources: `["arm64"]`, node: "pi"},
		{name: "both", resources: `["cloud","amd64"]`, node: "vm"},
		{name: "nobody", resources: `["cloud","arm64"]`, fails: "No available invokers with resources List(cloud, arm64)."},
		{name: "not-strict", resources: `["gpu"]`, more: `,{"key":"invoker-resources-strict-policy","value":false}`},
		{name: "no-list", resources: `"edge"`},
	} {
		if status, text := call(t, s, "PUT", "/actions/"+c.name, placed(c.resources, c.more)); status != 200 {
			t.Fatalf("%s: put: %d %s", c.name, status, text)
		}
		if c.fails != "" {
			status, text := call(t, s, "POST", "/actions/"+c.name+"?blocking=true", "{}")
			if status != 500 || !strings.Contains(text, c.fails) || !strings.Contains(text, "whisk internal error") {
				t.Errorf("%s: got %d %s, want 500 with %s", c.name, status, text, c.fails)
			}
			continue
		}
		for range 3 {
			r := read(t, s, "POST", "/actions/"+c.name+"?blocking=true", "{}")
			host, _ := r.note("standalone")
			if !strings.Contains(host, `"emulated":"all CPUs of this machine, `) {
				t.Errorf("%s: %s does not say that the node is emulated", c.name, host)
			}
			if c.node != "" && !strings.Contains(host, `"node":"`+c.node+`"`) || c.node == "" && !strings.Contains(host, `"node":`) {
				t.Errorf("%s: ran at %s, want node %s", c.name, host, c.node)
			}
		}
	}
}

func TestEachNodeIsAnInvoker(t *testing.T) {
	s := start(t, standalone.Config{Nodes: twoNodes})
	for path, want := range map[string]string{
		"/invokers":               `{"invoker0":"up","invoker1":"up"}`,
		"/invokers/healthy/count": "2",
		"/invokers/ready":         `{"healthy":"2/2"}`,
	} {
		resp, err := http.Get(s.URL() + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || resp.StatusCode != 200 || string(body) != want {
			t.Errorf("%s: got %d %s, %v, want %s", path, resp.StatusCode, body, err, want)
		}
	}
}

// TestAWarmContainerStaysAtHome makes calls one after the other of many actions: each action has one home, and the homes
// of all lie on both nodes.
func TestAWarmContainerStaysAtHome(t *testing.T) {
	s := start(t, standalone.Config{Nodes: []standalone.Node{{Name: "a"}, {Name: "b"}}, PerMinute: 1000})
	homes := map[string]bool{}
	for i := range 6 {
		name := fmt.Sprintf("/actions/action-%d", i)
		call(t, s, "PUT", name, placed("[]", ""))
		var first string
		for n := range 3 {
			r := read(t, s, "POST", name+"?blocking=true", "{}")
			host, _ := r.note("standalone")
			node, container, _ := strings.Cut(host, `,"start"`)
			if n == 0 {
				first = node
			}
			if node != first || (n == 0) == strings.Contains(container, "warm") {
				t.Errorf("%s: call %d ran at %s, the first one at %s", name, n, host, first)
			}
			homes[strings.Split(node, ",")[0]] = true
		}
	}
	if len(homes) != 2 {
		t.Errorf("six actions have their homes on %v, want both nodes", homes)
	}
}

func TestNodesThatCannotBeAreRefused(t *testing.T) {
	for want, nodes := range map[string][]standalone.Node{
		"another one has this name":   {{Name: "a"}, {Name: "a"}},
		"memory and CPUs must not be": {{Name: "a", Memory: -1}},
		`node ""`:                     {{}},
	} {
		s, err := standalone.Start(t.Context(), standalone.Config{Nodes: nodes})
		if err == nil {
			_ = s.Close(t.Context())
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

// TestALinkLiesBeforeItsNode calls an action on a node behind a link: what comes back is the same, later.
func TestALinkLiesBeforeItsNode(t *testing.T) {
	link := standalone.Link{Name: "wire", Delay: 40 * time.Millisecond}
	s := start(t, standalone.Config{PerMinute: 1000, Nodes: []standalone.Node{{Name: "near", Role: "near"}, {Name: "far", Role: "far", Link: link}}})
	for _, name := range []string{"near", "far"} {
		call(t, s, "PUT", "/actions/"+name, placed(`["`+name+`"]`, ""))
		read(t, s, "POST", "/actions/"+name+"?blocking=true", "{}") // the connection is made and the code sent
		began := time.Now()
		r := read(t, s, "POST", "/actions/"+name+"?blocking=true", "{}")
		took := time.Since(began)
		host, _ := r.note("standalone")
		if !strings.Contains(host, `"node":"`+name+`"`) || !strings.Contains(host, "wire link (40ms one way)") != (name == "near") {
			t.Errorf("%s: the record says %s", name, host)
		}
		if wait, _ := r.note("waitTime"); name == "far" && (took < 80*time.Millisecond || len(wait) < 2) {
			t.Errorf("an answer came after %v with a waitTime of %s ms, over a link that takes 40ms one way", took, wait)
		}
	}
}
