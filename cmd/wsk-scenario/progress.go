package main

import (
	"fmt"
	"time"

	"wsk-scenario/dsl/expr"
	"wsk-scenario/engine/report/content"
	"wsk-scenario/engine/run"
)

// progress shows people how far a run is. Events come one at a time; say may be called beside them.
type progress interface {
	event(run.Event)
	say(text string)
	close()
}

func newProgress(s screen, quiet bool) progress {
	if s.terminal && !quiet {
		return newBars(s)
	}
	return &lines{out: s.out, onlySaid: quiet}
}

// story is what is known of the run from the events so far, and the sentences that both ways of showing it share.
type story struct {
	cell  run.CellStarted
	phase run.PhaseStarted
}

func (s *story) hear(e run.Event) {
	switch e := e.(type) {
	case run.CellStarted:
		s.cell = e
	case run.PhaseStarted:
		s.phase = e
	}
}

// where names the cell and the phase: [2/5] lang=java cold. The only cell of a run needs no name.
func (s *story) where(phase string) string {
	if s.cell.Cells < 2 {
		return phase
	}
	return fmt.Sprintf("[%d/%d] %s %s", s.cell.Cell+1, s.cell.Cells, s.cell.ID, phase)
}

// size says what a phase will do.
func (s *story) size() string {
	if s.phase.Total == 0 {
		return "for " + s.phase.For.String()
	}
	return plural(s.phase.Total, "call")
}

// done says how much of the phase is done.
func (s *story) done(done, errors int, elapsed time.Duration) string {
	of := ""
	if s.phase.Total > 0 {
		of = fmt.Sprintf(" of %d", s.phase.Total)
	}
	return fmt.Sprintf("%d%s calls, %s, %s", done, of, plural(errors, "error"), content.Duration(elapsed.Seconds()))
}

// figures are what is known of a phase under way beside the count: rates, p95 and the time that is left.
func (s *story) figures(now run.Progress) string {
	text := ""
	if now.Achieved > 0 {
		text += ", " + perSecond(now.Achieved)
		if now.Offered > 0 {
			text += " of " + perSecond(now.Offered) + " due"
		}
	}
	if now.P95 > 0 {
		text += ", p95 " + content.Duration(now.P95.Seconds())
	}
	if left, ok := s.left(now); ok && left >= time.Second {
		text += ", " + left.Round(time.Second).String() + " left"
	}
	return text
}

func perSecond(rate float64) string { return expr.Format(rate) + "/s" }

// left is how long the phase still takes: what is said for a load by time, else at the pace so far.
func (s *story) left(now run.Progress) (time.Duration, bool) {
	total, done := s.phase.Total, now.Done
	switch {
	case s.phase.For > 0:
		return max(s.phase.For-now.Elapsed, 0), true
	case done == 0 || done > total:
		return 0, false
	}
	return now.Elapsed / time.Duration(done) * time.Duration(total-done), true
}

// remark is the sentence for an event that belongs to no phase; empty when there is nothing to say.
func remark(e run.Event) string {
	switch e := e.(type) {
	case run.TargetUp:
		return "target: " + e.Description
	case run.ServiceStarting:
		return "starting service " + e.Name
	case run.TargetSays:
		return e.Line
	case run.Draining:
		if e.Missing > 0 {
			return "collecting " + plural(e.Missing, "activation record")
		}
	case run.Notice:
		return "note: " + e.Text
	}
	return ""
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
