package main

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wsk-scenario/engine/run"
)

// twoPhases are the events of a run of two cells, one of a counted and one of a timed load.
func twoPhases() []run.Event {
	return []run.Event{
		run.TargetUp{Description: "a server"},
		run.CellStarted{Cell: 0, Cells: 2, ID: "lang=java"},
		run.PhaseStarted{Cell: 0, Phase: "cold", Total: 10},
		run.Progress{Cell: 0, Phase: "cold", Done: 4, Elapsed: 12 * time.Second, P95: 3 * time.Second},
		run.Progress{Cell: 0, Phase: "cold", Done: 8, Errors: 1, Elapsed: 31 * time.Second, P95: 3 * time.Second},
		run.Progress{Cell: 0, Phase: "cold", Done: 9, Errors: 1, Elapsed: 35 * time.Second, P95: 3 * time.Second},
		run.PhaseEnded{Cell: 0, Phase: "cold", Done: 10, Errors: 1, Elapsed: 40 * time.Second},
		run.Draining{Missing: 0},
		run.Draining{Missing: 2},
		run.CellStarted{Cell: 1, Cells: 2, ID: "lang=nodejs"},
		run.PhaseStarted{Cell: 1, Phase: "warm", For: 20 * time.Second},
		run.PhaseEnded{Cell: 1, Phase: "warm", Done: 1234, Elapsed: 20 * time.Second},
		run.Notice{Text: "nobody can prove the node"},
		run.CleaningUp{Left: 3},
		run.Judged{},
	}
}

func TestProgressWithoutATerminalIsALineForEachStartAndEndAndOneNowAndThen(t *testing.T) {
	var out bytes.Buffer
	p := newProgress(screen{out: &out}, false)
	for _, e := range twoPhases() {
		p.event(e)
	}
	p.close()
	want := `target: a server
[1/2] lang=java cold: 10 calls
[1/2] lang=java cold: 8 of 10 calls, 1 error, 31s so far, p95 3s, 8s left
[1/2] lang=java cold: done, 10 of 10 calls, 1 error, 40s
collecting 2 activation records
[2/2] lang=nodejs warm: for 20s
[2/2] lang=nodejs warm: done, 1234 calls, 0 errors, 20s
note: nobody can prove the node
`
	if d := cmp.Diff(want, out.String()); d != "" {
		t.Errorf("the lines differ (-want +got):\n%s", d)
	}
}

func TestQuietSaysOnlyWhatMustBeSaid(t *testing.T) {
	var out bytes.Buffer
	p := newProgress(screen{out: &out}, true)
	for _, e := range twoPhases() {
		p.event(e)
	}
	p.say("interrupted")
	p.close()
	if got, want := out.String(), "interrupted\n"; got != want {
		t.Errorf("quiet progress says %q, want %q", got, want)
	}
}

func TestTheOnlyCellOfARunIsNotNamed(t *testing.T) {
	var s story
	s.hear(run.CellStarted{Cell: 0, Cells: 1, ID: "all"})
	if got := s.where("warm"); got != "warm" {
		t.Errorf("where is %q, want the phase alone", got)
	}
}

func TestWhatIsKnownOfAPhaseUnderWayHasRatesAPercentileAndTheTimeLeft(t *testing.T) {
	for _, c := range []struct {
		says  string
		phase run.PhaseStarted
		now   run.Progress
		want  string
	}{
		{"nothing yet", run.PhaseStarted{Total: 10}, run.Progress{}, ""},
		{"an open load", run.PhaseStarted{Total: 600, For: time.Minute},
			run.Progress{Done: 95, Elapsed: 10 * time.Second, P95: 12 * time.Millisecond, Achieved: 9.5, Offered: 10}, ", 9.5/s of 10/s due, p95 12ms, 50s left"},
		{"a closed one", run.PhaseStarted{Total: 100}, run.Progress{Done: 50, Elapsed: 5 * time.Second, P95: time.Second, Achieved: 10}, ", 10/s, p95 1s, 5s left"},
	} {
		s := story{phase: c.phase}
		if got := s.figures(c.now); got != c.want {
			t.Errorf("%s: %q, want %q", c.says, got, c.want)
		}
	}
}

func TestTimeLeftFollowsThePaceOfALoadByCountAndTheClockOfOneByTime(t *testing.T) {
	for _, c := range []struct {
		says  string
		phase run.PhaseStarted
		now   run.Progress
		want  string
	}{
		{"no call is done yet", run.PhaseStarted{Total: 10}, run.Progress{Elapsed: time.Second}, "0s false"},
		{"four of ten calls in eight seconds", run.PhaseStarted{Total: 10},
			run.Progress{Done: 4, Elapsed: 8 * time.Second}, "12s true"},
		{"half a minute, a third gone", run.PhaseStarted{For: 30 * time.Second},
			run.Progress{Done: 99, Elapsed: 10 * time.Second}, "20s true"},
		{"longer than planned, as the last calls may take", run.PhaseStarted{For: 30 * time.Second},
			run.Progress{Elapsed: 31 * time.Second}, "0s true"},
	} {
		s := story{phase: c.phase}
		left, known := s.left(c.now)
		if got := fmt.Sprint(left, " ", known); got != c.want {
			t.Errorf("%s: %s left, want %s", c.says, got, c.want)
		}
	}
}
