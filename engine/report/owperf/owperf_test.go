package owperf

import (
	"bytes"
	"encoding/json"
	"flag"
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

// anchor is when the runs of these tests began: a whole millisecond.
var anchor = time.UnixMilli(1_751_000_000_000)

const begin = int64(1_751_000_000_000)

// recorded is a run with its samples.
type recorded struct {
	*result.Result
	samples []measure.Sample
}

// actions is a run of activity action: one cell, one phase.
func actions(l plan.Load, warmup int) *recorded {
	cell := plan.Cell{ID: "all", Actions: []plan.Action{{Name: "sleep", Params: json.RawMessage(`{"sleep": 50}`)}},
		Phases: []plan.Phase{{Name: "test", Invoke: "sleep", Blocking: plan.ForNothing, Start: plan.AnyStart, Load: l,
			Payload: plan.Payload{Size: 1000, Fill: "text"}, Warmup: plan.Warmup{Iterations: warmup}}}}
	return &recorded{Result: &result.Result{Run: "k3v9q2aa", Started: anchor, Status: result.Complete, Plan: &plan.Plan{Scenario: "owperf-action", Cells: []plan.Cell{cell}}}}
}

// rules is a run of activity rule.
func rules(l plan.Load, ratio int) *recorded {
	r := actions(l, 0)
	cell := &r.Plan.Cells[0]
	cell.Triggers = []plan.Trigger{{Name: "tick", Rules: []plan.Rule{{Action: "sleep", Count: ratio}}}}
	cell.Phases[0].Invoke, cell.Phases[0].Fire, cell.Phases[0].Await = "", "tick", "rules"
	return r
}

// call adds a call at a moment in ms, which was answered 10 ms later and whose activation ran from start on; one whose status
// says that it failed has none.
func (r *recorded) call(user, seq, status, at, start, took int) *measure.Sample {
	s := measure.Sample{User: user, Seq: seq, Due: ms(at), Sent: ms(at), FirstByte: ms(at + 10), Done: ms(at + 10), Status: status, Outcome: measure.Throttled}
	if status < 300 {
		s.Outcome, s.Record = measure.OK, record(start, took)
	}
	r.samples = append(r.samples, s)
	return &r.samples[len(r.samples)-1]
}

// fire adds a fire whose trigger began 2 ms after it, and the activations of its rules from start on.
func (r *recorded) fire(seq, at, start, took, ratio int) {
	fire := *r.call(0, seq, 202, at, start, took)
	r.samples[len(r.samples)-1].Record = nil
	for range ratio {
		child := fire
		child.Level, child.Status, child.FirstByte, child.Fired, child.Record = 1, 0, 0, begin+int64(at)+2, record(start, took)
		child.Extracted = []measure.Extracted{{Name: "d", Values: []float64{float64(ms(took))}}}
		r.samples = append(r.samples, child)
	}
}

func ms(n int) time.Duration { return time.Duration(n) * time.Millisecond }

func record(start, took int) *measure.Record {
	return &measure.Record{Start: begin + int64(start), End: begin + int64(start+took), Duration: int64(took)}
}

// rows are the rows by the names of their columns.
func (r *recorded) rows(t *testing.T, by Definition) (rows []map[string]string) {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, r.Result, r.all, by, true); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	names := strings.Split(lines[0], separator)
	for _, line := range lines[1:] {
		values := strings.Split(line, separator)
		if len(values) != 88 || len(names) != 88 {
			t.Fatalf("the row has %d columns and %d names, want 88", len(values), len(names))
		}
		row := map[string]string{}
		for i, name := range names {
			_, name, _ = strings.Cut(name, ".") // input or output
			row[name] = values[i]
		}
		rows = append(rows, row)
	}
	return rows
}

func (r *recorded) all(each func(*measure.Sample) error) error {
	for i := range r.samples {
		if err := each(&r.samples[i]); err != nil {
			return err
		}
	}
	return nil
}

