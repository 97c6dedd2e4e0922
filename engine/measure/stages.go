package measure

import "time"

// Stages are the moments at which Kubernetes let us know of each step of a container's creation: on the client's clock, since
// the run's anchor, so that they cross no other. 0: nothing told of it.
//
//	sent ─ Requested ─ Scheduled ─ (Pulling ─) Pulled ─ Created ─ Started ─ Ready ─ init, run
type Stages struct {
	Requested time.Duration `json:"requested,omitempty"` // its pod is there
	Scheduled time.Duration `json:"scheduled,omitempty"` // it has a node
	Pulling   time.Duration `json:"pulling,omitempty"`   // the node begins to pull its image; 0 when it had it
	Pulled    time.Duration `json:"pulled,omitempty"`    // the node has its image
	Created   time.Duration `json:"created,omitempty"`
	Started   time.Duration `json:"started,omitempty"`
	Ready     time.Duration `json:"ready,omitempty"` // it takes calls
	// Awaited says that more may become known, and that the sample waits for it.
	Awaited bool `json:"-"`
}

// stage is the metric of what lies between two moments of a container's creation. A sample has it where both were seen.
func stage(name string, from, to func(*Sample, *Stages) time.Duration) Metric {
	return Metric{Name: name, Of: func(s *Sample) (float64, bool) {
		if s.Stages == nil {
			return 0, false
		}
		begin, end := from(s, s.Stages), to(s, s.Stages)
		return float64(end - begin), begin > 0 && end > 0
	}}
}

// The moments.
func sent(s *Sample, _ *Stages) time.Duration      { return max(s.Sent, 1) } // the anchor itself is a moment, too
func requested(_ *Sample, g *Stages) time.Duration { return g.Requested }
func scheduled(_ *Sample, g *Stages) time.Duration { return g.Scheduled }
func pulling(_ *Sample, g *Stages) time.Duration   { return g.Pulling }
func pulled(_ *Sample, g *Stages) time.Duration    { return g.Pulled }
func created(_ *Sample, g *Stages) time.Duration   { return g.Created }
func started(_ *Sample, g *Stages) time.Duration   { return g.Started }
func ready(_ *Sample, g *Stages) time.Duration     { return g.Ready }

// stageMetrics are those of the creation of a container. Each but pull and creation begins where the one before ends.
var stageMetrics = []Metric{
	stage("requested", sent, requested),
	stage("scheduled", requested, scheduled),
	stage("pulled", scheduled, pulled),
	stage("pull", pulling, pulled),
	stage("created", pulled, created),
	stage("started", created, started),
	stage("ready", started, ready),
	stage("creation", requested, ready),
}
