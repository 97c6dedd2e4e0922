package standalone

import (
	"context"
	"slices"
	"strings"
	"testing"
)

func TestProcIsReadAsTheKernelDocumentsIt(t *testing.T) {
	worked, err := busy("cpu  100 20 30 4000 50 6 7 8 9 0\ncpu0 1 2 3 4 5 6 7 8 9 0\n")
	if want := (100 + 20 + 30 + 6 + 7) * tick; err != nil || worked != want {
		t.Errorf("worked %v, want %v (%v)", worked, want, err)
	}
	total, used, err := inUse("MemTotal:       2048 kB\nMemFree:  1 kB\nMemAvailable:   1536 kB\n")
	if err != nil || total != 2<<20 || used != 512<<10 {
		t.Errorf("%d of %d bytes are used (%v)", used, total, err)
	}
	if _, err := busy("nothing"); err == nil {
		t.Error("a file of another kind is read")
	}
	if _, _, err := inUse("MemTotal: 1 kB\n"); err == nil {
		t.Error("a memory that nobody tells of is read")
	}
}

func TestThisMachineTellsWhatItUses(t *testing.T) {
	u, err := machineUsage()
	if err != nil || u.CPU <= 0 || u.CPUs <= 0 || u.Memory <= 0 || u.Memory >= u.MemoryTotal {
		t.Errorf("%+v, %v", u, err)
	}
}

// Emulated nodes tell by their control groups, or say why not.
func TestEveryEmulatedNodeTellsWhatItUses(t *testing.T) {
	s, err := Start(t.Context(), Config{Nodes: []Node{{Name: "pi", Role: "edge"}}, CacheDir: t.TempDir(), WorkDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close(context.Background()) })
	list, err := s.Usage()
	if slices.Contains(s.Limits().Held, "memory") {
		if err != nil || len(list) != 1 || list[0].Node != "pi" || list[0].CPUs <= 0 {
			t.Errorf("%+v, %v", list, err)
		}
	} else if err == nil || !strings.Contains(err.Error(), "what node pi uses: ") {
		t.Errorf("without control groups: %v, %v", list, err)
	}
}