// warmedUp is five failures in the warm-up, and twenty clean iterations.
func warmedUp() *recorded {
	r := actions(plan.Load{Users: 1, PerUser: 20, Pace: ms(100)}, 5)
	for i := range 5 {
		r.call(0, i, 429, 100*i, 0, 0).Warmup = true
	}
	for i := range 20 {
		at := 500 + 100*i
		r.call(0, 5+i, 202, at, at+5, 50).Extracted = []measure.Extracted{{Name: "d", Values: []float64{float64(ms(51))}}}
	}
	return r
}

// edges is 240 calls of bursts of 15, of which the last burst is under way when the window ends.
func edges() *recorded {
	r := actions(plan.Load{Users: 1, PerUser: 16, Pace: ms(100), Burst: 15}, 0)
	for i := range 16 {
		for lane := range 15 {
			r.call(lane, i, 202, 100*i, 100*i+20, 90)
		}
	}
	return r
}

// fires is 32 fires of four rules, of which the actions of the last two go on beyond the window.
func fires() *recorded {
	r := rules(plan.Load{Users: 1, PerUser: 32, Pace: ms(100)}, 4)
	for i := range 32 {
		took := 50
		if i >= 30 {
			took = 400
		}
		r.fire(i, 100*i, 100*i+12, took, 4)
	}
	return r
}

// The values of owperf itself were measured by running it, for what the name of the row says.
func TestTheFiguresOfBothDefinitions(t *testing.T) {
	none := "undefined"
	for _, row := range []struct {
		name string
		run  *recorded
		by   Definition
		want map[string]string
	}{
		{"owperf counts five failures in the warm-up", warmedUp(), Compat,
			map[string]string{"attempts.abs": "25", "requests.abs": "25", "activations.abs": "20", "invocations.abs": "20", "errors.abs": "5", "errors.percent": "20", "measure_time": "2"}},
		{"five failures in the warm-up are none of the test", warmedUp(), Corrected,
			map[string]string{"attempts.abs": "20", "requests.abs": "20", "activations.abs": "20", "errors.abs": "0", "errors.percent": "0", "measure_time": "2"}},
		{"owperf counts a fire once for each of four rules", fires(), Compat,
			map[string]string{"attempts.abs": "128", "activations.abs": "248", "requests.abs": "248", "invocations.abs": "120", "errors.abs": "0"}},
		{"a fire of four rules is one attempt and five requests", fires(), Corrected,
			map[string]string{"attempts.abs": "32", "activations.abs": "152", "requests.abs": "160", "invocations.abs": "120", "errors.abs": "0", "d.cnt": "128"}},
		{"owperf drops what is under way at the end from its requests", edges(), Compat,
			map[string]string{"attempts.abs": "240", "requests.abs": "225", "activations.abs": "225", "oea.cnt": "225"}},
		{"what is under way at the end was requested, and has latencies", edges(), Corrected,
			map[string]string{"attempts.abs": "240", "requests.abs": "240", "activations.abs": "225", "oea.cnt": "240"}},
		{"owperf has no latency of an action that took no time", zero(), Compat,
			map[string]string{"d.avg": none, "d.min": none, "d.cnt": "0", "ad.avg": none, "ad.cnt": "0", "oea.avg": "5", "oer.avg": "5", "invocations.abs": "10"}},
		{"no time is a time", zero(), Corrected,
			map[string]string{"d.avg": "0", "d.min": "0", "d.max": "0", "d.cnt": "10", "ad.avg": "0", "ad.cnt": "10", "oer.avg": "5"}},
		{"owperf does not see that actions fail", failing(), Compat,
			map[string]string{"errors.abs": "0", "invocations.abs": "10", "d.avg": none, "oer.avg": none, "ad.avg": "50"}},
		{"actions that fail are errors", failing(), Corrected,
			map[string]string{"errors.abs": "10", "errors.percent": "100", "invocations.abs": "0", "activations.abs": "10", "ad.avg": none}},
		{"the one row of owperf that is published", published(), Compat,
			map[string]string{"ta.avg": "7671", "oea.avg": "7707", "oer.avg": "7711", "d.avg": "50", "ad.avg": "54", "rtt.avg": none}},
		{"owperf counts late iterations of the warm-up", late(), Compat,
			map[string]string{"errors.cim.avg": "30", "errors.cim.cnt": "2", "errors.cim.pct": "50", "errors.cim.std": "0"}},
		{"late iterations of the warm-up are none of the test", late(), Corrected,
			map[string]string{"errors.cim.avg": "30", "errors.cim.cnt": "1", "errors.cim.pct": "50"}},
		{"a call that waits has latencies with its answer", waiting(), Compat,
			map[string]string{"rtt.avg": "62", "ora.avg": "7", "ortt.avg": "12", "oea.avg": "5", "oea.std": "0", "blocking": "activation"}},
		{"the deviation of owperf is that of the population", spread(), Compat, map[string]string{"oea.avg": "6", "oea.std": "1"}},
		{"the deviation is that of a sample", spread(), Corrected, map[string]string{"oea.avg": "6", "oea.std": "1.414"}},
		{"a rule that failed is an error of the window", refusedRule(), Compat,
			map[string]string{"attempts.abs": "2", "requests.abs": "4", "activations.abs": "3", "invocations.abs": "1", "errors.abs": "1", "errors.percent": "25"}},
		{"a rule that failed is an error among three requests", refusedRule(), Corrected,
			map[string]string{"attempts.abs": "1", "requests.abs": "3", "activations.abs": "2", "invocations.abs": "1", "errors.abs": "1", "errors.percent": "33.333"}},
		{"a period ends with it, and not with the delta", timed(), Compat,
			map[string]string{"measure_time": "1", "period": "1000", "iterations": none, "attempts.abs": "2"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := row.run.rows(t, row.by)[0]
			for name, want := range row.want {
				if got[name] != want {
					t.Errorf("%s is %s, want %s", name, got[name], want)
				}
			}
		})
	}
}

