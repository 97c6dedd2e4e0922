package pool

import (
	"maps"
	"strings"
	"testing"
	"time"
)

// TestActionsThatWriteForeverAreBounded has actions write wherever they can. What is kept of it is no more than they were
// given, their container goes, and the next action runs.
func TestActionsThatWriteForeverAreBounded(t *testing.T) {
	p := newPool(t, Config{})
	const limit = 100 << 10
	const over = "The action exceeded its time limits of 2000 milliseconds."
	for _, row := range []struct{ name, does, says string }{
		{"lines into the log", "while :; do echo xxxxxxxxxxxxxxxx; done", over},
		{"lines without text into the log", "exec /usr/bin/yes ''", over},
		{"a line without end", "while :; do printf xxxxxxxxxxxxxxxx; done", over},
		{"lines into both logs", "while :; do echo xxxxxxxxxxxxxxxx; done & while :; do echo yyyyyyyyy >&2; done", over},
		{"an answer without end", "while :; do printf xxxxxxxxxxxxxxxx >&3; done", over},
		{"nulls into the answer", "exec /bin/cat /dev/zero >&3", over},
		{"a file without end", "exec /usr/bin/truncate -s 2G file", "command exited"},
	} {
		t.Run(row.name, func(t *testing.T) {
			a := action("native", "#!/bin/sh\nread -r line\n"+row.does)
			a.Timeout, a.LogSize = 2*time.Second, limit
			out := invoke(t, p, a, `{}`)
			if out.Status != DeveloperError || !strings.Contains(string(out.Result), row.says) {
				t.Errorf("status %d with %.200s, want %q", out.Status, out.Result, row.says)
			}
			kept := 0
			for _, line := range out.Logs {
				if text := line[len("2006-01-02T15:04:05.000000000Z stdout: "):]; strings.HasPrefix(text, "x") || strings.HasPrefix(text, "y") {
					kept += len(text)
				}
			}
			if most := limit/64 + 2; len(out.Logs) > most {
				t.Errorf("%d lines of the log are kept, want at most %d", len(out.Logs), most)
			}
			if kept > limit {
				t.Errorf("%d bytes of the log are kept, the limit is %d", kept, limit)
			}
			for _, c := range p.Containers() {
				if c.ID == out.Container {
					t.Error("its container is still there")
				}
			}
			succeed(t, p, action("native", echoScript), `{}`)
		})
	}
}

// TestParametersThatNoEnvironmentHolds has init parameters that a process cannot be started with. That is the action's fault
// and not the platform's, also where a stem cell gets them.
func TestParametersThatNoEnvironmentHolds(t *testing.T) {
	p := newPool(t, Config{Stems: []Stems{{Kind: "nodejs:default", Memory: 128, Count: 1}}})
	for _, row := range []struct {
		name, says string
		env        map[string]string
	}{
		{"a NUL in a name", `the init parameter \"A\\x00B\" cannot be a variable`, map[string]string{"A\x00B": "x"}},
		{"a NUL in a value", `the init parameter \"A\" cannot be a variable`, map[string]string{"A": "x\x00"}},
		{"an = in a name", `the init parameter \"__OW_CONTAINER=/x\" cannot be a variable`, map[string]string{"__OW_CONTAINER=/x": "y"}},
		{"no name", `the init parameter \"\" cannot be a variable`, map[string]string{"": "x"}},
		{"more than the system takes", "its init parameters are larger", map[string]string{"A": strings.Repeat("x", 1<<20)}},
	} {
		cold := action("native", echoScript)
		stem := action("nodejs", "function main() { return {} }")
		for kind, a := range map[string]Action{"native": cold, "nodejs": stem} {
			a.Env, a.Memory = maps.Clone(row.env), 128
			if kind == "nodejs" {
				eventually(t, "a stem cell waits", func() bool { return inState(p, Stemmed) == 1 })
				if len(row.env["A"]) == 1<<20 {
					continue // a stem cell is told its parameters when it runs
				}
			}
			out := invoke(t, p, a, `{}`)
			if out.Status != DeveloperError || !strings.Contains(string(out.Result), row.says) {
				t.Errorf("%s, %s: got status %d, %s; want the fault %q", row.name, kind, out.Status, out.Result, row.says)
			}
		}
	}
}
