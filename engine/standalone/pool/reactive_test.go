package pool

import (
	"testing"
	"time"
)

func TestColdStartsAskForStemCells(t *testing.T) {
	for _, c := range []struct {
		name     string
		reactive Reactive
		cold     int
		want     int
	}{
		{"none", Reactive{}, 0, 1},
		{"one", Reactive{}, 1, 1},
		{"several", Reactive{}, 3, 3},
		{"more than there may be", Reactive{}, 100, 4},
		{"below the threshold", Reactive{Threshold: 3, Increment: 2}, 2, 1},
		{"twice the threshold", Reactive{Threshold: 3, Increment: 2, Max: 9}, 7, 4},
	} {
		r, err := c.reactive.complete()
		if err != nil {
			t.Fatal(err)
		}
		if got := r.wanted(c.cold); got != c.want {
			t.Errorf("%s: got %d stem cells after %d cold starts, want %d", c.name, got, c.cold, c.want)
		}
	}
	if _, err := (&Reactive{Min: 3, Max: 2}).complete(); err == nil {
		t.Error("got no error of fewest that are more than most")
	}
}

func TestStemCellsFollowColdStarts(t *testing.T) {
	t.Parallel() // it waits most of the time: an interval must be long enough for stem cells to start in
	p := newPool(t, Config{UserMemory: 4096, Stems: []Stems{{
		Kind: "python:default", Memory: 128, Count: 2,
		Reactive: &Reactive{Min: 1, Max: 3, TTL: time.Millisecond, Interval: 3 * time.Second},
	}}})
	eventually(t, "old ones go, down to the fewest", func() bool { return inState(p, Stemmed) == 1 })
	a := action("python", "import time\ndef main(a):\n  time.sleep(2)\n  return {}")
	done := make(chan Outcome)
	for range 6 { // at the same time, so that most find no stem cell
		go func() { done <- invoke(t, p, a, `{}`) }()
	}
	eventually(t, "cold starts have brought more", func() bool { return inState(p, Stemmed) >= 2 })
	for range 6 {
		if out := <-done; out.Status != Success {
			t.Errorf("got %s", out.Result)
		}
	}
	eventually(t, "with none, they go again", func() bool { return inState(p, Stemmed) == 1 })
}