func zero() *recorded {
	r := actions(plan.Load{Users: 1, PerUser: 10, Pace: ms(100)}, 0)
	for i := range 10 {
		r.call(0, i, 202, 100*i, 100*i+5, 0).Extracted = []measure.Extracted{{Name: "d", Values: []float64{0}}}
	}
	return r
}

func failing() *recorded {
	r := actions(plan.Load{Users: 1, PerUser: 10, Pace: ms(100)}, 0)
	for i := range 10 {
		r.call(0, i, 202, 100*i, 100*i+5, 50).Outcome = measure.ApplicationError
	}
	return r
}

func published() *recorded {
	r := rules(plan.Load{Users: 1, PerUser: 1, Pace: ms(10_000)}, 1)
	r.fire(0, 0, 7707, 54, 1)
	child := &r.samples[1]
	child.Fired, child.Extracted[0].Values[0] = begin+36, float64(ms(50))
	return r
}

func late() *recorded {
	r := actions(plan.Load{Users: 1, PerUser: 2, Pace: ms(100)}, 2)
	for i, took := range []int{10, 130, 130, 10} {
		s := r.call(0, i, 202, 200*i, 200*i+5, 5)
		s.Warmup, s.Done = i < 2, s.Sent+ms(took)
	}
	return r
}

func waiting() *recorded {
	r := actions(plan.Load{Users: 1, Iterations: 4, Pace: ms(100)}, 0)
	r.Plan.Cells[0].Phases[0].Blocking = plan.ForRecord
	for i := range 4 {
		s := r.call(0, i, 200, 100*i, 100*i+5, 50)
		s.Done, s.Extracted = s.Sent+ms(62), []measure.Extracted{{Name: "d", Values: []float64{float64(ms(50))}}}
	}
	return r
}

