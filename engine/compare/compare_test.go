package compare

import (
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/result"
)

var start = time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)

// saved is a complete result of one warm phase whose median response is p50 milliseconds.
func saved(minute int, p50 float64) *result.Result {
	ms := float64(time.Millisecond)
	response := measure.Stats{Count: 100, Mean: p50 * ms, P50: p50 * ms, P95: 2 * p50 * ms}
	run := measure.Stats{Count: 100, Mean: (p50 - 2) * ms, P50: (p50 - 2) * ms}
	metrics := map[string]measure.Stats{"response": response, "run": run, "wait": {Count: 100}}
	return &result.Result{
		Version: result.Version, Run: fmt.Sprintf("run%d", minute), Status: result.Complete, Started: start.Add(time.Duration(minute) * time.Minute),
		Plan: &plan.Plan{Scenario: "s", Fingerprint: "f", Seed: 1, Cells: []plan.Cell{{ID: "all",
			Phases: []plan.Phase{{Name: "warm", Invoke: "hello", Load: plan.Load{Users: 4}}}}}},
		Facts: []result.Fact{{Name: "target", Value: "attached"}, {Name: "generator", Value: "go1.26, 2 CPUs"}, {Name: "generator used", Value: fmt.Sprint(minute)}},
		Summaries: []measure.Summary{{Name: "warm", Counters: map[string]float64{"issued": 100, "errors": 0, "error_rate": 0, "throughput": 1000 / p50},
			Classes: []measure.Class{{Name: "all", Samples: 100, Metrics: metrics}, {Name: "warm", Samples: 100, Metrics: metrics}}}},
	}
}

// series are n results a minute apart, with noise of about a percent that has no trend.
func series(n, first int, p50 float64) (list []*result.Result) {
	for i := range n {
		list = append(list, saved(first+2*i, p50*(1+0.01*math.Sin(float64(7*i+first)))))
	}
	return list
}

func TestVerdicts(t *testing.T) {
	for _, row := range []struct {
		name      string
		base, new []*result.Result
		options   Options
		want      Verdict
		further   bool
	}{
		{"a fifth slower is a regression", series(10, 0, 20), series(10, 1, 24), Options{}, Regressed, false},
		{"a fifth faster is an improvement", series(10, 0, 20), series(10, 1, 16), Options{}, Improved, false},
		{"nothing changed is equivalent", series(10, 0, 20), series(10, 1, 20), Options{}, Equivalent, false},
		{"a change at the margin is left open", series(10, 0, 20), series(10, 1, 20.9), Options{Primary: []string{"warm.response.p50"}}, Inconclusive, true},
		{"nine runs a side give no verdict", series(9, 0, 20), series(9, 1, 40), Options{}, NotJudged, true},
		{"six pairs give one", series(6, 0, 20), series(6, 1, 40), Options{Paired: true}, Regressed, false},
		{"five pairs give none", series(5, 0, 20), series(5, 1, 40), Options{Paired: true}, NotJudged, true},
		{"more throughput is an improvement", series(10, 0, 20), series(10, 1, 16), Options{Primary: []string{"warm.throughput"}}, Improved, false},
		{"less throughput is a regression", series(10, 0, 20), series(10, 1, 24), Options{Primary: []string{"warm.throughput"}}, Regressed, false},
		{"a secondary metric that regressed counts", series(10, 0, 20), series(10, 1, 24),
			Options{Primary: []string{"warm.error_rate"}, Secondary: []string{"warm.response.p50"}}, Regressed, false},
		{"a wider margin forgives", series(10, 0, 20), series(10, 1, 22), Options{Margin: 0.2}, Equivalent, false},
		{"a metric that some runs lack is not judged", series(10, 0, 20), append(series(9, 1, 20), cut(saved(99, 20))), Options{}, NotJudged, false},
		{"a metric of no run is not judged", series(10, 0, 20), series(10, 1, 20), Options{Primary: []string{"warm.init.p50"}}, NotJudged, false},
		{"whole milliseconds that are 0 everywhere are equivalent", series(10, 0, 20), series(10, 1, 20), Options{Primary: []string{"warm.wait.p50"}}, Equivalent, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			r, err := Compare(row.base, row.new, row.options)
			if err != nil {
				t.Fatal(err)
			}
			if r.Verdict != row.want || (r.Further > 0) != row.further {
				t.Errorf("%s with %d further runs, want %s (further runs: %t); %+v", r.Verdict, r.Further, row.want, row.further, r.Comparisons[0])
			}
		})
	}
}

