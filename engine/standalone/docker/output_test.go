package docker_test

import (
	"fmt"
	"strings"
	"testing"

	"wsk-scenario/engine/standalone/pool"
)

func logsEndWithSentinels(t *testing.T) {
	p, done := newPool(t, pool.Config{})
	defer done()
	a := action("x")
	bare := func(lines []string) (texts []string) {
		for _, l := range lines {
			if at := strings.Index(l, " std"); at != 30 {
				t.Errorf("the line %q does not begin with a time of 30 characters", l)
			}
			texts = append(texts, l[31:])
		}
		return texts
	}
	for _, row := range []struct {
		name, params string
		limit        int64
		want         string
	}{
		{"lines of both streams", `{"say":"one\n"}`, 1000, `stderr: err: one, stdout: one`},
		{"a line without an end", `{"say":"two"}`, 1000, `stderr: err: two, stdout: two`},
		{"nothing of an earlier one", `{}`, 1000, ``},
		{"nothing is kept", `{"say":"three\n"}`, 0, ``},
		{"more than is kept", `{"say":"0123456789\n"}`, 14, ``},
	} {
		t.Run(row.name, func(t *testing.T) {
			a := a
			a.LogSize, a.Key = row.limit, fmt.Sprint(row.limit) // another limit is another version
			out, _ := succeed(t, p, a, row.params)
			got := bare(out.Logs)
			if row.limit == 14 {
				if text := strings.Join(got, "\n"); !strings.Contains(text, "Logs were truncated because the total bytes size exceeds the limit of 14 bytes.") {
					t.Errorf("the log is %q", got)
				}
				return
			}
			if len(got) == 2 && got[0] > got[1] {
				got[0], got[1] = got[1], got[0] // two streams have no order
			}
			if text := strings.Join(got, ", "); text != row.want {
				t.Errorf("the log is %q; want %q", text, row.want)
			}
		})
	}
	out, _ := succeed(t, p, a, `{"say":"four\n","mute":true}`)
	if text := strings.Join(out.Logs, "\n"); !strings.Contains(text, "stdout: four") ||
		!strings.Contains(text, "There was an issue while collecting your logs. Data might be missing.") {
		t.Errorf("the log of a runtime without a sentinel is %q", out.Logs)
	}
	out = invoke(t, p, action("exit"), `{}`)
	if text := strings.Join(out.Logs, "\n"); !strings.Contains(text, "stdout: leaving") ||
		!strings.Contains(text, "The action did not initialize or run as expected. Log data might be missing.") {
		t.Errorf("the log of one that exits is %q", out.Logs)
	}
	out = invoke(t, p, action("refuse no"), `{}`)
	if text := strings.Join(out.Logs, "\n"); !strings.Contains(text, "stdout: this code is refused") {
		t.Errorf("the log of code that is refused is %q", out.Logs)
	}
}
