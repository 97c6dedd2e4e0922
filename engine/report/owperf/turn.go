package owperf

import (
	"time"

	"wsk-scenario/engine/measure"
)

// turn is one iteration of a client: a burst of invocations, or a fire. Times count from the run's anchor.
type turn struct {
	warmup           bool
	due, sent, ended time.Duration // ended is the last answer
}

// turns are the iterations of a test.
type turns map[iteration]*turn

// iteration names a turn.
type iteration struct{ phase, client, seq int }

func (all turns) add(t *Test, s *measure.Sample) {
	if s.Level > 0 {
		return
	}
	name := iteration{s.Phase, t.clients(s).client(s), s.Seq}
	known := all[name]
	if known == nil {
		all[name] = &turn{s.Warmup, s.Due, s.Sent, s.Done}
		return
	}
	known.due, known.sent, known.ended = min(known.due, s.Due), min(known.sent, s.Sent), max(known.ended, s.Done)
}

// window is when a test was measured.
type window struct{ start, stop time.Duration }

// window is from the moment at which the master's load begins to the end of its last iteration, the rest of its delta included.
// Where the master does not set the end of the others, and only is false, it is to the end of the last iteration of all. It
// is false when the master has no iteration.
func (all turns) window(t *Test, only bool) (w window, known bool) {
	for name, at := range all {
		if at.warmup || name.phase != t.Master.phase {
			continue
		}
		if name.client == 0 && (!known || at.due < w.start) {
			w.start, known = at.due, true
		}
		if name.client != 0 && only {
			continue
		}
		end := at.ended
		if t.Master.period == 0 {
			end = max(end, at.sent+t.Master.delta)
		}
		w.stop = max(w.stop, end)
	}
	w.stop = max(w.stop, w.start+t.Master.period)
	return w, known
}