// cut is a result whose phase ended before its load was done.
func cut(r *result.Result) *result.Result {
	r.Summaries[0].Cut = true
	return r
}

func TestUnlikeRunsAreRefusedByName(t *testing.T) {
	for _, row := range []struct {
		name   string
		change func(*result.Result)
		want   string
		kind   Kind
	}{
		{"another load", func(r *result.Result) { r.Plan.Fingerprint, r.Plan.Cells[0].Phases[0].Load.Users = "g", 8 },
			"plan: phases[warm].load.users is 4 in base and 8 in new", InPlan},
		{"other code", func(r *result.Result) { r.Plan.Fingerprint = "g" }, "code: the files of code or payloads are not the same", InCode},
		{"another scenario", func(r *result.Result) { r.Plan.Scenario = "t" }, "scenario: its name is s in base and t in new", InScenario},
		{"another platform", func(r *result.Result) { r.Facts[0].Value = "embedded" }, "cluster: target is attached in base and embedded in new", InCluster},
		{"another machine", func(r *result.Result) { r.Facts[1].Value = "go1.26, 8 CPUs" },
			"generator: generator is go1.26, 2 CPUs in base and go1.26, 8 CPUs in new", InGenerator},
	} {
		t.Run(row.name, func(t *testing.T) {
			latest := series(10, 1, 20)
			for _, r := range latest {
				row.change(r)
			}
			_, err := Compare(series(10, 0, 20), latest, Options{})
			var unlike *UnlikeError
			if !errors.As(err, &unlike) || !strings.Contains(err.Error(), row.want) || !strings.HasSuffix(err.Error(), "--allow "+string(row.kind)) {
				t.Fatalf("error %v, want %q", err, row.want)
			}
			if row.kind == InScenario {
				return
			}
			r, err := Compare(series(10, 0, 20), latest, Options{Allow: []Kind{row.kind}})
			if err != nil || !strings.Contains(strings.Join(r.Notes, "\n"), row.want) {
				t.Errorf("allowed: error %v, notes %q", err, r.Notes)
			}
		})
	}
}

func TestWhatAReaderMustKnowIsSaid(t *testing.T) {
	latest := append(series(10, 101, 20), saved(130, 20))
	latest[10].Status = result.Interrupted
	r, err := Compare(series(10, 0, 20), latest, Options{})
	if err != nil {
		t.Fatal(err)
	}
	notes := strings.Join(r.Notes, "\n")
	for _, want := range []string{"run run130 of 2026-07-01 14:10:00 is interrupted and was left out", "not interleaved"} {
		if !strings.Contains(notes, want) {
			t.Errorf("notes %q, want %q", notes, want)
		}
	}
	if _, err := Compare(series(10, 0, 20), series(10, 18, 20), Options{}); err == nil || !strings.Contains(err.Error(), "run18 stands on both sides") {
		t.Errorf("a run on both sides: %v", err)
	}
	if _, err := Compare(series(10, 0, 20), series(9, 1, 20), Options{Paired: true}); err == nil {
		t.Error("10 and 9 runs made pairs")
	}
}

func TestPassesOfARepeatedRunAreRuns(t *testing.T) {
	repeated := func(p50 float64) []*result.Result {
		r := saved(int(p50), p50)
		cell, sum := r.Plan.Cells[0], r.Summaries[0]
		r.Plan.Cells, r.Summaries = nil, nil
		for pass := range 10 {
			cell.ID, cell.Repeat, sum.Cell = fmt.Sprintf("repeat=%d", pass+1), pass+1, pass
			r.Plan.Cells, r.Summaries = append(r.Plan.Cells, cell), append(r.Summaries, sum)
		}
		return []*result.Result{r}
	}
	r, err := Compare(repeated(20), repeated(30), Options{})
	if err != nil || len(r.Base) != 10 || r.Verdict != Regressed {
		t.Fatalf("%+v, error %v", r, err)
	}
}

