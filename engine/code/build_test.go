package code

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// built is a folder with a source, and a build that counts how often it runs.
func built(t *testing.T, run string, inputs ...string) (folder string, b Build) {
	t.Helper()
	folder = t.TempDir()
	write(t, filepath.Join(folder, "src.txt"), "one")
	write(t, filepath.Join(folder, "other.txt"), "other")
	return folder, Build{Run: run, Output: "out/made.js", Inputs: inputs, Within: time.Minute}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

const counting = "mkdir -p out && cp src.txt out/made.js && echo x >> ../count"

func TestABuildRunsWhenItsInputsHaveChanged(t *testing.T) {
	for _, row := range []struct {
		name   string
		inputs []string
		change func(t *testing.T, folder string)
		runs   int
	}{
		{"nothing changed", []string{"src.txt"}, func(*testing.T, string) {}, 1},
		{"an input changed", []string{"src.txt"}, func(t *testing.T, f string) { write(t, filepath.Join(f, "src.txt"), "two") }, 2},
		{"something else changed", []string{"src.txt"}, func(t *testing.T, f string) { write(t, filepath.Join(f, "other.txt"), "two") }, 1},
		{"nothing of the folder changed", nil, func(*testing.T, string) {}, 1},
		{"something of the folder changed", nil, func(t *testing.T, f string) { write(t, filepath.Join(f, "other.txt"), "two") }, 2},
		{"the output is gone", []string{"src.txt"}, func(t *testing.T, f string) { _ = os.Remove(filepath.Join(f, "out", "made.js")) }, 2},
		{"the output was touched", []string{"src.txt"}, func(t *testing.T, f string) { write(t, filepath.Join(f, "out", "made.js"), "?") }, 2},
	} {
		t.Run(row.name, func(t *testing.T) {
			folder, b := built(t, counting, row.inputs...)
			cache := t.TempDir()
			count := filepath.Join(filepath.Dir(folder), "count")
			_ = os.Remove(count)
			for i := range 2 {
				output, err := Make(t.Context(), folder, b, cache)
				if err != nil || output != filepath.Join(folder, "out", "made.js") {
					t.Fatalf("got %s, %v", output, err)
				}
				if i == 0 {
					row.change(t, folder)
				}
			}
			text, _ := os.ReadFile(count)
			if runs := strings.Count(string(text), "x"); runs != row.runs {
				t.Errorf("it ran %d times, want %d", runs, row.runs)
			}
		})
	}
}

func TestABuildThatFailsSaysWhatItSaid(t *testing.T) {
	for _, row := range []struct{ name, run, want string }{
		{"it ends with an error", "echo no such class >&2; exit 2", "ended with exit code 2:\nno such class"},
		{"it does not make its output", "true", "did not make"},
		{"it takes too long", "echo working; sleep 600", "was not over after 1s:\nworking"},
	} {
		t.Run(row.name, func(t *testing.T) {
			folder, b := built(t, row.run)
			b.Within = time.Second
			if _, err := Make(t.Context(), folder, b, t.TempDir()); err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("got %v, want %q", err, row.want)
			}
		})
	}
}
