package pool

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// BenchmarkLimits tells what control groups cost: each start and each warm call once with and once without, in turns, so
// that whatever else the machine does falls on both alike.
func BenchmarkLimits(b *testing.B) {
	var pools [2]*Pool
	a := action("native", echoScript)
	for i := range pools {
		pools[i] = newPool(b, Config{UserMemory: 128})
		succeed(b, pools[i], a, `{}`) // the first call waits for the search for runtimes
	}
	free := pools[1].driver.(*processes)
	held := free.groups
	free.groups = nil
	b.Cleanup(func() { free.groups = held })
	for _, row := range []struct {
		name string
		key  func(n int) string
	}{
		{"cold", func(n int) string { return fmt.Sprint("cold ", n) }},
		{"warm", func(int) string { return "warm" }},
	} {
		b.Run(row.name, func(b *testing.B) {
			var took [2][]time.Duration
			n := 0
			for b.Loop() {
				n++
				for i, p := range pools {
					a.Key = row.key(n)
					begin := time.Now()
					succeed(b, p, a, `{}`)
					took[i] = append(took[i], time.Since(begin))
				}
			}
			for i, unit := range []string{"held-µs", "free-µs"} {
				slices.Sort(took[i])
				b.ReportMetric(float64(took[i][len(took[i])/2].Microseconds()), unit)
			}
		})
	}
}