func TestAChangeIsAttributedToItsStage(t *testing.T) {
	r, err := Compare(series(10, 0, 20), series(10, 1, 30), Options{})
	if err != nil || len(r.Causes) != 1 {
		t.Fatalf("causes %+v, error %v", r.Causes, err)
	}
	cause := r.Causes[0]
	sum := 0.0
	for _, part := range cause.Stages {
		sum += part.Adds
	}
	if cause.Stages[0].Name != "run" || math.Abs(sum-cause.Change) > 1 || math.Abs(cause.Change-10e6) > 1e6 {
		t.Errorf("%+v", cause)
	}
}

func TestAShiftOfTheMixIsToldFromSlowerCalls(t *testing.T) {
	of := func(cold int, coldMean, warmMean float64) *result.Result {
		r := saved(0, 20)
		class := func(name string, n int, mean float64) measure.Class {
			return measure.Class{Name: name, Samples: n, Metrics: map[string]measure.Stats{"response": {Count: n, Mean: mean, P50: mean}}}
		}
		mean := (float64(cold)*coldMean + float64(100-cold)*warmMean) / 100
		r.Summaries[0].Classes = []measure.Class{class("all", 100, mean), class("warm", 100-cold, warmMean)}
		if cold > 0 {
			r.Summaries[0].Classes = append(r.Summaries[0].Classes, class("cold", cold, coldMean))
		}
		return r
	}
	for _, row := range []struct {
		name      string
		base, new *result.Result
		largest   string
	}{
		{"more cold ones", of(10, 500e6, 20e6), of(30, 500e6, 20e6), "another mix of cold and warm"},
		{"slower cold ones", of(10, 500e6, 20e6), of(10, 900e6, 20e6), "cold calls themselves"},
		{"cold ones where there were none", of(0, 0, 20e6), of(10, 500e6, 20e6), "another mix of cold and warm"},
		{"no cold ones any more", of(10, 500e6, 20e6), of(0, 0, 20e6), "another mix of cold and warm"},
	} {
		t.Run(row.name, func(t *testing.T) {
			a, _ := runsOf([]*result.Result{row.base})
			b, _ := runsOf([]*result.Result{row.new})
			cause := attribute("all", "warm", profileOf(a, "all", "warm"), profileOf(b, "all", "warm"))
			sum := 0.0
			for _, part := range cause.Mix {
				sum += part.Adds
			}
			if cause.Mix[0].Name != row.largest || math.Abs(sum-cause.Change) > 1 {
				t.Errorf("%+v", cause)
			}
		})
	}
}

func TestACalibrationRefusesAMarginThatCannotBeSeen(t *testing.T) {
	quiet, err := Calibrate(series(20, 0, 20), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if quiet.FalseAlarms > 0.1 || quiet.Metrics[0].At10 > 0.05 || quiet.Runs != 20 {
		t.Errorf("%+v", quiet)
	}
	path := filepath.Join(t.TempDir(), "calibration.json")
	if err := quiet.Write(path); err != nil {
		t.Fatal(err)
	}
	read, err := ReadCalibration(path)
	if err != nil || !slices.Equal(read.Metrics, quiet.Metrics) {
		t.Fatalf("read %+v, error %v", read, err)
	}
	r, err := Compare(series(10, 0, 20), series(10, 1, 20), Options{Margin: 0.005})
	if err != nil {
		t.Fatal(err)
	}
	if err := quiet.Refuse(r); err == nil || !strings.Contains(err.Error(), "ask for a greater --margin") {
		t.Errorf("a margin of 0.5 %%: %v", err)
	}
	r.Margin = 0.05
	if err := quiet.Refuse(r); err != nil {
		t.Errorf("a margin of 5 %%: %v", err)
	}
	if _, err := Calibrate(series(7, 0, 20), Options{}); err == nil {
		t.Error("seven runs made a calibration")
	}
}

func TestMetricsAreCheckedAgainstThePlan(t *testing.T) {
	p := saved(0, 20).Plan
	for name, want := range map[string]string{
		"warm.response.p59":     `did you mean "p50"`,
		"wram.response.p50":     `did you mean "warm"`,
		"warm.response":         "",
		"vars.x":                "",
		"warm.response.p50 * 2": "is not measured",
	} {
		_, err := ParseMetric(name, p)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
	m, err := ParseMetric("warm.throughput", p)
	if err != nil || !m.HigherIsBetter {
		t.Errorf("throughput: %+v, %v", m, err)
	}
}
