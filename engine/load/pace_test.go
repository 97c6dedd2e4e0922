package load

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

const ms = time.Millisecond

// The clock is that of the bubble: moments are exact.
func TestPacedCallsAreDueAtFixedMoments(t *testing.T) {
	for _, row := range []struct {
		name string
		load Closed
		slow int // the ordinal of a call that takes 250ms; the others take 10ms
		due  []time.Duration
		ends time.Duration
		late int // calls that were due and not sent
	}{
		{"calls that keep up", Closed{PerUser: 4, Pace: 100 * ms}, -1, []time.Duration{0, 100 * ms, 200 * ms, 300 * ms}, 310 * ms, 0},
		{"a slow call makes the next ones late, not less due", Closed{PerUser: 4, Pace: 100 * ms}, 0,
			[]time.Duration{0, 100 * ms, 200 * ms, 300 * ms}, 310 * ms, 0},
		{"a load by time has no call that is due at its end", Closed{For: 300 * ms, Pace: 100 * ms}, -1, []time.Duration{0, 100 * ms, 200 * ms}, 210 * ms, 0},
		{"a load by time does not catch up after its end, and says what it has missed", Closed{For: 200 * ms, Pace: 50 * ms}, 0, []time.Duration{0}, 250 * ms, 3},
		{"what is missed counts to the moment", Closed{For: 201 * ms, Pace: 50 * ms}, 0, []time.Duration{0}, 250 * ms, 4},
		{"a pace that nobody could keep", Closed{For: 200 * ms, Pace: 1}, 0, []time.Duration{0}, 250 * ms, 200_000_000 - 1},
		{"calls from one pool", Closed{Iterations: 2, Pace: 100 * ms}, -1, []time.Duration{0, 100 * ms}, 110 * ms, 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := &recorder{takes: func(c Call) time.Duration {
					if c.Seq == row.slow {
						return 250 * ms
					}
					return 10 * ms
				}}
				anchor := time.Now()
				row.load.Users = 1
				late := 0
				row.load.Missed = func(_, calls int) { late += calls }
				issued, err := row.load.Run(t.Context(), anchor, time.Second, r)
				var due []time.Duration
				for _, c := range r.calls {
					due = append(due, c.Due)
				}
				if err != nil || issued != len(row.due) || !slices.Equal(due, row.due) || time.Since(anchor) != row.ends || late != row.late {
					t.Errorf("%d calls due %v in %s, %d missed, error %v; want %v in %s, %d missed", issued, due, time.Since(anchor), late, err, row.due, row.ends, row.late)
				}
			})
		})
	}
}

func TestAnInterruptEndsTheWaitForAPacedCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 150*ms)
		defer cancel()
		r := &recorder{takes: everyCall(10 * ms)}
		anchor := time.Now()
		issued, err := Closed{Users: 2, PerUser: 5, Pace: time.Hour}.Run(ctx, anchor, time.Second, r)
		if err != nil || issued != 2 || len(r.calls) != 2 || time.Since(anchor) != 150*ms {
			t.Errorf("%d issued, %d made, after %s, error %v", issued, len(r.calls), time.Since(anchor), err)
		}
	})
}

func TestCallsThatAPaceMissesAreOfTheStepTheyWereDueIn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		missed := map[int]int{}
		load := Closed{Levels: StepUsers([]int{1, 1}, 200*ms), Pace: 50 * ms, Missed: func(step, calls int) { missed[step] += calls }}
		r := &recorder{takes: everyCall(500 * ms)}
		if _, err := load.Run(t.Context(), time.Now(), time.Second, r); err != nil || len(r.calls) != 1 || missed[0] != 3 || missed[1] != 4 {
			t.Errorf("%d calls made, missed by step %v, error %v; want one, three and four", len(r.calls), missed, err)
		}
	})
}
