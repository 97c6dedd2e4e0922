package docker_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/moby/moby/client"

	"wsk-scenario/engine/standalone/docker"
	"wsk-scenario/engine/standalone/docker/dockertest"
	"wsk-scenario/engine/standalone/pool"
)

func startsAreTrue(t *testing.T) {
	p, done := newPool(t, pool.Config{})
	defer done()
	cold, first := succeed(t, p, action("a"), `{}`)
	warm, again := succeed(t, p, action("a"), `{}`)
	_, other := succeed(t, p, action("b"), `{}`)
	if cold.Start != pool.Cold || first.Runs != 1 || cold.InitStart.IsZero() {
		t.Errorf("the first start is %s, run %d of its container", cold.Start, first.Runs)
	}
	if warm.Start != pool.Warm || again.Runs != 2 || again.Began != first.Began || !warm.InitStart.IsZero() {
		t.Errorf("the second start is %s, run %d of its container", warm.Start, again.Runs)
	}
	if other.Began == first.Began {
		t.Error("another action runs in the same container")
	}
	if pid := p.Containers()[0].PID; pid < 1 {
		t.Errorf("the container's process is %d", pid)
	}
	stems, done := newPool(t, pool.Config{Stems: []pool.Stems{{Kind: "test:default", Memory: 128, Count: 1}}})
	defer done()
	waiting := func() bool {
		all := stems.Containers()
		return len(all) > 0 && all[len(all)-1].State == pool.Stemmed
	}
	eventually(t, "a container waits", waiting)
	before := time.Now()
	out, s := succeed(t, stems, action("a"), `{}`)
	began, err := time.Parse(time.RFC3339Nano, s.Began)
	if err != nil || out.Start != pool.Prewarmed || !began.Before(before) {
		t.Errorf("start %s of a container that began %s, and was wanted at %s: %v", out.Start, s.Began, before, err)
	}
	eventually(t, "another one waits", waiting)
}

// The texts of OpenWhisk that clients look for.
const (
	exited       = "The action did not produce a valid response and exited unexpectedly."
	exitedInit   = "The action did not initialize and exited unexpectedly."
	noJSON       = "The action did not produce a valid JSON or JSON Array response: "
	overtimeRun  = "The action exceeded its time limits of 4000 milliseconds."
	overtimeInit = "The action exceeded its time limits of 4000 milliseconds during initialization."
	outOfMemory  = "The action exhausted its memory and was aborted."
)

var outcomes = []struct {
	name, code, params string
	status             pool.Status
	error              string // the beginning of the field error
	kept               bool   // whether the container stays
}{
	{"it succeeds", "x", `{}`, pool.Success, "", true},
	{"an array", "x", `{"do":"answer","text":"[1]"}`, pool.Success, "", true},
	{"nothing is an empty object", "x", `{"do":"answer","text":""}`, pool.Success, "", true},
	{"an error in an answer that is well", "x", `{"do":"answer","text":"{\"error\":\"mine\"}"}`, pool.ApplicationError, "mine", true},
	{"an error with a status", "x", `{"do":"answer","status":502,"text":"{\"error\":\"An error has occurred: x\"}"}`,
		pool.DeveloperError, "An error has occurred: x", false},
	{"an error that is no text", "x", `{"do":"answer","status":502,"text":"{\"error\":{\"a\":1}}"}`, pool.DeveloperError, `{"a":1}`, false},
	{"a status without a reason", "x", `{"do":"answer","status":500,"text":"{}"}`, pool.DeveloperError, noJSON + "{}", false},
	{"no JSON", "x", `{"do":"answer","text":"oops"}`, pool.DeveloperError, noJSON + "oops", false},
	{"a number", "x", `{"do":"answer","text":"7"}`, pool.DeveloperError, noJSON + "7", false},
	{"an answer without its length", "x", `{"do":"answer","text":"{}","chunked":true}`, pool.DeveloperError, exited, false},
	{"the longest result", "x", `{"do":"answer","bytes":1048576}`, pool.Success, "", true},
	{"a result that is too long", "x", `{"do":"answer","bytes":1048577}`, pool.ApplicationError,
		"The action produced a response that exceeded the allowed length: 1048577 > 1048576 bytes.", true},
	{"it exits in a run", "x", `{"do":"exit"}`, pool.DeveloperError, exited, false},
	{"it runs over time", "x", `{"sleep":60000}`, pool.DeveloperError, overtimeRun, false},
	{"it uses up its memory", "x", `{"do":"hog","mb":300}`, pool.DeveloperError, outOfMemory, false},
	{"the code is refused", "refuse Initialization has failed due to: x", `{}`, pool.DeveloperError, "Initialization has failed due to: x", false},
	{"the code is refused without a word", "puzzle", `{}`, pool.DeveloperError, "The action failed during initialization.", false},
	{"it exits when it is loaded", "exit", `{}`, pool.DeveloperError, exitedInit, false},
	{"it hangs when it is loaded", "hang", `{}`, pool.DeveloperError, overtimeInit, false},
}

