// Package reporttest holds the runs that the tests of reports look at: one that went well, and one for each way in which a run
// can be less than that.
package reporttest

import (
	"time"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/result"
	"wsk-scenario/engine/slo"
)

const (
	ms = float64(time.Millisecond)
	us = float64(time.Microsecond)
)

// Startup is the plan of most tests: two languages on two nodes, one of the four cells left out, a cold and a warm phase.
func Startup() *plan.Plan {
	p := &plan.Plan{
		Scenario: "startup", About: "Where the time of a cold start goes.", File: "scenarios/startup.yaml", Seed: 1,
		Fingerprint: "9c1d02ab77aa00112233445566778899", Vars: []plan.Value{{Name: "loops", Value: 10}},
		Axes: []plan.Axis{{Name: "node", Values: []any{"cloud", "edge"}},
			{Name: "lang", Values: []any{"java", "nodejs"}}},
		Assertions: []plan.Assertion{{Expect: diag.Text{Value: "cold.errors == 0 and warm.errors == 0"}},
			{Expect: diag.Text{Value: "warm.response.p95 < 80ms"}, Warn: true}},
		Tables: []plan.Table{{Title: "Start-up breakdown", Rows: []string{"lang"},
			Columns: []diag.Text{{Value: "cold.init.p95"}, {Value: "cold.response.p50 / warm.response.p50"}}}},
	}
	for _, values := range [][2]string{{"cloud", "java"}, {"cloud", "nodejs"}, {"edge", "nodejs"}} {
		p.Cells = append(p.Cells, plan.Cell{
			ID: "node=" + values[0] + ",lang=" + values[1],
			Values: []plan.Value{{Name: "node", Value: values[0]},
				{Name: "lang", Value: values[1]}},
			Actions: []plan.Action{{Name: "hello", Code: "actions/hello/" + values[1],
				Kind: values[1] + ":default", MemoryMB: 256, Role: values[0]}},
			Phases: []plan.Phase{
				{Name: "cold", Invoke: "hello", Start: plan.ColdStart, Load: plan.Load{Users: 1, Iterations: 10}},
				{Name: "warm", Invoke: "hello", Start: plan.WarmStart,
					Warmup: plan.Warmup{Iterations: 3}, Load: plan.Load{Users: 1, Iterations: 100}},
			},
		})
	}
	return p
}

// Passed is a complete run of startup in which all went well.
func Passed() *result.Result {
	p := Startup()
	started := time.Date(2026, 7, 1, 12, 30, 0, 0, time.UTC)
	r := &result.Result{
		Version: result.Version, Tool: "test", Run: "k3v9q2aa", Started: started, Ended: started.Add(154 * time.Second),
		Status: result.Complete, Plan: p,
		Facts: []result.Fact{{Name: "target", Value: "embedded standalone"},
			{Name: "generator", Value: "go1.26, 2 CPUs, linux/amd64"}},
	}
	for c := range p.Cells {
		slow := 1 + float64(c)/2
		cold := measure.Class{Name: "all", Samples: 10, Metrics: map[string]measure.Stats{
			"response": stats(10, 745.3*ms*slow, 1324*ms*slow), "wait": stats(10, 12*ms, 31*ms),
			"init": stats(10, 402*ms, 611*ms), "run": stats(10, 2*ms, 3*ms)}}
		warm := measure.Class{Name: "all", Samples: 100, Metrics: map[string]measure.Stats{
			"response": stats(100, 9.312*ms*slow, 18.04*ms*slow), "wait": stats(100, 1*ms, 4*ms),
			"run": stats(100, 850*us, 1*ms)}}
		r.Summaries = append(r.Summaries,
			measure.Summary{Cell: c, Phase: 0, Name: "cold", Counters: map[string]float64{"errors": 0},
				Classes: []measure.Class{cold, named(cold, "cold")}},
			measure.Summary{Cell: c, Phase: 1, Name: "warm", Warmups: 3, Counters: map[string]float64{"errors": 0},
				Classes: []measure.Class{warm, named(warm, "warm")}})
		r.Books = append(r.Books, balanced(c, 0, 10), balanced(c, 1, 103))
		r.Verdicts = append(r.Verdicts,
			slo.Verdict{Assertion: 0, Cell: c, Status: slo.Pass, Expect: p.Assertions[0].Expect.Value,
				Comparisons: []slo.Comparison{
					{Text: "cold.errors == 0", Left: "0", Op: "==", Right: "0", Holds: true},
					{Text: "warm.errors == 0", Left: "0", Op: "==", Right: "0", Holds: true}}},
			slo.Verdict{Assertion: 1, Cell: c, Status: slo.Pass, Warn: true, Expect: p.Assertions[1].Expect.Value,
				Comparisons: []slo.Comparison{
					{Text: "warm.response.p95 < 80ms", Left: "18.0ms", Op: "<", Right: "80ms",
						Holds: true, Margin: "77 % below the limit"}}})
	}
	return r
}

func stats(n int, p50, p95 float64) measure.Stats { return measure.Stats{Count: n, P50: p50, P95: p95} }

