package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wsk-scenario/engine/report/reporttest"
	"wsk-scenario/engine/result"
)

// BenchmarkReport writes forms of a saved result of a million calls, each in a process of its own: the time, the processor
// time, the size of what is written, and the most memory that the process had.
func BenchmarkReport(b *testing.B) {
	folder, program := millionCalls(b), filepath.Join(b.TempDir(), "wsk-scenario")
	if out, err := exec.CommandContext(b.Context(), "go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		b.Fatalf("build: %v\n%s", err, out)
	}
	for _, format := range []string{"html", "parquet", "json", "text"} {
		b.Run(format, func(b *testing.B) {
			file := filepath.Join(b.TempDir(), "report")
			var used time.Duration
			var most float64
			for b.Loop() {
				used, most = measured(b, exec.CommandContext(b.Context(), program, "report", folder, "--format", format+"="+file))
			}
			info, err := os.Stat(file)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(info.Size())/1e6, "MB/file")
			b.ReportMetric(used.Seconds(), "s-processor/op")
			b.ReportMetric(most, "MB-memory")
		})
	}
}

// measured runs a command and returns its processor time, and the most memory it had, in MB. Linux counts that of a process
// that was just started from its parent's, so it is read from /proc while the process goes.
func measured(b *testing.B, cmd *exec.Cmd) (used time.Duration, most float64) {
	b.Helper()
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case err := <-ended:
			if err != nil {
				b.Fatal(err)
			}
			return cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), most
		case <-tick.C:
			status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid))
			if _, behind, found := strings.Cut(string(status), "VmHWM:"); found {
				var kB float64
				if _, err := fmt.Sscan(behind, &kB); err == nil {
					most = max(most, kB/1e3)
				}
			}
		}
	}
}

// millionCalls saves a result of a million calls.
func millionCalls(b *testing.B) string {
	b.Helper()
	folder := filepath.Join(b.TempDir(), "million", "20260701T123000.000Z")
	r, samples := reporttest.Measured(333_000)
	bundle, err := result.Create(folder, map[string][]byte{"startup.yaml": []byte(reporttest.AssertText)}, nil)
	if err != nil {
		b.Fatal(err)
	}
	if err := bundle.Add(samples); err != nil {
		b.Fatal(err)
	}
	if err := bundle.Finish(r); err != nil {
		b.Fatal(err)
	}
	return folder
}
