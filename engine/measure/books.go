package measure

import (
	"fmt"
	"iter"
	"strconv"
)

// Books are the balance of one phase of one cell: every call that was issued ended in exactly one outcome.
type Books struct {
	Cell     int             `json:"cell"`
	Phase    int             `json:"phase"`
	Issued   int             `json:"issued"` // calls sent, by the driver's own count, warm-up included
	Outcomes map[Outcome]int `json:"outcomes"`
	// Dropped is calls that were due and not sent: of an open load because too many were under way, of a pace because those before
	// them took too long.
	Dropped int `json:"dropped,omitempty"`
	// Due is the activations that the calls of a trigger had to start: fires that were accepted × rules. Fired is those that
	// are known, also as lost.
	Due   int `json:"due,omitempty"`
	Fired int `json:"fired,omitempty"`
	// LostWorkers are those of the processes sending the load that did not come to their end. What they had under way is in
	// neither of the counts.
	LostWorkers int `json:"lost_workers,omitempty"`
	// Twice is calls that were answered with the activation of another call: not each had one of its own.
	Twice int `json:"twice,omitempty"`
	// Unfinished says that the run was killed: Issued is the calls that it had brought to the disk.
	Unfinished bool `json:"unfinished,omitempty"`
}

// Balance makes the books of a phase from the driver's count and the samples that were kept.
func Balance(cell, phase, issued, dropped int, samples iter.Seq[*Sample]) Books {
	b := Books{Cell: cell, Phase: phase, Issued: issued, Dropped: dropped, Outcomes: map[Outcome]int{}}
	for s := range samples {
		if s.Level == 0 {
			b.Outcomes[s.Outcome]++
		} else if s.Level == 1 {
			b.Fired++
		}
	}
	return b
}

// Check says what is wrong with the books; nil when they balance.
func (b Books) Check() error {
	known := 0
	for _, o := range Outcomes {
		known += b.Outcomes[o]
	}
	ended := 0
	for _, n := range b.Outcomes {
		ended += n
	}
	if known != ended {
		return fmt.Errorf("%d of %d samples have no known outcome", ended-known, ended)
	}
	if ended != b.Issued {
		return fmt.Errorf("%s issued, %s", counted(b.Issued, "call"), counted(ended, "outcome"))
	}
	if b.Unfinished {
		return fmt.Errorf("the run was cut off after %d calls that are known, and how many others it had made is not", b.Issued)
	}
	if b.Twice > 0 {
		return fmt.Errorf("%d of %d calls were answered with the activation of another one, as a cache on the way would do", b.Twice, b.Issued)
	}
	if b.LostWorkers > 0 {
		return fmt.Errorf("%d of its workers were lost, and with them calls of which nothing is known", b.LostWorkers)
	}
	if b.Due > 0 && b.Fired != b.Due {
		return fmt.Errorf("rules had to start %s, and %d came", counted(b.Due, "activation"), b.Fired)
	}
	return nil
}

// counted is a number with its noun: 1 call, 2 calls.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}
