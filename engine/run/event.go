package run

import (
	"sync"
	"time"

	"wsk-scenario/engine/slo"
)

// Event is something that happens while a run goes, for people to watch. Numbers come from samples, never from events.
type Event interface{ event() }

// TargetUp says that the target answers.
type TargetUp struct{ Description string }

// ServiceStarting says that a service is being started, and waited for.
type ServiceStarting struct{ Name string }

// TargetSays is what a target has to tell while it is waited for.
type TargetSays struct{ Line string }

// CellStarted begins a cell of the matrix.
type CellStarted struct {
	Cell, Cells int // which, from 0, of how many
	ID          string
}

// PhaseStarted begins a phase. Total is how many calls are planned, warm-up included; 0 when the phase goes by time, and
// then For is how long.
type PhaseStarted struct {
	Cell  int
	Phase string
	Total int
	For   time.Duration
}

// Progress is the state of the running phase, at most a few times a second.
type Progress struct {
	Cell    int
	Phase   string
	Done    int
	Errors  int
	Elapsed time.Duration
	P95     time.Duration // of the responses so far, at most 1/32 too high; 0 when there is none
	// Achieved is how many calls a second were over in the last second or so, Offered how many were due; Offered is 0 where
	// users decide by themselves.
	Achieved, Offered float64
}

// PhaseEnded closes a phase.
type PhaseEnded struct {
	Cell    int
	Phase   string
	Done    int
	Errors  int
	Elapsed time.Duration
}

// Draining says that records are being collected.
type Draining struct{ Missing int }

// CleaningUp says that what the run created is being removed.
type CleaningUp struct{ Left int }

// Judged gives the verdicts.
type Judged struct{ Verdicts []slo.Verdict }

// Notice is a sentence for the user, such as what cannot be proved on this target.
type Notice struct{ Text string }

func (TargetUp) event()        {}
func (ServiceStarting) event() {}
func (TargetSays) event()      {}
func (CellStarted) event()     {}
func (PhaseStarted) event()    {}
func (Progress) event()        {}
func (PhaseEnded) event()      {}
func (Draining) event()        {}
func (CleaningUp) event()      {}
func (Judged) event()          {}
func (Notice) event()          {}

// observer hands events to whoever watches, one at a time.
type observer struct {
	mu   sync.Mutex
	send func(Event)
}

func (o *observer) emit(e Event) {
	if o.send == nil {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.send(e)
}
