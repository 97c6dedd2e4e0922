package docker_test

import (
	"flag"
	"fmt"
	"testing"

	"wsk-scenario/engine/standalone/pool"
)

var starts = flag.Int("starts", 5, "how many cold calls, with ten warm ones after each, the test of start types makes")

// A call is cold exactly when its container has run nothing before, and warm exactly when it is the one of the call before;
// the outcome must say so, and have an init in the first case alone. The program in the image counts its runs.
func everyStartIsTrue(t *testing.T) {
	const warmPerCold = 10
	p, done := newPool(t, pool.Config{UserMemory: 512}) // four containers: the older ones make room
	defer done()
	served := map[string]bool{}
	counts := map[pool.Start]int{}
	for n := range *starts {
		var last string
		for i := range 1 + warmPerCold {
			out, s := succeed(t, p, action(fmt.Sprint("version ", n)), `{}`)
			want := pool.Warm
			if !served[s.Began] {
				want = pool.Cold
			}
			if out.Start != want || out.InitStart.IsZero() != (want == pool.Warm) || s.Runs != i+1 || (i == 0) != (want == pool.Cold) ||
				i > 0 && s.Began != last {
				t.Fatalf("call %d of version %d: start %s, run %d of a container that began %s", i, n, out.Start, s.Runs, s.Began)
			}
			served[s.Began], last = true, s.Began
			counts[out.Start]++
		}
	}
	if counts[pool.Cold] != *starts || counts[pool.Warm] != *starts*warmPerCold {
		t.Errorf("got %v, want %d cold and %d warm", counts, *starts, *starts*warmPerCold)
	}
}
