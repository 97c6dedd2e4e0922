package run

import (
	"testing"
	"time"

	"wsk-scenario/engine/load"
)

func TestThePaceIsThatOfTheLastWholeSecond(t *testing.T) {
	var p pace
	for _, c := range []struct {
		says    string
		elapsed time.Duration
		done    int
		want    float64
	}{
		{"nothing", 0, 0, 0},
		{"before the first second it is of all of the time", 500 * time.Millisecond, 5, 10},
		{"of the first second", time.Second, 20, 20},
		{"within the next it stays", 1500 * time.Millisecond, 100, 20},
		{"of the second one", 2 * time.Second, 120, 100},
		{"nothing more", 3 * time.Second, 120, 0},
	} {
		if got := p.over(c.elapsed, c.done); got != c.want {
			t.Errorf("%s: after %v and %d calls it is %g, want %g", c.says, c.elapsed, c.done, got, c.want)
		}
	}
}

func TestWhatIsDueIsTheRateOfAllPhasesSideBySide(t *testing.T) {
	of := []*shooter{{schedule: load.Steps([]load.Rate{10, 20}, time.Second)}, {schedule: load.Ramp(0, 100, 2*time.Second)}, {}}
	for elapsed, want := range map[time.Duration]float64{0: 10, 500 * time.Millisecond: 35, time.Second: 70, 2 * time.Second: 0} {
		if got := due(of, elapsed); got != want {
			t.Errorf("after %v %g are due, want %g", elapsed, got, want)
		}
	}
}
