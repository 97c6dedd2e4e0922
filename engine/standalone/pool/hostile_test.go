package pool

import (
	"strings"
	"testing"
	"time"
)

// TestActionsThatWriteForeverAreBounded has actions write wherever they can. What is kept of it is no more than they were
// given, their container goes, and the next action runs.
func TestActionsThatWriteForeverAreBounded(t *testing.T) {
	p := newPool(t, Config{})
	const limit = 100 << 10
	const over = "The action exceeded its time limits of 700 milliseconds."
	for _, row := range []struct{ name, does, says string }{
		{"lines into the log", "while :; do echo xxxxxxxxxxxxxxxx; done", over},
		{"a line without end", "while :; do printf xxxxxxxxxxxxxxxx; done", over},
		{"lines into both logs", "while :; do echo xxxxxxxxxxxxxxxx; done & while :; do echo yyyyyyyyy >&2; done", over},
		{"an answer without end", "while :; do printf xxxxxxxxxxxxxxxx >&3; done", over},
		{"nulls into the answer", "exec /bin/cat /dev/zero >&3", over},
		{"a file without end", "exec /usr/bin/truncate -s 2G file", "command exited"},
	} {
		t.Run(row.name, func(t *testing.T) {
			a := action("native", "#!/bin/sh\nread -r line\n"+row.does)
			a.Timeout, a.LogSize = 700*time.Millisecond, limit
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
