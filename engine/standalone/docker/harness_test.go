package docker_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"testing"
	"time"

	"wsk-scenario/engine/standalone/docker"
	"wsk-scenario/engine/standalone/docker/dockertest"
	"wsk-scenario/engine/standalone/pool"
)

// engineOfTests is the one engine of all tests of this package: starting one takes seconds.
var engineOfTests dockertest.Engine

// TestMain is a server that is to be killed when told so, and otherwise runs the tests on one engine.
func TestMain(m *testing.M) {
	if host := os.Getenv("DOCKER_POOL_OF_A_SERVER"); host != "" {
		serveUntilKilled(host)
	}
	os.Exit(m.Run())
}

// TestOnARealEngine holds all tests that need one.
func TestOnARealEngine(t *testing.T) {
	engineOfTests = dockertest.Start(t)
	engineOfTests.Load(t)
	for _, test := range []struct {
		name string
		run  func(t *testing.T)
	}{
		{"starts are what the containers saw", startsAreTrue},
		{"every start is what the container saw", everyStartIsTrue},
		{"outcomes are named as OpenWhisk names them", outcomesAreNamed},
		{"the container has its limits", limitsHold},
		{"logs end with the sentinels", logsEndWithSentinels},
		{"a runtime is told what OpenWhisk tells it", runtimesAreTold},
		{"images that cannot be had are named", imagesAreNamed},
		{"paused containers go on", pausedGoOn},
		{"a killed container is replaced", killedAreReplaced},
		{"many at a time while containers are killed", storm},
		{"what a killed server left is removed", killedServersAreSwept},
		{"actions made of an image run", imagesRun},
		{"several activations share a container of Node.js", nodejsIsShared},
		{"what a used container refuses runs in another one", refusedRunsElsewhere},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.run(t)
			nothingIsLeft(t)
		})
	}
}

// nothingIsLeft fails when the engine still has something of a driver.
func nothingIsLeft(t *testing.T) {
	t.Helper()
	for _, what := range left(t) {
		t.Errorf("the engine still has %s", what)
	}
}

func left(t *testing.T) []string { return engineOfTests.Left(t) }

// kind is the one that the image of the tests runs.
const kind = "test:1"

func newDriver(t testing.TB, cfg docker.Config) *docker.Driver {
	t.Helper()
	cfg.Host = engineOfTests.Host
	if cfg.Images == nil {
		cfg.Images = map[string]string{kind: dockertest.Image}
	}
	cfg.Log = slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	d, err := docker.New(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// newPool returns a pool of containers, and what closes it.
func newPool(t testing.TB, cfg pool.Config) (*pool.Pool, func()) {
	t.Helper()
	if cfg.Driver == nil {
		cfg.Driver = newDriver(t, docker.Config{UserMemory: cfg.UserMemory})
	}
	cfg.WorkDir, cfg.CacheDir = t.TempDir(), t.TempDir()
	p, err := pool.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return p, func() {
		if err := p.Close(context.Background()); err != nil {
			t.Errorf("close the pool: %v", err)
		}
	}
}

// action is a document of its own for each code.
func action(code string) pool.Action {
	return pool.Action{
		Namespace: "guest", Path: "guest/pkg/test", Version: "0.0.1", Key: code, Kind: kind, Code: []byte(code),
		Memory: 128, Timeout: time.Minute, LogSize: 1 << 20,
	}
}

func invoke(t testing.TB, p *pool.Pool, a pool.Action, params string) pool.Outcome {
	t.Helper()
	return p.Invoke(t.Context(), pool.Request{
		Action: a, ActivationID: "00112233445566778899aabbccddeeff", Transaction: "tx", Params: json.RawMessage(params),
	})
}

// seen is what the image's program says of itself.
type seen struct {
	Began      string
	Runs       int
	Code, Main string
	Name       string
	Env        map[string]string
}

func succeed(t testing.TB, p *pool.Pool, a pool.Action, params string) (pool.Outcome, seen) {
	t.Helper()
	out := invoke(t, p, a, params)
	if out.Status != pool.Success {
		t.Fatalf("status %d with %s, logs %q; want success", out.Status, out.Result, out.Logs)
	}
	var s seen
	if err := json.Unmarshal(out.Result, &s); err != nil {
		t.Fatal(err)
	}
	return out, s
}

// deadline is how long a test waits for what must happen at some time.
const deadline = 3 * time.Minute

func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(deadline); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("after %v still not: %s", deadline, what)
		}
	}
}

// serveUntilKilled keeps one warm container on the engine and says so.
func serveUntilKilled(host string) {
	ctx := context.Background()
	d, err := docker.New(ctx, docker.Config{Host: host, Images: map[string]string{kind: dockertest.Image}})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	p, err := pool.New(pool.Config{Driver: d, WorkDir: os.TempDir()})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	out := p.Invoke(ctx, pool.Request{Action: action("echo"), Params: json.RawMessage(`{}`)})
	fmt.Println(string(out.Result))
	_, _ = bufio.NewReader(os.Stdin).ReadString('\n') // its end comes before
	os.Exit(1)
}
