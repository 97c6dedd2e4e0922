package serverlessbench

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/result"
)

var update = flag.Bool("update", false, "write the golden files anew")

const begin = int64(1_751_000_000_000)

// startup is a run of a cold phase of three calls, a warm one of ten and a cold one, and one of four clients, two calls of each,
// one of which fails. The cold ones tell when the action began.
func startup() (*result.Result, Samples) {
	phases := []plan.Phase{
		{Name: "cold", Start: plan.ColdStart, Blocking: plan.ForRecord, Load: plan.Load{Users: 1, Iterations: 3}, Extract: []plan.Extraction{{Name: "start", From: "result.start", Unit: "ms"}}},
		{Name: "warm", Start: plan.WarmStart, Blocking: plan.ForRecord, Load: plan.Load{Users: 1, Iterations: 11}, Warmup: plan.Warmup{Iterations: 1}},
		{Name: "crowd", Start: plan.AnyStart, Blocking: plan.ForRecord, Load: plan.Load{Users: 4, PerUser: 2}},
		{Name: "aside", Unmeasured: true},
	}
	r := &result.Result{Started: time.UnixMilli(begin), Plan: &plan.Plan{Scenario: "startup", Cells: []plan.Cell{{ID: "lang=java", Phases: phases}}}}
	var all []measure.Sample
	call := func(phase, at, took int) *measure.Sample {
		temperature := []measure.Temperature{measure.Cold, measure.Warm, measure.Unknown, measure.Warm}[phase]
		s := measure.Sample{Phase: phase, Temperature: temperature, Sent: ms(at), FirstByte: ms(at + took), Done: ms(at + took), Outcome: measure.OK}
		all = append(all, s)
		return &all[len(all)-1]
	}
	for i, took := range []int{700, 500, 600} {
		call(0, 1000*i, took).Extracted = []measure.Extracted{{Name: "start", Values: []float64{float64(begin+int64(1000*i+400)) * 1e6}}}
	}
	call(1, 3000, 900).Warmup = true
	for i := range 10 {
		call(1, 4000+100*i, 10+i)
	}
	call(1, 5000, 900).Temperature = measure.Cold
	for i := range 8 {
		call(2, 6000+5*i, 20+i)
	}
	all[len(all)-1].Outcome = measure.Throttled
	call(3, 7000, 10)
	return r, func(each func(*measure.Sample) error) error {
		for i := range all {
			if err := each(&all[i]); err != nil {
				return err
			}
		}
		return nil
	}
}

func ms(n int) time.Duration { return time.Duration(n) * time.Millisecond }

func TestTheOutputsAreAsTheirGoldenFiles(t *testing.T) {
	for name, write := range map[string]func(io.Writer, *result.Result, Samples) error{"startup.txt": Text, "startup.csv": CSV} {
		r, samples := startup()
		var out bytes.Buffer
		if err := write(&out, r, samples); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(string(want), out.String()); d != "" {
			t.Errorf("%s differs (-want +got); run with -update if the new one is right:\n%s", path, d)
		}
	}
}

// Of three calls p50 is the smallest and the largest is never shown; of ten p95 and p99 are the ninth.
func TestPercentilesAreByFloorRank(t *testing.T) {
	r, samples := startup()
	var out bytes.Buffer
	if err := Text(&out, r, samples); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"600\t500\t600\t600\t600\t600\t\n", "14\t14\t16\t18\t18\t18\t\n", "mode: cold, loop_times: 3, warmup_times: \n", "mode: warm, loop_times: 11, warmup_times: 1\n",
		"client: 4, loop_times: 2, warup_times: 0\n", "7 requests finished in 0.06 seconds\n", "throughput (n/s):\n125.00\n", "left out, errors: 1\n", "left out, not warm or elsewhere than asked for: 1\n"} {
		if !strings.Contains(out.String(), line) {
			t.Errorf("%q is not in\n%s", line, out.String())
		}
	}
}

func TestOnePhaseHasTheColumnsOfTheScriptsAlone(t *testing.T) {
	r, samples := startup()
	phases := r.Plan.Cells[0].Phases
	for phase, want := range map[int]string{
		0: "invokeTime,startTime,endTime\n1751000000000,1751000000400,1751000000700\n",
		1: "invokeTime,endTime\n1751000004000,1751000004010\n",
	} {
		for i := range phases {
			phases[i].Unmeasured = i != phase
		}
		var out bytes.Buffer
		if err := CSV(&out, r, samples); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(out.String(), want) {
			t.Errorf("phase %d is\n%s, want it to begin with\n%s", phase, out.String(), want)
		}
	}
}

func TestWhatServerlessBenchCouldNotMeasureIsRefused(t *testing.T) {
	for _, row := range []struct {
		why    string
		change func(ph *plan.Phase)
	}{
		{"phase cold has an open load", func(ph *plan.Phase) { ph.Load.Open = &plan.Open{Rate: 1} }},
		{"phase cold changes its users on the way", func(ph *plan.Phase) { ph.Load.Steps = []float64{1, 2} }},
		{"phase cold waits for no answer", func(ph *plan.Phase) { ph.Blocking = plan.ForNothing }},
	} {
		r, samples := startup()
		row.change(&r.Plan.Cells[0].Phases[0])
		var out bytes.Buffer
		if err := Text(&out, r, samples); err == nil || !strings.Contains(err.Error(), row.why) || out.Len() > 0 {
			t.Errorf("the error is %v and %d bytes are written, want one that says %q and none", err, out.Len(), row.why)
		}
	}
}
