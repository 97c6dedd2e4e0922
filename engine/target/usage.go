package target

import (
	"context"
	"time"
)

// Metered is a Target that tells what its nodes use. It is asked between Up and Down.
type Metered interface {
	Target
	// Usage is what each node uses. What can be read is returned also beside an error, which says what cannot, and why.
	Usage(ctx context.Context) ([]Usage, error)
	// UsageEvery is how often that is worth asking for.
	UsageEvery() time.Duration
}

// Usage is one reading of what a node uses.
type Usage struct {
	Node   string
	Source string    // who has measured it
	At     time.Time // when it was measured, by the clock of the source: a reading with the same moment is the same one
	CPU    float64   // processors in use, on average over the time that the source sums up over
	Memory int64     // bytes in use
	// What the node has; 0 where that is not known.
	CPUs        float64
	MemoryTotal int64
}