func spread() *recorded {
	r := actions(plan.Load{Users: 1, PerUser: 2, Pace: ms(100)}, 0)
	r.call(0, 0, 202, 0, 5, 50)
	r.call(0, 1, 202, 100, 107, 50)
	return r
}

func refusedRule() *recorded {
	r := rules(plan.Load{Users: 1, PerUser: 1, Pace: ms(100)}, 2)
	r.fire(0, 0, 12, 50, 2)
	r.samples[2].Record, r.samples[2].Outcome = nil, measure.Throttled
	r.samples[0].Outcome = measure.Throttled // as the run says of the fire
	return r
}

func timed() *recorded {
	r := actions(plan.Load{Users: 1, For: time.Second, Pace: ms(600)}, 0)
	r.call(0, 0, 202, 0, 5, 50)
	r.call(0, 1, 202, 600, 605, 50)
	return r
}

// The master is counted apart from the others, in two ways.
func TestTheMasterAmongTheClients(t *testing.T) {
	r := actions(plan.Load{Users: 3, PerUser: 4, Pace: ms(100)}, 0)
	for user := range 3 {
		for i := range 4 {
			r.call(user, i, 202, 100*i, 100*i+5, 50)
		}
	}
	got := r.rows(t, Compat)[0]
	for name, want := range map[string]string{"attempts.abs": "12", "attempts.tp": "30", "attempts.tpw": "20", "attempts.tpd": "33.333", "oea.cnt": "12", "workers": "3", "master_apart": "undefined"} {
		if got[name] != want {
			t.Errorf("%s is %s, want %s", name, got[name], want)
		}
	}
}

// apart is a master that waits beside two workers that do not.
func apart() *recorded {
	r := actions(plan.Load{Users: 1, Iterations: 4, Pace: ms(100)}, 0)
	cell := &r.Plan.Cells[0]
	warm, workers := cell.Phases[0], cell.Phases[0]
	warm.Name, warm.Unmeasured = "warm", true
	workers.Name, workers.Unmeasured, workers.Group, workers.Load = "workers", true, 1, plan.Load{Users: 2, Pace: ms(50), Background: true}
	master := &cell.Phases[0]
	master.Name, master.Group, master.Blocking = "master", 1, plan.ForResult
	cell.Phases = []plan.Phase{warm, *master, workers}
	for i := range 4 {
		s := r.call(0, i, 200, 100*i, 100*i+5, 50)
		s.Phase, s.Done = 1, s.Sent+ms(60)
	}
	for user := range 2 {
		for i := range 9 { // the first comes too early
			r.call(user, i, 202, 50*i-20, 50*i, 10).Phase = 2
		}
	}
	return r
}

func TestAMasterApartHasTheLatenciesAndAllHaveTheThroughput(t *testing.T) {
	for _, by := range []Definition{Compat, Corrected} {
		rows := apart().rows(t, by)
		if len(rows) != 1 {
			t.Fatalf("there are %d rows, want 1", len(rows))
		}
		for name, want := range map[string]string{
			"attempts.abs": "20", "attempts.tp": "50", "attempts.tpw": "40", "oea.cnt": "4", "rtt.avg": "60", "measure_time": "0.4", "errors.cim.pct": "0",
			"workers": "3", "blocking": "none", "delta": "50", "iterations": "4", "master_activity": "action", "master_blocking": "result", "master_delta": "100", "master_apart": "true",
		} {
			if got := rows[0][name]; got != want {
				t.Errorf("%s: %s is %s, want %s", by, name, got, want)
			}
		}
	}
}

