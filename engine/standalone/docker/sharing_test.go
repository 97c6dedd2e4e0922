package docker_test

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"wsk-scenario/engine/standalone/docker"
	"wsk-scenario/engine/standalone/docker/dockertest"
	"wsk-scenario/engine/standalone/pool"
)

// The image plays Node.js here: what is tested is that it is told and asked as OpenWhisk does.
func nodejsIsShared(t *testing.T) {
	images := map[string]string{"nodejs:20": dockertest.Image, kind: dockertest.Image}
	p, done := newPool(t, pool.Config{Driver: newDriver(t, docker.Config{Images: images, Concurrent: true})})
	defer done()
	a := action("x")
	a.Kind, a.Concurrency = "nodejs:20", 3
	type meeting struct {
		Met     int
		Began   string
		Allowed string
	}
	found := make(chan meeting, 3)
	var callers sync.WaitGroup
	for range 3 {
		callers.Go(func() {
			out := invoke(t, p, a, `{"do":"meet","n":3,"say":"hello\n"}`)
			var m meeting
			if err := json.Unmarshal(out.Result, &m); err != nil || out.Status != pool.Success {
				t.Errorf("status %d: %s", out.Status, out.Result)
			}
			found <- m
		})
	}
	callers.Wait()
	close(found)
	began := map[string]bool{}
	for m := range found {
		began[m.Began] = true
		if m.Met != 3 || m.Allowed != "true" {
			t.Errorf("%d runs were in a container that is told %q", m.Met, m.Allowed)
		}
	}
	if len(began) != 1 || len(p.Containers()) != 1 {
		t.Errorf("three activations were in %d containers of %d, want 1", len(began), len(p.Containers()))
	}
	a.Kind, a.Key = kind, "another kind"
	if out := invoke(t, p, a, `{"do":"meet","n":1}`); strings.Contains(string(out.Result), `"allowed":"true"`) {
		t.Errorf("another kind is told the same: %s", out.Result)
	}
}

func refusedRunsElsewhere(t *testing.T) {
	p, done := newPool(t, pool.Config{})
	defer done()
	first := invoke(t, p, action("x"), `{"do":"answer","text":"{}"}`)
	next := invoke(t, p, action("x"), `{"do":"busy"}`)
	if next.Start != pool.Cold || next.Container == first.Container || strings.Contains(string(next.Result), "503") {
		t.Errorf("after a refusal: start %s in the container %s of %s: %s", next.Start, next.Container, first.Container, next.Result)
	}
	if out := invoke(t, p, action("y"), `{"do":"answer","status":503,"text":"{\"error\":\"busy\"}"}`); out.Status != pool.DeveloperError ||
		string(out.Result) != `{"error":"busy"}` {
		t.Errorf("a container refuses its first run: status %d, %s", out.Status, out.Result)
	}
}