func named(c measure.Class, name string) measure.Class {
	c.Name = name
	return c
}

func balanced(cell, phase, calls int) measure.Books {
	return measure.Books{Cell: cell, Phase: phase, Issued: calls, Outcomes: map[measure.Outcome]int{measure.OK: calls}}
}

// MixedStarts is a run of one cell and one phase that takes calls of any temperature.
func MixedStarts() *result.Result {
	r := Passed()
	r.Plan.Axes, r.Plan.Tables, r.Plan.Cells = nil, nil, r.Plan.Cells[:1]
	r.Plan.Cells[0].ID, r.Plan.Cells[0].Values = "all", nil
	r.Plan.Cells[0].Phases = r.Plan.Cells[0].Phases[:1]
	r.Plan.Cells[0].Phases[0].Start = plan.AnyStart
	r.Plan.Assertions, r.Verdicts = nil, nil
	warm := measure.Class{Name: "warm", Samples: 8,
		Metrics: map[string]measure.Stats{"response": stats(8, 9*ms, 18*ms)}}
	r.Summaries = r.Summaries[:1]
	r.Summaries[0].Classes[0] = measure.Class{Name: "all", Samples: 18,
		Metrics: map[string]measure.Stats{"response": stats(18, 410*ms, 1324*ms)}}
	r.Summaries[0].Classes = append(r.Summaries[0].Classes, warm)
	r.Books = r.Books[:1]
	return r
}

// Pods is a run of which a watch has told how pods came to be: on one node with a pull, on another not all of it.
func Pods() *result.Result {
	r := Passed()
	for c, stages := range []map[string]float64{
		{"requested": 210, "scheduled": 4, "pulled": 1830, "pull": 1710, "created": 38, "started": 120, "ready": 950, "creation": 2942},
		{"requested": 215, "scheduled": 5, "pulled": 92, "created": 36, "started": 118, "ready": 940, "creation": 1191},
		{"requested": 260, "scheduled": 6, "ready": 2100, "creation": 3400}, // events may not be watched
	} {
		for name, median := range stages {
			r.Summaries[2*c].Classes[0].Metrics[name] = measure.Stats{Count: 10, P50: median * ms, P95: 1.5 * median * ms, Max: 2 * median * ms}
		}
	}
	pull := r.Summaries[0].Classes[0].Metrics["pull"]
	pull.Count = 1 // of the first call alone
	r.Summaries[0].Classes[0].Metrics["pull"] = pull
	r.Plan.Tables = nil
	return r
}

// Failed is a run with errors, a red verdict, one without data and a warning.
func Failed() *result.Result {
	r := Passed()
	r.Summaries[0].Counters["errors"] = 2
	r.Books[0].Outcomes = map[measure.Outcome]int{measure.OK: 8, measure.DeveloperError: 1, measure.Network: 1}
	r.Summaries[2].Strays = 1
	r.Summaries[3].Classes[0].Metrics["wait"] = stats(40, 1*ms, 4*ms) // of the other records there is no waitTime
	r.Verdicts[0].Status = slo.Fail
	r.Verdicts[0].Comparisons[0] = slo.Comparison{Text: "cold.errors == 0", Left: "2", Op: "==", Right: "0", Margin: "2 too many"}
	r.Verdicts[0].Diagnostic = drawn(diag.Failed, 1, "2 errors in 10 calls")
	r.Verdicts[2].Status, r.Verdicts[2].Comparisons = slo.NoData, nil
	r.Verdicts[2].Reason = "phase warm has no samples"
	r.Verdicts[2].Diagnostic = drawn(diag.NoData, 1, "phase warm has no samples")
	r.Verdicts[3].Status = slo.Fail
	r.Verdicts[3].Diagnostic = drawn(diag.Failed, 2, "91.0ms over 100 activations, 14 % above the limit")
	r.Notes = []string{"The target keeps no record of which node ran an activation, " +
		"so the placement on cloud and edge could not be proved."}
	return r
}

// AssertText is the part of the scenario that the verdicts point at.
const AssertText = "  - cold.errors == 0 and warm.errors == 0\n  - {expect: warm.response.p95 < 80ms, severity: warn}\n"

func drawn(s diag.Severity, line int, hint string) *diag.Diagnostic {
	columns := map[int][2]int{1: {5, 21}, 2: {14, 38}}[line]
	return &diag.Diagnostic{Severity: s, Hint: hint, Summary: "the assertion", Range: diag.Range{File: "scenarios/startup.yaml",
		Start: diag.Pos{Line: line, Column: columns[0]}, End: diag.Pos{Line: line, Column: columns[1]}}}
}

// Interrupted is a run that was interrupted in its second cell.
func Interrupted() *result.Result {
	r := Passed()
	r.Status = result.Interrupted
	r.Summaries, r.Books = r.Summaries[:3], r.Books[:3]
	for i := range r.Verdicts[2:] {
		v := &r.Verdicts[2+i]
		v.Status, v.Comparisons, v.Reason = slo.NotJudged, nil, "the run was interrupted before this phase"
	}
	return r
}

