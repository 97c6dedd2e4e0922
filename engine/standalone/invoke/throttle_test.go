package invoke

import (
	"sync"
	"testing"
	"time"
)

func TestRateCountsByMinuteOfTheWall(t *testing.T) {
	var r rate
	for _, c := range []struct {
		name  string
		after time.Duration
		want  int
	}{
		{"the first", 0, 1}, {"the same moment", 0, 2}, {"the end of the minute", 59 * time.Second, 3},
		{"the next minute", time.Minute, 1}, {"some minutes later", 5 * time.Minute, 1},
		{"a clock that was set back", time.Minute, 1},
	} {
		if got := r.count(noon().Add(c.after)); got != c.want {
			t.Errorf("%s: got count %d, want %d", c.name, got, c.want)
		}
	}
}

func TestSlotsAreNeverMoreThanTheLimit(t *testing.T) {
	s := slots{limit: 5}
	taken := make(chan *Slot, 100)
	var takers sync.WaitGroup
	for range 100 {
		takers.Go(func() {
			if slot, _ := s.take(); slot != nil {
				taken <- slot
			}
		})
	}
	takers.Wait()
	close(taken)
	if len(taken) != 5 {
		t.Errorf("got %d slots of 5 for 100 takers, want 5", len(taken))
	}
	for slot := range taken {
		slot.Free()
		slot.Free()
	}
	if got := s.taken(); got != 0 {
		t.Errorf("got %d slots taken after each was freed twice, want 0", got)
	}
}
