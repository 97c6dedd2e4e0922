package main

import (
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"wsk-scenario/engine/standalone"
	"wsk-scenario/engine/standalone/docker/dockertest"
)

// patience is how long a script waits for a program beside it before it takes it for stuck.
const patience = 5 * time.Minute

var update = flag.Bool("update", false, "write the expected output of the scripts anew")

// TestMain lets the test binary be the program itself, so that scripts run it as a process with real signals.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"wsk-scenario": func() { os.Exit(fromMachine()) }})
}

// TestScripts runs the promises of the command line, one script each. In a script $ROOT is the repository, and
// `exits CODE command…` checks an exit code to the digit, and `waitfor FILE PATTERN` waits until a program that runs beside
// the script has written something.
func TestScripts(t *testing.T) { runScripts(t, "script", nil) }

// TestDockerScripts runs those that need a Docker Engine; $DOCKER_HOST names it, and it has the image of the tests.
func TestDockerScripts(t *testing.T) {
	engine := dockertest.Start(t)
	engine.Load(t)
	t.Run("scripts", func(t *testing.T) {
		runScripts(t, "docker", map[string]string{"DOCKER_HOST": engine.Host})
	})
	for _, left := range engine.Left(t) {
		t.Errorf("the engine still has %s", left)
	}
}

func runScripts(t *testing.T, folder string, vars map[string]string) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	cache := t.TempDir() // shared, so that a launcher is compiled once
	testscript.Run(t, testscript.Params{
		Dir:           filepath.Join("testdata", folder),
		UpdateScripts: *update,
		Cmds:          map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "waitfor": waitFor},
		Setup: func(env *testscript.Env) error {
			env.Setenv("ROOT", root)
			env.Setenv("XDG_CACHE_HOME", cache)
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("AUTH", standalone.GuestAuth)
			for name, value := range vars {
				env.Setenv(name, value)
			}
			return nil
		},
	})
}

// exits runs a command and checks its exit code: exits 2 wsk-scenario validate bad.yaml.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE command [arguments]")
	}
	want, err := strconv.Atoi(args[0])
	if err != nil {
		ts.Fatalf("exits: %q is no exit code", args[0])
	}
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	if e := new(exec.ExitError); errors.As(err, &e) {
		got = e.ExitCode()
	} else if err != nil {
		ts.Fatalf("exits: %v", err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// waitFor waits until a file holds a line that matches: waitfor out '^OpenWhisk answers'.
func waitFor(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: waitfor FILE PATTERN")
	}
	pattern, err := regexp.Compile("(?m)" + args[1])
	if err != nil {
		ts.Fatalf("waitfor: %v", err)
	}
	for began := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		text, err := os.ReadFile(ts.MkAbs(args[0]))
		if err == nil && pattern.Match(text) {
			return
		}
		if time.Since(began) > patience {
			ts.Fatalf("waitfor: %s does not hold %s: %v\n%s", args[0], args[1], err, text)
		}
	}
}
