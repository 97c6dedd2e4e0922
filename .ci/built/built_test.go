// Package built holds what is asked of the program as make build makes it: how large it is, and how soon it is there.
package built

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// largest is the size of the program that is not exceeded, in bytes.
const largest = 75_000_000

const root = "../.."

// program is the program, built as users build it.
func program(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "wsk-scenario")
	if out, err := exec.Command("make", "-C", root, "build", "PROGRAM="+path).CombinedOutput(); err != nil {
		t.Fatalf("make build: %v\n%s", err, out)
	}
	return path
}

func TestTheProgramIsNotLargerThanPromised(t *testing.T) {
	info, err := os.Stat(program(t))
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() > largest {
		t.Errorf("the program has %.1f MB, and shall have %.0f MB at most (go tool nm -size -sort size on a build without -ldflags -s tells of what)",
			float64(info.Size())/1e6, float64(largest)/1e6)
	}
	t.Logf("%.1f MB", float64(info.Size())/1e6)
}

// What one waits for when nothing is run: the whole life of the process, its start with all libraries included.
func BenchmarkStart(b *testing.B) {
	wskScenario := program(b)
	scenario := filepath.Join(root, "scenarios/startup.yaml")
	for _, command := range []string{"version", "validate", "plan"} {
		b.Run(command, func(b *testing.B) {
			args := []string{command}
			if command != "version" {
				args = append(args, scenario)
			}
			for b.Loop() {
				if out, err := exec.Command(wskScenario, args...).CombinedOutput(); err != nil {
					b.Fatalf("%s: %v\n%s", command, err, out)
				}
			}
		})
	}
}
