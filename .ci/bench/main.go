// Command bench measures wsk-scenario beside other load generators: every tool in turn, again and again, against one small
// server, and prints the medians as ratios. What is compared is the processor time of the whole process of a tool, by the
// calls that the server counted, so that no tool is asked about itself.
//
//	go run ./.ci/bench -rounds 3 -for 5s -tools wsk,vegeta,hey,fortio,k6,wrk,autocannon,owperf
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "serve" {
		fmt.Fprintln(os.Stderr, "bench:", serve(os.Args[2:]))
		os.Exit(1)
	}
	rounds := flag.Int("rounds", 3, "how often every tool has its turn")
	lasts := flag.Duration("for", 5*time.Second, "how long a turn is")
	names := flag.String("tools", "wsk,vegeta,hey,fortio,k6,wrk,autocannon,owperf", "which tools")
	bin := flag.String("bin", "bin/bench", "where the tools are, or are built")
	only := flag.String("work", "", "only the works whose names contain this")
	flag.Parse()
	if err := bench(*rounds, *lasts, strings.Split(*names, ","), *bin, *only); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// work is one thing that all tools do.
type work struct {
	name    string
	clients int
	body    int           // bytes
	service time.Duration // of the server
	rate    int           // calls a second of an open model; 0 for a closed one
}

var works = []work{
	{name: "64 connections, 2 bytes", clients: 64, body: 2},
	{name: "64 connections, 100 kB", clients: 64, body: 100_000},
	{name: "1 connection, 2 bytes", clients: 1, body: 2},
	{name: "open model, 500/s", clients: 64, body: 2, service: 5 * time.Millisecond, rate: 500},
	{name: "open model, 1000/s", clients: 64, body: 2, service: 5 * time.Millisecond, rate: 1000},
	{name: "open model, 2000/s", clients: 128, body: 2, service: 5 * time.Millisecond, rate: 2000},
}

// figures are what one turn showed.
type figures struct {
	calls    int
	cpu      float64 // µs of processor time by call, without the start of the tool
	rate     float64 // calls a second
	p50, p99 float64 // µs from the ideal schedule, as the server sees it; of open models
}

func bench(rounds int, lasts time.Duration, names []string, bin, only string) error {
	if err := os.MkdirAll(bin, 0o755); err != nil {
		return err
	}
	var tools []tool
	for _, name := range names {
		t, err := find(name, bin)
		if err != nil {
			fmt.Printf("%s is left out: %v\n", name, err)
			continue
		}
		tools = append(tools, t)
	}
	for _, w := range works {
		if !strings.Contains(w.name, only) {
			continue
		}
		seen, begins := map[string][]figures{}, map[string]time.Duration{}
		for range rounds {
			for _, t := range tools {
				if w.rate > 0 && !t.open {
					continue
				}
				f, err := turn(t, w, lasts)
				if begins[t.name] == 0 && err == nil && t.name != "wrk" && t.name != "autocannon" { // which last whole seconds, and begin in little time
					begins[t.name], err = startUp(t, w)
				}
				if err != nil {
					return fmt.Errorf("%s, %s: %w", t.name, w.name, err)
				}
				f.cpu -= float64(begins[t.name].Microseconds()) / float64(f.calls)
				seen[t.name] = append(seen[t.name], f)
			}
		}
		show(w, tools, seen)
	}
	return nil
}

// startUp is the processor time of a tool that makes next to no calls: the median of three.
func startUp(t tool, w work) (time.Duration, error) {
	lasts := 100 * time.Millisecond
	if w.clients, w.rate, w.service = 1, 0, time.Millisecond; t.open {
		w.rate, lasts = 3, time.Second // k6 does not go on for less
	}
	var list []time.Duration
	for range 3 {
		f, err := turn(t, w, lasts)
		if err != nil {
			return 0, err
		}
		list = append(list, time.Duration(f.cpu*float64(f.calls))*time.Microsecond)
	}
	slices.Sort(list)
	return list[1], nil
}

// turn lets one tool do one work.
func turn(t tool, w work, lasts time.Duration) (figures, error) {
	s, err := start(w)
	if err != nil {
		return figures{}, err
	}
	defer s.stop()
	folder, err := os.MkdirTemp("", "bench")
	if err != nil {
		return figures{}, err
	}
	defer os.RemoveAll(folder)
	args, err := t.args(w, lasts, s.url, folder)
	if err != nil {
		return figures{}, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), lasts+time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, t.path, args...)
	cmd.Dir = folder
	out, err := cmd.CombinedOutput()
	if err != nil {
		return figures{}, fmt.Errorf("%w\n%s", err, out)
	}
	seen, err := s.seen(w.rate)
	if err != nil {
		return figures{}, err
	}
	if seen.Count == 0 {
		return figures{}, fmt.Errorf("made no call\n%s", out)
	}
	cpu := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	return figures{
		calls: seen.Count, cpu: float64(cpu.Microseconds()) / float64(seen.Count), rate: float64(seen.Count-1) / seen.Span.Seconds(),
		p50: float64(seen.P50.Microseconds()), p99: float64(seen.P99.Microseconds()),
	}, nil
}

// show prints the medians, and how many times those of another tool ours are.
func show(w work, tools []tool, seen map[string][]figures) {
	fmt.Printf("\n%s\n%-29s %22s %22s", w.name, "tool", "CPU µs/call", "calls/s")
	if w.rate > 0 {
		fmt.Printf(" %22s %22s", "off p50 µs", "off p99 µs")
	}
	fmt.Println()
	ours := seen["wsk"]
	for _, t := range tools {
		list := seen[t.name]
		if len(list) == 0 {
			continue
		}
		fmt.Printf("%-29s", title(t.name))
		parts := []func(figures) float64{func(f figures) float64 { return f.cpu }, func(f figures) float64 { return f.rate }}
		if w.rate > 0 {
			parts = append(parts, func(f figures) float64 { return f.p50 }, func(f figures) float64 { return f.p99 })
		}
		for _, of := range parts {
			text := fmt.Sprintf("%.1f", median(list, of))
			if t.name != "wsk" && len(ours) > 0 {
				text += fmt.Sprintf(" (ours ×%.2f)", median(ours, of)/median(list, of))
			}
			fmt.Printf(" %22s", text)
		}
		fmt.Println()
	}
}

// title is what a table calls a tool.
func title(name string) string {
	if name == "owperf" {
		return "owperf's loop (npm openwhisk)"
	}
	return name
}

func median(list []figures, of func(figures) float64) float64 {
	values := make([]float64, len(list))
	for i, f := range list {
		values[i] = of(f)
	}
	slices.Sort(values)
	return values[len(values)/2]
}

// write puts a file into a folder and returns its path.
func write(folder, name, text string) (string, error) {
	path := filepath.Join(folder, name)
	return path, os.WriteFile(path, []byte(text), 0o644)
}
