package measure

import (
	"math/rand/v2"
	"testing"
	"time"
)

// heard is a call as a platform records it whose clocks are ahead by controller and invoker.
func heard(random *rand.Rand, anchor time.Time, at, controller, invoker time.Duration) *Sample {
	part := func() time.Duration { return time.Duration(random.ExpFloat64() * float64(2*time.Millisecond)) }
	s := &Sample{Sent: at, Node: "edge"}
	received := s.Sent + part()
	start := received + part()
	end := start + part()
	s.Done = end + part()
	s.FirstByte = s.Done
	wall := func(t, ahead time.Duration) int64 { return anchor.Add(t + ahead).UnixMilli() }
	r := &Record{Start: wall(start, invoker), End: wall(end, invoker)}
	r.Duration = r.End - r.Start
	wait := r.Start - wall(received, controller)
	r.Wait = &wait
	s.Record = r
	return s
}

func TestTheOffsetOfAClockLiesWhereItIsSaid(t *testing.T) {
	anchor := time.Unix(1_790_000_000, 123_456_789)
	for _, row := range []struct {
		name                string
		controller, invoker time.Duration
	}{
		{"the same clock", 0, 0},
		{"an invoker that is behind", 0, -40 * time.Millisecond},
		{"both ahead, by a little and by hours", 700 * time.Microsecond, 3 * time.Hour},
	} {
		t.Run(row.name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(1, 9))
			c := NewClocks(anchor)
			for i := range 2000 {
				c.Add(heard(random, anchor, time.Duration(i)*100*time.Millisecond, row.controller, row.invoker))
			}
			list := c.Estimate()
			if len(list) != 2 || list[0].Of != "controller" || list[1].Of != "edge" {
				t.Fatalf("clocks %v", list)
			}
			for i, want := range []time.Duration{row.controller, row.invoker} {
				if got := list[i]; want < got.Offset-got.Error || want > got.Offset+got.Error || got.Error > 2500*time.Microsecond || got.Drift != 0 {
					t.Errorf("%s, want %s", got.Text(), want)
				}
			}
		})
	}
}

func TestAClockThatDriftsOrJumpsIsSaidToDoSo(t *testing.T) {
	anchor := time.Unix(1_790_000_000, 0)
	random := rand.New(rand.NewPCG(2, 9))
	drifts, jumps := NewClocks(anchor), NewClocks(anchor)
	for i := range 2000 {
		at := time.Duration(i) * 100 * time.Millisecond
		drifts.Add(heard(random, anchor, at, 0, at/5000)) // 12 ms a minute
		jumps.Add(heard(random, anchor, at, 0, time.Duration(i%2)*time.Second))
	}
	if got := drifts.Estimate()[1]; got.Drift < 15*time.Millisecond || got.Drift > 45*time.Millisecond || got.Jumps {
		t.Errorf("40 ms in all: %s", got.Text())
	}
	if got := jumps.Estimate()[1]; !got.Jumps {
		t.Errorf("a second back and forth: %s", got.Text())
	}
}

func TestWhatTellsNothingOfAClockIsLeftOut(t *testing.T) {
	c := NewClocks(time.Unix(0, 0))
	for _, s := range []*Sample{{}, {Record: &Record{}, Node: "edge"}, {Record: &Record{}, Node: "edge", FirstByte: 1, Completed: 1}, {Record: &Record{}, FirstByte: 1}} {
		c.Add(s)
	}
	if list := c.Estimate(); len(list) != 0 {
		t.Errorf("clocks %v", list)
	}
}
