package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"wsk-scenario/engine/result"
	"wsk-scenario/engine/run"
)

// eventsVersion is the version of the lines. A new member or event does not change it; a changed or removed one does.
const eventsVersion = 1

// eventLine is one line of --events jsonl: what happened, when, and what belongs to it. docs/events.md says what each means.
type eventLine struct {
	Version int       `json:"version"`
	At      time.Time `json:"at"`
	Event   string    `json:"event"`
	of
}

// of is what an event has; what it does not have is left out.
type of struct {
	File     string    `json:"file,omitempty"`
	Target   string    `json:"target,omitempty"`
	Service  string    `json:"service,omitempty"`
	Cell     *int      `json:"cell,omitempty"`
	Cells    int       `json:"cells,omitempty"`
	ID       string    `json:"id,omitempty"`
	Phase    string    `json:"phase,omitempty"`
	Total    int       `json:"total,omitempty"`
	For      float64   `json:"for_seconds,omitempty"`
	Done     *int      `json:"done,omitempty"`
	Errors   *int      `json:"errors,omitempty"`
	Elapsed  float64   `json:"elapsed_seconds,omitempty"`
	P95      float64   `json:"p95_seconds,omitempty"`
	Achieved float64   `json:"achieved_per_second,omitempty"`
	Offered  float64   `json:"offered_per_second,omitempty"`
	Missing  *int      `json:"missing,omitempty"`
	Left     *int      `json:"left,omitempty"`
	Text     string    `json:"text,omitempty"`
	Verdicts []verdict `json:"verdicts,omitempty"`
	Status   string    `json:"status,omitempty"`
	Folder   string    `json:"folder,omitempty"`
	Exit     *int      `json:"exit_code,omitempty"`
}

// verdict is one assertion in the event judged.
type verdict struct {
	Cell   int    `json:"cell"`
	Expect string `json:"expect"`
	Status string `json:"status"`
	Red    bool   `json:"red"`
}

// eventLog writes events as JSON, one on a line; nil writes nothing.
type eventLog struct {
	mu  sync.Mutex
	out io.Writer
	now func() time.Time
	// alone says that the lines stand where the progress would: what must be said is an event, too.
	alone bool
	err   error // the first of writing
}

func (l *eventLog) write(name string, what of) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err == nil {
		l.err = json.NewEncoder(l.out).Encode(eventLine{eventsVersion, l.now().UTC(), name, what})
	}
}

// event writes what a run tells.
func (l *eventLog) event(e run.Event) {
	switch e := e.(type) {
	case run.TargetUp:
		l.write("target_up", of{Target: e.Description})
	case run.TargetSays:
		l.write("target_says", of{Text: e.Line})
	case run.ServiceStarting:
		l.write("service_starting", of{Service: e.Name})
	case run.CellStarted:
		l.write("cell_started", of{Cell: &e.Cell, Cells: e.Cells, ID: e.ID})
	case run.PhaseStarted:
		l.write("phase_started", of{Cell: &e.Cell, Phase: e.Phase, Total: e.Total, For: e.For.Seconds()})
	case run.Progress:
		l.write("progress", of{Cell: &e.Cell, Phase: e.Phase, Done: &e.Done, Errors: &e.Errors, Elapsed: e.Elapsed.Seconds(),
			P95: e.P95.Seconds(), Achieved: e.Achieved, Offered: e.Offered})
	case run.PhaseEnded:
		l.write("phase_ended", of{Cell: &e.Cell, Phase: e.Phase, Done: &e.Done, Errors: &e.Errors, Elapsed: e.Elapsed.Seconds()})
	case run.Draining:
		l.write("draining", of{Missing: &e.Missing})
	case run.CleaningUp:
		l.write("cleaning_up", of{Left: &e.Left})
	case run.Judged:
		var list []verdict
		for _, v := range e.Verdicts {
			list = append(list, verdict{v.Cell, v.Expect, string(v.Status), v.Red()})
		}
		l.write("judged", of{Verdicts: list})
	case run.Notice:
		l.write("notice", of{Text: e.Text})
	}
}

// ended is the last line of a run, with the exit code that it has alone.
func (l *eventLog) ended(file string, r *result.Result, folder string) {
	if l == nil {
		return
	}
	code, _ := codeOf(ended(r))
	l.write("run_ended", of{File: file, Status: string(r.Status), Folder: folder, Exit: &code})
}

// withEvents is a way of showing progress, and the events beside it.
type withEvents struct {
	progress
	log *eventLog
}

func (w withEvents) event(e run.Event) {
	w.log.event(e)
	w.progress.event(e)
}

func (w withEvents) say(text string) {
	if w.log.alone {
		w.log.write("notice", of{Text: text})
		return
	}
	w.progress.say(text)
}

// openEvents makes the log that --events asks for: jsonl goes to the standard error in place of the progress, jsonl=FILE to
// a file beside it. The second result ends the log.
func (r *running) openEvents(m Machine) (*eventLog, func() error, error) {
	none := func() error { return nil }
	if r.events == "" {
		return nil, none, nil
	}
	form, path, named := strings.Cut(r.events, "=")
	if form != "jsonl" || named && path == "" {
		return nil, none, wrong(fmt.Errorf("--events must be jsonl or jsonl=FILE, not %s", r.events))
	}
	l := &eventLog{out: m.Err, now: time.Now}
	if !named {
		r.quiet, l.alone = true, true
		return l, func() error { return l.err }, nil
	}
	file, err := os.Create(path)
	if err != nil {
		return nil, none, fmt.Errorf("write the events: %w", err)
	}
	hiding := m.secrets.Writer(file)
	l.out = hiding
	return l, func() error {
		if err := errors.Join(l.err, hiding.Flush(), file.Close()); err != nil {
			return fmt.Errorf("write the events: %w", err)
		}
		return nil
	}, nil
}
