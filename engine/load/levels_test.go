package load

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

func TestUsersComeAndGoWithTheLevels(t *testing.T) {
	type key struct{ user, step int }
	for _, row := range []struct {
		name  string
		load  Closed
		calls map[key][]time.Duration // the due moments
		ends  time.Duration
	}{
		{"steps, each a result of its own", Closed{Levels: StepUsers([]int{1, 2}, 200*ms)}, map[key][]time.Duration{
			{0, 0}: {0, 100 * ms}, {0, 1}: {200 * ms, 300 * ms}, {1, 1}: {200 * ms, 300 * ms}}, 400 * ms},
		{"a user that goes and comes again", Closed{Levels: StepUsers([]int{2, 1, 2}, 100*ms)}, map[key][]time.Duration{
			{0, 0}: {0}, {0, 1}: {100 * ms}, {0, 2}: {200 * ms}, {1, 0}: {0}, {1, 2}: {200 * ms}}, 300 * ms},
		{"a ramp up", Closed{Levels: RampUsers(1, 3, 300*ms)}, map[key][]time.Duration{
			{0, 0}: {0, 100 * ms, 200 * ms}, {1, 0}: {100 * ms, 200 * ms}, {2, 0}: {200 * ms}}, 300 * ms},
		{"a ramp down to nobody", Closed{Levels: RampUsers(1, 0, 400*ms)}, map[key][]time.Duration{{0, 0}: {0, 100 * ms}}, 200 * ms},
		{"a pace begins when the user comes", Closed{Levels: StepUsers([]int{1, 2}, 250*ms), Pace: 200 * ms}, map[key][]time.Duration{
			{0, 0}: {0, 200 * ms}, {0, 1}: {400 * ms}, {1, 1}: {250 * ms, 450 * ms}}, 550 * ms},
		{"a warm-up of all ahead of the first level", Closed{WarmupIterations: 1, Levels: StepUsers([]int{1, 2}, 100*ms)}, map[key][]time.Duration{
			{0, 0}: {0, 100 * ms}, {1, 0}: {0}, {0, 1}: {200 * ms}, {1, 1}: {200 * ms}}, 300 * ms},
		{"bursts of a paced user", Closed{Users: 1, PerUser: 2, Pace: 150 * ms, Burst: 2}, map[key][]time.Duration{
			{0, 0}: {0, 150 * ms}, {1, 0}: {0, 150 * ms}}, 250 * ms},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r, anchor := &recorder{takes: everyCall(100 * ms)}, time.Now()
				if _, err := row.load.Run(t.Context(), anchor, 0, r); err != nil {
					t.Fatal(err)
				}
				got := map[key][]time.Duration{}
				for _, c := range r.calls {
					got[key{c.User, c.Step}] = append(got[key{c.User, c.Step}], c.Due)
				}
				for k, at := range row.calls {
					if !slices.Equal(got[k], at) {
						t.Errorf("user %d in step %d was due at %v, want %v", k.user, k.step, got[k], at)
					}
				}
				if len(got) != len(row.calls) || time.Since(anchor) != row.ends {
					t.Errorf("%v in %s, want %v in %s", got, time.Since(anchor), row.calls, row.ends)
				}
			})
		})
	}
}

func TestARampOfUsersFillsItsTime(t *testing.T) {
	for _, row := range []struct{ from, to int }{{1, 64}, {64, 1}, {0, 7}, {5, 5}} {
		levels, whole := RampUsers(row.from, row.to, 2*time.Minute+1), time.Duration(0)
		for i, l := range levels {
			whole += l.For
			if spread := l.For - levels[0].For; spread < -1 || spread > 1 {
				t.Errorf("%v: level %d lasts %s, the first %s", row, i, l.For, levels[0].For)
			}
		}
		if whole != 2*time.Minute+1 || levels[0].Users != row.from || levels[len(levels)-1].Users != row.to {
			t.Errorf("%v: %d levels from %d to %d users in %s", row, len(levels), levels[0].Users, levels[len(levels)-1].Users, whole)
		}
	}
}