// many is more verdicts than are listed.
const many = 12

// InterruptedEarly is a run that was interrupted with more left to judge than anybody wants to read.
func InterruptedEarly() *result.Result {
	r := Interrupted()
	for range many {
		r.Verdicts = append(r.Verdicts, r.Verdicts[2])
	}
	return r
}

// Broken is a run whose target never came up.
func Broken() *result.Result {
	r := Passed()
	r.Status, r.Problems = result.Broken,
		[]string{"start the standalone OpenWhisk: listen tcp 127.0.0.1:3233: bind: address already in use"}
	r.Summaries, r.Books, r.Verdicts, r.Facts = nil, nil, nil, nil
	return r
}

// RefusedRun is a run that was refused before its first call, because its target lacks what the scenario requires.
func RefusedRun() *result.Result {
	r := Passed()
	r.Status, r.Ended = result.Broken, r.Started.Add(300*time.Millisecond)
	r.Problems = []string{"scenarios/startup.yaml:12:34: 6000 invocations per minute are required, and the target takes 60; raise the chart's whisk.limits.actionsInvokesPerminute, or the limit of the namespace\n" +
		"scenarios/startup.yaml:12:52: 200 concurrent invocations are required, and the target takes 30; raise the chart's whisk.limits.actionsInvokesConcurrent, or the limit of the namespace"}
	r.Summaries, r.Books = nil, nil
	for i := range r.Verdicts {
		v := &r.Verdicts[i]
		v.Status, v.Comparisons, v.Reason = slo.NotJudged, nil, "phase "+[]string{"cold", "warm"}[i%2]+" did not run"
	}
	return r
}

// Unbalanced is a run that lost sight of a call.
func Unbalanced() *result.Result {
	r := Passed()
	r.Status, r.Problems = result.Broken, []string{"the books of phase cold do not balance"}
	r.Books[0].Outcomes = map[measure.Outcome]int{measure.OK: 9}
	return r
}

// Empty is a run of a plan whose only phase was answered by nothing but errors: it has counters and no figure.
func Empty() *result.Result {
	r := MixedStarts()
	r.Plan.Assertions = []plan.Assertion{{Expect: diag.Text{Value: "cold.response.p95 < 1s"}}}
	r.Summaries[0].Classes = []measure.Class{{Name: "all", Metrics: map[string]measure.Stats{}}}
	r.Summaries[0].Counters = map[string]float64{"issued": 10, "errors": 10, "network": 10, "error_rate": 1}
	r.Books[0].Outcomes = map[measure.Outcome]int{measure.Network: 10}
	r.Verdicts = []slo.Verdict{{Status: slo.NoData, Expect: "cold.response.p95 < 1s", Reason: "no call of phase cold ended well",
		Diagnostic: drawn(diag.NoData, 1, "no call of phase cold ended well")}}
	return r
}

// Limited is a run whose generator did not keep the schedule of its open load.
func Limited() *result.Result {
	r := MixedStarts()
	r.Plan.Cells[0].Phases[0].Load = plan.Load{For: 20 * time.Second, Steps: []float64{100, 200}, Open: &plan.Open{Rate: 200, MaxInFlight: 1000}}
	r.Plan.Assertions = []plan.Assertion{{Expect: diag.Text{Value: "cold.response.p95 < 1s"}}}
	s := &r.Summaries[0]
	s.Limited, s.Late, s.Window = true, 900, 20*time.Second
	s.Counters = map[string]float64{"issued": 3000, "errors": 0, "ok": 3000, "offered": 3000, "throughput": 150}
	for i, rate := range []float64{100, 200} {
		step := *s
		step.Name, step.Steps = "cold.steps["+string(rune('0'+i))+"]", nil
		step.Limited, step.Window = i == 1, 10*time.Second
		step.Counters = map[string]float64{"issued": 10 * rate, "errors": 0, "ok": 10 * rate, "offered": 10 * rate, "throughput": 75 * float64(1+i)}
		s.Steps = append(s.Steps, step)
	}
	r.Books[0] = balanced(0, 0, 3000)
	const why = "the generator did not keep the schedule of phase cold"
	r.Verdicts = []slo.Verdict{{Status: slo.NotJudged, Expect: "cold.response.p95 < 1s", Reason: why, Diagnostic: drawn(diag.NoData, 1, why)}}
	r.Notes = []string{"generator-limited: in phase cold of cell all, 900 of 3000 calls were sent more than 10ms after they were due; nothing that is asserted of it is judged"}
	return r
}

// All are the runs by a name that says what they are.
func All() []Named {
	return []Named{{"passed", Passed()}, {"failed", Failed()}, {"mixed-starts", MixedStarts()}, {"interrupted", Interrupted()},
		{"broken", Broken()}, {"unbalanced", Unbalanced()}, {"empty", Empty()}, {"generator-limited", Limited()}, {"refused", RefusedRun()},
		{"figures", Figures()}, {"pods", Pods()}}
}

// Named is a run with its name.
type Named struct {
	Name   string
	Result *result.Result
}
