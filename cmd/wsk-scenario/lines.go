package main

import (
	"fmt"
	"io"
	"sync"
	"time"

	"wsk-scenario/engine/run"
)

// everyLine is how often a phase that goes on says so where there is no terminal.
const everyLine = 30 * time.Second

// lines shows progress where there is no terminal: a line when a phase begins and ends, and one now and then.
type lines struct {
	out      io.Writer
	onlySaid bool // no progress, only what must be said

	mu    sync.Mutex
	story story
	last  time.Duration // into the phase, when it last had a line
}

func (l *lines) event(e run.Event) {
	if l.onlySaid {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.story.hear(e)
	switch e := e.(type) {
	case run.PhaseStarted:
		l.last = 0
		l.line(l.story.where(e.Phase) + ": " + l.story.size())
	case run.Progress:
		if e.Elapsed-l.last >= everyLine {
			l.last = e.Elapsed
			l.line(l.story.where(e.Phase) + ": " + l.story.done(e.Done, e.Errors, e.Elapsed) + " so far" + l.story.figures(e))
		}
	case run.PhaseEnded:
		l.line(l.story.where(e.Phase) + ": done, " + l.story.done(e.Done, e.Errors, e.Elapsed))
	default:
		if text := remark(e); text != "" {
			l.line(text)
		}
	}
}

func (l *lines) say(text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.line(text)
}

func (l *lines) close() {}

func (l *lines) line(text string) { fmt.Fprintln(l.out, text) }