func outcomesAreNamed(t *testing.T) {
	p, done := newPool(t, pool.Config{})
	defer done()
	for _, row := range outcomes {
		t.Run(row.name, func(t *testing.T) {
			a := action(row.code)
			a.Key = row.name
			if strings.HasPrefix(row.error, "The action exceeded its time") {
				a.Timeout = 4 * time.Second
			}
			out := invoke(t, p, a, row.params)
			var result struct{ Error json.RawMessage }
			_ = json.Unmarshal(out.Result, &result) // an array has none
			var text string
			_ = json.Unmarshal(result.Error, &text)
			if out.Status != row.status || !strings.HasPrefix(text, row.error) || (row.error == "") != (text == "") {
				t.Errorf("status %d, error %q; want %d, %q\nlogs %q", out.Status, text, row.status, row.error, out.Logs)
			}
			if want := strings.Contains(row.error, "time limits"); out.TimedOut != want {
				t.Errorf("timed out: %t", out.TimedOut)
			}
			kept := false
			for _, c := range p.Containers() {
				kept = kept || c.Key == row.name
			}
			if kept != row.kept {
				t.Errorf("the container stays: %t", kept)
			}
		})
	}
}

func runtimesAreTold(t *testing.T) {
	p, done := newPool(t, pool.Config{Driver: newDriver(t, docker.Config{APIHost: "http://192.0.2.1"})})
	defer done()
	a := action("the code")
	a.Env = map[string]string{"MODE": "bench"}
	_, s := succeed(t, p, a, `{}`)
	if s.Code != "the code" || s.Main != "main" || s.Name != "test" || s.Env["MODE"] != "bench" || s.Env["__OW_NAMESPACE"] != "guest" {
		t.Errorf("/init was told %+v", s)
	}
	out, _ := succeed(t, p, a, `{"do":"told"}`)
	var told map[string]string
	if err := json.Unmarshal(out.Result, &told); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{
		"action_name": "/guest/pkg/test", "namespace": "guest", "action_version": "0.0.1", "transaction_id": "tx",
		"activation_id": "00112233445566778899aabbccddeeff", "host": "http://192.0.2.1",
	} {
		if told[key] != want {
			t.Errorf("/run was told %s %q; want %q", key, told[key], want)
		}
	}
	if told["deadline"] == "" {
		t.Error("/run was told no deadline")
	}
}

func imagesAreNamed(t *testing.T) {
	const missing = "localhost:1/no/such:image"
	p, done := newPool(t, pool.Config{Driver: newDriver(t, docker.Config{Images: map[string]string{"odd:1": missing}})})
	defer done()
	a := action("x")
	a.Kind = "odd:1"
	if out := invoke(t, p, a, `{}`); out.Status != pool.WhiskError || !strings.Contains(string(out.Result), missing) {
		t.Errorf("an image of a kind: status %d, %s", out.Status, out.Result)
	}
	a = action("")
	a.Kind, a.Image = "blackbox", missing
	if out := invoke(t, p, a, `{}`); out.Status != pool.DeveloperError ||
		!strings.Contains(string(out.Result), "Failed to pull container image '"+missing+"'.") {
		t.Errorf("an image of an action: status %d, %s", out.Status, out.Result)
	}
}

func imagesRun(t *testing.T) {
	p, done := newPool(t, pool.Config{})
	defer done()
	a := action("")
	a.Kind, a.Image, a.Key = "blackbox", dockertest.Image, "box"
	cold, s := succeed(t, p, a, `{}`)
	warm, again := succeed(t, p, a, `{}`)
	if s.Code != "" || cold.Start != pool.Cold || warm.Start != pool.Warm || again.Began != s.Began {
		t.Errorf("starts %s and %s, told %+v", cold.Start, warm.Start, s)
	}
}

func pausedGoOn(t *testing.T) {
	p, done := newPool(t, pool.Config{PauseGrace: time.Millisecond})
	defer done()
	out, first := succeed(t, p, action("x"), `{}`)
	state := func() string {
		got, err := engineOfTests.Client.ContainerInspect(t.Context(), "wsk-"+out.Container, client.ContainerInspectOptions{})
		if err != nil {
			t.Fatal(err)
		}
		return string(got.Container.State.Status)
	}
	eventually(t, "the container is paused", func() bool { return state() == "paused" })
	eventually(t, "the pool knows", func() bool { return p.Containers()[0].State == pool.Paused })
	if warm, again := succeed(t, p, action("x"), `{}`); warm.Start != pool.Warm || again.Began != first.Began {
		t.Errorf("start %s", warm.Start)
	}
	eventually(t, "it is paused again, and removed so", func() bool { return state() == "paused" })
}

// Many callers with more actions than there is room, while containers are killed: no call ends in another way than by the
// death of its container, and none is answered by another action.
func storm(t *testing.T) {
	p, done := newPool(t, pool.Config{UserMemory: 384})
	defer done()
	var callers, killer sync.WaitGroup
	stop := make(chan struct{})
	killer.Go(func() {
		for tick := time.NewTicker(300 * time.Millisecond); ; {
			select {
			case <-tick.C:
			case <-stop:
				tick.Stop()
				return
			}
			for _, c := range p.Containers() {
				if c.PID > 0 {
					_, _ = engineOfTests.Client.ContainerKill(t.Context(), "wsk-"+c.ID, client.ContainerKillOptions{Signal: "KILL"})
					break // it may have been removed meanwhile
				}
			}
		}
	})
	for caller := range 6 {
		callers.Go(func() {
			for call := range 8 {
				key := fmt.Sprint("key", (caller+call/3)%4)
				out := invoke(t, p, action(key), `{"sleep":5}`)
				var s seen
				_ = json.Unmarshal(out.Result, &s)
				died := out.Status == pool.DeveloperError && (strings.Contains(string(out.Result), exited) || strings.Contains(string(out.Result), exitedInit))
				if !died && (out.Status != pool.Success || s.Code != key) {
					t.Errorf("%s: status %d with %s", key, out.Status, out.Result)
				}
			}
		})
	}
	callers.Wait()
	close(stop)
	killer.Wait()
}
