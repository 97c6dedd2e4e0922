package main

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// scenarioRoot is where the ready scenarios are.
const scenarioRoot = "../../scenarios"

// program runs the command line in this process, with a cache that all of a test share.
func program(t *testing.T, cache string, args ...string) (code int, out, faults string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	m := Machine{In: strings.NewReader(""), Out: &stdout, Err: &stderr, Env: func(string) string { return "" },
		Cache: func() (string, error) { return cache, nil }}
	code = Main(t.Context(), args, m)
	return code, stdout.String(), stderr.String()
}

// ready are the scenarios of the tree, without the profiles.
func ready(t *testing.T) (files []string) {
	t.Helper()
	err := filepath.WalkDir(scenarioRoot, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && (entry.Name() == "clusters" || entry.Name() == "charts") {
			return filepath.SkipDir
		}
		if err == nil && filepath.Ext(path) == ".yaml" {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 20 {
		t.Fatalf("only %d scenarios were found", len(files))
	}
	return files
}

// unkept says that this machine was too busy to send an open load as planned. Then nothing is judged, and the run has another
// chance.
const unkept = "the generator was too slow"

// Every scenario holds what it asserts, at its small size, on the embedded OpenWhisk.
func TestEveryScenarioRuns(t *testing.T) {
	cache := t.TempDir()
	for _, file := range ready(t) {
		name, _ := filepath.Rel(scenarioRoot, file)
		t.Run(strings.TrimSuffix(name, ".yaml"), func(t *testing.T) {
			t.Parallel()
			code, out, faults := program(t, cache, "run", "--quiet", "--results", t.TempDir(), file)
			for chances := 20; chances > 0 && code == exitUnmet && strings.Contains(out, unkept); chances-- {
				code, out, faults = program(t, cache, "run", "--quiet", "--results", t.TempDir(), file)
			}
			if code != exitMet {
				t.Errorf("exit code %d\n%s\n%s", code, out, faults)
			}
		})
	}
}

// At the size of the publication a plan has the calls that the publication had.
func TestPlansAtTheSizeOfThePublication(t *testing.T) {
	cache := t.TempDir()
	for _, row := range []struct {
		file  string
		set   []string
		calls int
		why   string
	}{
		{"edge-study/startup", []string{"loops=100"}, 2 * (100 + 3 + 100), "two nodes, cold and warmed up"},
		{"edge-study/data-transfer", []string{"loops=20", "kilobytes=[1,5,10,15,20,25,30,35,40,45,50]"}, 2 * 11 * 2 * (2 + 20), "two nodes, eleven sizes, each beside one of 1 kB"},
		{"edge-study/stateless", []string{"shared=2000", "fresh=2000"}, 2 * 4000, "two nodes"},
		{"edge-study/parallelization", []string{"delta=200ms", "few=10", "some=100", "many=1000", "users=[1,2,4,8,16,32,64]"}, 127*1110 + 127, "127 users, three lengths, one call each to warm up"},
		{"serverlessbench/tc01-resource-needs", []string{"loops=10", "n=10000000", "parallel=100", "memories=[128,256,512]"}, 3 * 2 * 11, "three memories, one function and two"},
		{"serverlessbench/tc02-parallel-composition", []string{"loops=10", "n=10000000", "degrees=[1,2,4,6,8,10,12]"}, 7 * 3 * 11, "seven degrees, three ways"},
		{"serverlessbench/tc03-long-chains", []string{"loops=10", "lengths=[2,10,25,50]"}, 4 * 2 * 11, "four lengths, two styles"},
		{"serverlessbench/tc04a-image-processing", []string{"loops=10"}, 11, "the first and ten more"},
		{"serverlessbench/tc04b-alexa-skills", []string{"loops=10"}, 3*10 + 3, "three sentences ten times, three once"},
		{"serverlessbench/tc04c-online-compiling", []string{"loops=10", "jobs=[1,2,4,8,16]"}, 5 * 11, "five numbers of jobs"},
		{"serverlessbench/tc04d-data-analysis", []string{"loops=10"}, 21, "ten records, ten events and the audit"},
		{"serverlessbench/tc05-data-transfer", []string{"loops=20", "bytes=[1024,5120,10240,15360,20480,25600,30720,35840,40960,46080,51200]"}, 11 * 2 * 21, "eleven sizes, each beside one of 1 kB"},
		{"serverlessbench/tc06-startup-breakdown", []string{"cold=10", "warm=10"}, 6 * (10 + 3 + 10), "six programs"},
		{"serverlessbench/tc07-sandboxes", []string{"loops=10"}, 50, "five programs"},
		{"serverlessbench/tc08-function-size", []string{"loops=10", "megabytes=[22,33]"}, 2 * 2 * 2 * 10, "two sizes, carried and read, each beside a bare one"},
		{"serverlessbench/tc09-concurrent-startup", []string{"clients=40", "loops=25", "caps=[1,40]"}, 2 * (1 + 40*25 + 40), "forty clients, one container and forty"},
		{"serverlessbench/tc10-stateless-costs", []string{"shared=2000", "fresh=2000"}, 4000, "shared and fresh"},
		{"serverlessbench/tc11-azure-trace", []string{"scale=1", "for=30m"}, 10056, "all calls of the half hour"},
		{"serverlessbench/tc12-bank-transactions", []string{"accounts=1000", "transactions=1000"}, 1001, "and the audit"},
		{"owperf/action", []string{"workers=8", "iterations=100", "ratio=4", "warmup=5"}, 8 * 4 * (100 + 5), "bursts of four"},
		{"owperf/rule", []string{"workers=3", "iterations=100", "ratio=32"}, 3 * 105, "fires"},
	} {
		t.Run(row.file, func(t *testing.T) {
			args := []string{"plan", "--format", "json", filepath.Join(scenarioRoot, row.file+".yaml")}
			for _, set := range row.set {
				args = append(args, "--set", set)
			}
			code, out, faults := program(t, cache, args...)
			if code != exitMet {
				t.Fatalf("exit code %d: %s", code, faults)
			}
			var plan struct {
				Estimate struct {
					Invocations int  `json:"invocations"`
					Exact       bool `json:"exact"`
				} `json:"estimate"`
			}
			if err := json.Unmarshal([]byte(out), &plan); err != nil {
				t.Fatal(err)
			}
			if plan.Estimate.Invocations != row.calls || !plan.Estimate.Exact {
				t.Errorf("the plan has %d calls (exact: %t), want %d: %s", plan.Estimate.Invocations, plan.Estimate.Exact, row.calls, row.why)
			}
		})
	}
}
