package checks

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"wsk-scenario/engine/result"
)

// event is one line of --events jsonl, as far as these tests look.
type event struct {
	Event, Phase, Text string
	Done               int
}

// running is a run under way, seen by its events.
type running struct {
	cmd   *exec.Cmd
	lines *bufio.Scanner
	seen  strings.Builder
	out   bytes.Buffer
}

// starts begins a run. It ends with the test at the latest.
func (o *openwhisk) starts(t *testing.T, args ...string) *running {
	t.Helper()
	r := &running{cmd: o.command(t, append(args, "--events", "jsonl")...)}
	r.cmd.Stdout = &r.out
	pipe, err := r.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	r.lines = bufio.NewScanner(pipe)
	return r
}

// await reads on until an event is wanted, and fails when the run ends before.
func (r *running) await(t *testing.T, what string, wanted func(event) bool) {
	t.Helper()
	for r.lines.Scan() {
		r.seen.WriteString(r.lines.Text() + "\n")
		var e event
		if json.Unmarshal(r.lines.Bytes(), &e) == nil && wanted(e) {
			return
		}
	}
	_ = r.cmd.Wait()
	t.Fatalf("the run ended before %s:\n%s%s", what, r.seen.String(), r.out.String())
}

// ends reads to the end of the run and returns its exit code.
func (r *running) ends() int {
	for r.lines.Scan() {
		r.seen.WriteString(r.lines.Text() + "\n")
	}
	_ = r.cmd.Wait() // its exit code says what went wrong
	return r.cmd.ProcessState.ExitCode()
}

// kill ends the program as nobody expects it.
func (r *running) kill() {
	_ = r.cmd.Process.Kill()
	r.ends()
}

// began wants some answers of a phase, more than those that warm it up.
func began(phase string) func(event) bool {
	return func(e event) bool { return e.Event == "progress" && e.Phase == phase && e.Done > 10 }
}

// measured is what the last run of a scenario has left. Its books balance.
func (o *openwhisk) measured(t *testing.T, scenario string) *result.Result {
	t.Helper()
	r := o.left(t, scenario)
	for _, b := range r.Books {
		if err := b.Check(); err != nil {
			t.Errorf("the books of phase %d in cell %d: %v", b.Phase, b.Cell, err)
		}
	}
	return r
}

// left is what the last run of a scenario has left, as it is.
func (o *openwhisk) left(t *testing.T, scenario string) *result.Result {
	t.Helper()
	folders, err := filepath.Glob(filepath.Join(o.folder, "results", scenario, "*"))
	if err != nil || len(folders) == 0 {
		t.Fatalf("no result of %s is there: %v", scenario, err)
	}
	r, err := result.Read(folders[len(folders)-1])
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// provedOn checks that every call of a run that ended well is proved to have run on the node of its cell.
func provedOn(t *testing.T, r *result.Result, nodes map[string]string) {
	t.Helper()
	for _, s := range r.Summaries {
		cell := r.Plan.Cells[s.Cell]
		node := nodes[cell.ID]
		if node == "" {
			t.Errorf("cell %s is of no node", cell.ID)
		}
		ok, on := int(s.Counters["ok"]), s.Nodes[node]
		if ok == 0 || on != ok || len(s.Nodes) != 1 || s.Unproved > 0 || s.Elsewhere > 0 {
			t.Errorf("phase %s of %s: %d calls ended well, on %v; %d are unproved and %d ran elsewhere; want all on %s",
				s.Name, cell.ID, ok, s.Nodes, s.Unproved, s.Elsewhere, node)
		}
	}
}

// value is a statistic of a phase, in nanoseconds.
func value(t *testing.T, r *result.Result, cell, phase, metric string) float64 {
	t.Helper()
	for _, s := range r.Summaries {
		for _, c := range s.Classes {
			if r.Plan.Cells[s.Cell].ID == cell && s.Name == phase && c.Name == "all" {
				return c.Metrics[metric].Min
			}
		}
	}
	t.Fatalf("no phase %s in cell %s", phase, cell)
	return 0
}
