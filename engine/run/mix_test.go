package run

import (
	"math"
	"testing"

	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/standalone"
)

func TestAMixChoosesByWeightAndAlwaysTheSame(t *testing.T) {
	shares := []plan.Share{{Name: "balance", Weight: 15}, {Name: "deposit", Weight: 25}}
	one, same, other := newMix(shares, 1, 0), newMix(shares, 1, 0), newMix(shares, 2, 0)
	const users, calls = 10, 2000
	first, differ := 0, 0
	for user := range users {
		for seq := range calls {
			which := one.choose(user, seq)
			if again := same.choose(user, seq); again != which {
				t.Fatalf("user %d, call %d: %d, then %d", user, seq, which, again)
			}
			if which == 0 {
				first++
			}
			if other.choose(user, seq) != which {
				differ++
			}
		}
	}
	if share := float64(first) / (users * calls); math.Abs(share-15.0/40) > 0.02 {
		t.Errorf("balance was chosen in %.3f of the calls, want 0.375", share)
	}
	if differ == 0 {
		t.Error("another seed gives the same choices")
	}
}

func TestEveryCallOfAMixSaysWhatItInvoked(t *testing.T) {
	access := serve(t, standalone.Config{})
	both := phase("both", "", plan.AnyStart, plan.Load{Users: 2, PerUser: 10})
	both.Mix = []plan.Share{{Name: "one", Weight: 1}, {Name: "two", Weight: 1}}
	p := onePlan([]plan.Action{native("one"), native("two")}, both)
	r, samples := runs(t, t.Context(), p, access)
	complete(t, r)
	called := map[string]int{}
	for _, s := range samples {
		called[s.Target]++
	}
	if len(samples) != 20 || called["one"]+called["two"] != 20 || called["one"] == 0 || called["two"] == 0 {
		t.Errorf("%d samples, called %v", len(samples), called)
	}
}
