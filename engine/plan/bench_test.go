package plan

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"wsk-scenario/dsl"
)

// large is a scenario of 5 000 lines and 2 000 cells: 100 actions, 50 phases and 500 assertions, of which one in three
// depends on no axis, one in three on one and one in three on both.
func large() string {
	b := &strings.Builder{}
	fmt.Fprint(b, "name: large\nvars:\n")
	for i := range 100 {
		fmt.Fprintf(b, "  v%d: %d\n", i, i+1)
	}
	fmt.Fprint(b, "matrix:\n  size:\n")
	for i := range 40 {
		fmt.Fprintf(b, "    - %d\n", i+1)
	}
	fmt.Fprint(b, "  users:\n")
	for i := range 50 {
		fmt.Fprintf(b, "    - %d\n", i+1)
	}
	depends := []string{"10", `"${{ matrix.users + 1 }}"`, `"${{ matrix.users * matrix.size + vars.v7 }}"`}
	fmt.Fprint(b, "actions:\n")
	for i := range 100 {
		fmt.Fprintf(b, "  a%d:\n    code: hello.js\n    kind: nodejs:default\n    memory: 256MB\n    timeout: 60s\n", i)
		fmt.Fprintf(b, "    params:\n      n: %s\n", depends[i%2])
	}
	fmt.Fprint(b, "payloads:\n")
	for i := range 100 {
		fmt.Fprintf(b, "  p%d:\n    json:\n      v: ${{ vars.v%d }}\n      size: %s\n", i, i, depends[2*(i%3/2)])
	}
	fmt.Fprint(b, "phases:\n")
	for i := range 50 {
		fmt.Fprintf(b, "  # phase %d of the large scenario\n  - name: ph%d\n    invoke: a%d\n    with: p%d\n", i, i, i, i)
		fmt.Fprintf(b, "    blocking: result\n    timeout: 70s\n    warmup:\n      iterations: 2\n    load:\n")
		fmt.Fprintf(b, "      users: %s\n      iterations_per_user: %s\n", depends[min(i%3, 1)], depends[i%3])
	}
	fmt.Fprint(b, "assert:\n")
	for i := range 500 {
		fmt.Fprintf(b, "  - expect: ph%d.errors < %s\n    severity: warn\n", i%50,
			[]string{"1", "matrix.users", "matrix.users * matrix.size"}[i%3])
	}
	for range 5000 - strings.Count(b.String(), "\n") {
		fmt.Fprint(b, "# a scenario of that size has comments\n")
	}
	return b.String()
}

// BenchmarkLargeScenario reads and plans it. The bars: less than a second and 200 MB.
func BenchmarkLargeScenario(b *testing.B) {
	folder := b.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "hello.js"), []byte("function main() {}"), 0o644); err != nil {
		b.Fatal(err)
	}
	text := []byte(large())
	peak := watch()
	for b.Loop() {
		s, diags := dsl.Read(filepath.Join(folder, "large.yaml"), text, dsl.Options{})
		if diags.HasErrors() {
			b.Fatal(diags)
		}
		p, diags := Build(s, Options{Seed: 1})
		if diags.HasErrors() || len(p.Cells) != 2000 {
			b.Fatal(len(p.Cells), diags)
		}
	}
	b.ReportMetric(float64(peak())/1e6, "peak-MB")
}

// watch samples the memory that the process has from the system, until the function it returns is called.
func watch() func() uint64 {
	stop, peak := make(chan struct{}), make(chan uint64)
	go func() {
		var most uint64
		var m runtime.MemStats
		for {
			runtime.ReadMemStats(&m)
			most = max(most, m.Sys-m.HeapReleased)
			select {
			case <-stop:
				peak <- most
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
	}()
	return func() uint64 {
		close(stop)
		return <-peak
	}
}