func TestTheRowIsAsItsGoldenFile(t *testing.T) {
	for name, r := range map[string]*recorded{"action": warmedUp(), "rule": fires(), "master-apart": apart()} {
		for _, by := range []Definition{Compat, Corrected} {
			var out bytes.Buffer
			if err := Write(&out, r.Result, r.all, by, true); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join("testdata", name+"."+string(by)+".csv")
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
}

// What owperf could not have measured has no row, and the reason says why.
func TestWhatHasNoRow(t *testing.T) {
	change := func(do func(ph *plan.Phase)) *recorded {
		r := warmedUp()
		do(&r.Plan.Cells[0].Phases[0])
		return r
	}
	noRule := rules(plan.Load{Users: 1, PerUser: 1, Pace: ms(100)}, 1)
	noRule.call(0, 0, 204, 0, 0, 0).Outcome = measure.NoRule
	interrupted := warmedUp()
	interrupted.Status = result.Interrupted
	stopped := warmedUp()
	stopped.Summaries = []measure.Summary{{Name: "test", Aborted: "test.errors == 0"}}
	unlike := apart()
	unlike.Plan.Cells[0].Phases[2].Load.Burst = 2
	alone := apart()
	alone.Plan.Cells[0].Phases = alone.Plan.Cells[0].Phases[:1]
	mixed := rules(plan.Load{Users: 1, PerUser: 1}, 1)
	mixed.Plan.Cells[0].Triggers[0].Rules = append(mixed.Plan.Cells[0].Triggers[0].Rules, plan.Rule{Action: "other", Count: 1})
	silent := actions(plan.Load{Users: 1, PerUser: 1}, 0)
	for _, row := range []struct {
		why string
		run *recorded
	}{
		{"phase test measures cold starts", change(func(ph *plan.Phase) { ph.Start = plan.ColdStart })},
		{"phase test has an open load", change(func(ph *plan.Phase) { ph.Load = plan.Load{Open: &plan.Open{Rate: 10}, For: time.Second} })},
		{"phase test changes its users on the way", change(func(ph *plan.Phase) { ph.Load.Ramp = &plan.Ramp{From: 1, To: 9} })},
		{"phase test shares its iterations among its users", change(func(ph *plan.Phase) { ph.Load = plan.Load{Users: 2, Iterations: 10} })},
		{"phase test has a mix of actions", change(func(ph *plan.Phase) { ph.Mix = []plan.Share{{Name: "a"}} })},
		{"phase test runs a command", change(func(ph *plan.Phase) { ph.Exec = &plan.Exec{} })},
		{"phase test sends HTTP requests", change(func(ph *plan.Phase) { ph.Request = &plan.Request{} })},
		{"phase test warms up for a time", change(func(ph *plan.Phase) { ph.Warmup.For = time.Second })},
		{"phase test does not await its rules", change(func(ph *plan.Phase) { ph.Fire = "tick" })},
		{"phase test ends in the middle of a burst", change(func(ph *plan.Phase) { ph.Load = plan.Load{Users: 1, Iterations: 10, Burst: 3} })},
		{"whose rules start several actions: sleep and other", mixed},
		{"differ in ratio, which owperf has once for all clients", unlike},
		{"it has no phase that is measured", alone},
		{"it is interrupted, and the figures of a row are of a whole test", interrupted},
		{"phase test was stopped before its load was done", stopped},
		{"its master has made no call", silent},
		{"the tool itself stops without one where a fire has no active rule or no record, and there are 1 of these", noRule},
	} {
		t.Run(row.why, func(t *testing.T) {
			var out bytes.Buffer
			err := Write(&out, row.run.Result, row.run.all, Compat, true)
			if err == nil || !strings.Contains(err.Error(), row.why) {
				t.Errorf("the error is %v, want one that says %q", err, row.why)
			}
			if out.Len() > 0 {
				t.Errorf("something is written: %s", out.String())
			}
		})
	}
	if got := noRule.rows(t, Corrected)[0]; got["errors.abs"] != "1" || got["requests.abs"] != "1" {
		t.Errorf("a fire without a rule is %s errors in %s requests, want 1 in 1", got["errors.abs"], got["requests.abs"])
	}
}
