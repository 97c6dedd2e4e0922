package run

import (
	"runtime"
	"testing"
)

func TestALoopHasAProcessorMoreWhileItIsThere(t *testing.T) {
	own := runtime.GOMAXPROCS(0)
	var p processors
	for _, row := range []struct{ add, want int }{{1, 1}, {1, 2}, {-1, 1}, {-1, 0}, {1, 1}, {-1, 0}} {
		if p.add(row.add); runtime.GOMAXPROCS(0) != own+row.want {
			t.Errorf("after %+d: %d processors, want %d more than %d", row.add, runtime.GOMAXPROCS(0), row.want, own)
		}
	}
}
