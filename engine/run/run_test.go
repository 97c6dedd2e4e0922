package run

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/result"
	"wsk-scenario/engine/slo"
	"wsk-scenario/engine/standalone"
	"wsk-scenario/engine/target"
	"wsk-scenario/engine/whisk"
)

// serve starts a real standalone server for the length of the test.
func serve(t *testing.T, cfg standalone.Config) whisk.Access {
	t.Helper()
	if cfg.PerMinute == 0 {
		cfg.PerMinute, cfg.Concurrent = 100_000, 100
	}
	server, err := standalone.Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	return whisk.Access{Host: server.URL(), Auth: standalone.GuestAuth}
}

// actionsLeft counts the actions on the server.
func actionsLeft(t *testing.T, access whisk.Access) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, access.Host+"/api/v1/namespaces/_/actions?count=true", nil)
	if err != nil {
		t.Fatal(err)
	}
	user, key, _ := strings.Cut(access.Auth, ":")
	req.SetBasicAuth(user, key)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var count struct{ Actions int }
	if err := json.NewDecoder(resp.Body).Decode(&count); err != nil {
		t.Fatal(err)
	}
	return count.Actions
}

func sourceOf(parts ...string) string {
	return filepath.Join(append([]string{"..", "..", "actions"}, parts...)...)
}

func native(name string) plan.Action {
	return plan.Action{Name: name, Code: sourceOf("hello", "native"), Kind: "native:default", MemoryMB: 128}
}

// phase is a phase with the defaults that the language gives.
func phase(name, invoke string, start plan.Start, load plan.Load) plan.Phase {
	return plan.Phase{Name: name, Invoke: invoke, Start: start, Load: load, Blocking: plan.ForRecord, Timeout: 20 * time.Second,
		Payload: plan.Payload{JSON: []byte(`{"name":"edge"}`)}}
}

func onePlan(actions []plan.Action, phases ...plan.Phase) *plan.Plan {
	return &plan.Plan{Scenario: "test", Seed: 1, Cells: []plan.Cell{{ID: "all", Actions: actions, Phases: phases}}}
}

// runs runs p on access and returns the result and its samples, as saved.
func runs(t *testing.T, ctx context.Context, p *plan.Plan, access whisk.Access, change ...func(*Options)) (*result.Result, []measure.Sample) {
	t.Helper()
	opts := Options{Target: target.Attach(access), Folder: filepath.Join(t.TempDir(), "bundle"), CacheDir: t.TempDir()}
	for _, c := range change {
		c(&opts)
	}
	r, err := Run(ctx, p, opts)
	if err != nil {
		t.Fatal(err)
	}
	var samples []measure.Sample
	if err := result.Samples(opts.Folder, func(s *measure.Sample) error { samples = append(samples, *s); return nil }); err != nil {
		t.Fatal(err)
	}
	return r, samples
}

func complete(t *testing.T, r *result.Result) {
	t.Helper()
	if r.Status != result.Complete {
		t.Fatalf("the run is %s: %v", r.Status, r.Problems)
	}
}

func TestColdIsForcedAndProvedAndWarmIsWarm(t *testing.T) {
	access := serve(t, standalone.Config{})
	warm := phase("warm", "hello", plan.WarmStart, plan.Load{Users: 2, Iterations: 10})
	warm.Warmup.Iterations = 2
	p := onePlan([]plan.Action{native("hello")}, phase("cold", "hello", plan.ColdStart, plan.Load{Users: 1, Iterations: 5}), warm)
	r, samples := runs(t, t.Context(), p, access)
	complete(t, r)
	containers := map[string]bool{}
	for _, s := range samples {
		want := measure.Warm
		if s.Phase == 0 {
			want = measure.Cold
			containers[s.Container] = true
		}
		if s.Outcome != measure.OK || (s.Temperature != want && !s.Warmup) {
			t.Errorf("phase %d: %s, %s (%s)", s.Phase, s.Outcome, s.Temperature, s.Proof)
		}
		if s.Phase == 0 && (s.Record.Init == nil || s.Record.Wait == nil) {
			t.Errorf("a cold sample without its stages: %+v", s.Record)
		}
		if s.Due > s.Sent || s.Sent > s.FirstByte || s.FirstByte > s.Done {
			t.Errorf("times run backwards: %+v", s)
		}
	}
	if len(samples) != 19 || len(containers) != 5 {
		t.Errorf("%d samples, %d cold containers; want 19 and 5", len(samples), len(containers))
	}
	for _, v := range r.Verdicts {
		if v.Status != slo.Pass {
			t.Errorf("%s: %s", v.Expect, v.Status)
		}
	}
	if left := actionsLeft(t, access); left != 0 {
		t.Errorf("%d actions are left on the server", left)
	}
}

func TestEveryUserOfAColdPhaseHasItsOwnContainers(t *testing.T) {
	access := serve(t, standalone.Config{})
	p := onePlan([]plan.Action{native("hello")}, phase("cold", "hello", plan.ColdStart, plan.Load{Users: 4, PerUser: 3}))
	r, samples := runs(t, t.Context(), p, access)
	complete(t, r)
	containers := map[string]bool{}
	for _, s := range samples {
		containers[s.Container] = true
	}
	if len(samples) != 12 || len(containers) != 12 || r.Summaries[0].Counters["cold"] != 12 {
		t.Errorf("%d samples in %d containers, %g cold; want 12 of each", len(samples), len(containers), r.Summaries[0].Counters["cold"])
	}
	if left := actionsLeft(t, access); left != 0 {
		t.Errorf("%d copies are left on the server", left)
	}
}

func TestFailuresAreNamedAsOpenWhiskNamesThem(t *testing.T) {
	access := serve(t, standalone.Config{})
	kinds := map[string]string{
		"throws":  "error has occurred",
		"exits":   "did not produce a valid response and exited unexpectedly",
		"garbage": "did not return a dictionary or array",
		"sleeps":  "exceeded its time limits of 300 milliseconds",
	}
	p := onePlan(nil)
	for name := range kinds {
		action := plan.Action{Name: name, Code: sourceOf("misbehave", "nodejs", name+".js"), Kind: "nodejs:default"}
		if name == "sleeps" {
			action.Timeout = 300 * time.Millisecond
		}
		p.Cells[0].Actions = append(p.Cells[0].Actions, action)
		p.Cells[0].Phases = append(p.Cells[0].Phases, phase(name, name, plan.AnyStart, plan.Load{Users: 1, Iterations: 1}))
	}
	r, samples := runs(t, t.Context(), p, access)
	complete(t, r)
	for _, s := range samples {
		name := p.Cells[0].Phases[s.Phase].Name
		if s.Outcome != measure.DeveloperError || !strings.Contains(s.Error, kinds[name]) {
			t.Errorf("%s: outcome %s, error %q; want %q", name, s.Outcome, s.Error, kinds[name])
		}
	}
}

func TestAnInterruptKeepsWhatWasMeasuredAndRemovesEverything(t *testing.T) {
	access := serve(t, standalone.Config{})
	p := onePlan([]plan.Action{native("hello")},
		phase("first", "hello", plan.AnyStart, plan.Load{Users: 1, Iterations: 3}),
		phase("long", "hello", plan.AnyStart, plan.Load{Users: 2, For: time.Hour}),
		phase("never", "hello", plan.ColdStart, plan.Load{Users: 1, Iterations: 1}))
	p.Assertions = []plan.Assertion{{Expect: diag.Text{Value: "never.errors == 0"}}}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r, samples := runs(t, ctx, p, access, func(o *Options) {
		o.Events = func(e Event) {
			if progress, ok := e.(Progress); ok && progress.Phase == "long" && progress.Done > 2 {
				cancel()
			}
		}
	})
	if r.Status != result.Interrupted || len(r.Problems) != 0 {
		t.Errorf("status %s, problems %v", r.Status, r.Problems)
	}
	if len(samples) < 5 || len(r.Summaries) != 2 || r.Books[1].Check() != nil {
		t.Errorf("%d samples, %d summaries, books %v", len(samples), len(r.Summaries), r.Books)
	}
	for _, v := range r.Verdicts {
		if v.Status != slo.NotJudged || !v.Red() {
			t.Errorf("%s is %s", v.Expect, v.Status)
		}
	}
	if left := actionsLeft(t, access); left != 0 {
		t.Errorf("%d actions are left on the server", left)
	}
}

func TestNonBlockingCallsEndWithTheirRecords(t *testing.T) {
	access := serve(t, standalone.Config{RecordDelay: 150 * time.Millisecond})
	for _, row := range []struct {
		blocking plan.Blocking
		delayed  bool // the response is that of the record
	}{{plan.ForNothing, true}, {plan.ForResult, false}} {
		t.Run(string(row.blocking), func(t *testing.T) {
			ph := phase("later", "hello", plan.AnyStart, plan.Load{Users: 2, Iterations: 20})
			ph.Blocking = row.blocking
			r, samples := runs(t, t.Context(), onePlan([]plan.Action{native("hello")}, ph), access)
			complete(t, r)
			for _, s := range samples {
				if s.Outcome != measure.OK || s.Record == nil || (s.Completed > 0) != row.delayed {
					t.Errorf("outcome %s, record %v, completed %s", s.Outcome, s.Record, s.Completed)
				}
			}
		})
	}
}

func TestAKindThatIsNotOfferedStopsTheRunBeforeAnythingIsCreated(t *testing.T) {
	access := serve(t, standalone.Config{})
	odd := native("odd")
	odd.Kind = "cobol:default"
	r, _ := runs(t, t.Context(), onePlan([]plan.Action{native("hello"), odd}, phase("p", "hello", plan.AnyStart, plan.Load{Users: 1, Iterations: 1})), access)
	if r.Status != result.Broken || len(r.Problems) != 1 || !strings.Contains(r.Problems[0], "does not offer kind cobol:default") {
		t.Errorf("status %s, problems %v", r.Status, r.Problems)
	}
	if left := actionsLeft(t, access); left != 0 {
		t.Errorf("%d actions are left on the server", left)
	}
}

func TestASequenceOfSequencesRuns(t *testing.T) {
	access := serve(t, standalone.Config{})
	p := onePlan([]plan.Action{native("hello")}, phase("chain", "outer", plan.AnyStart, plan.Load{Users: 1, Iterations: 2}))
	// The outer one stands first: it must be created last.
	p.Cells[0].Sequences = []plan.Sequence{{Name: "outer", Actions: []string{"inner", "hello"}}, {Name: "inner", Actions: []string{"hello", "hello"}}}
	r, samples := runs(t, t.Context(), p, access)
	complete(t, r)
	if len(samples) != 2 || samples[0].Outcome != measure.OK || samples[0].Temperature != measure.Unknown {
		t.Errorf("got %+v", samples)
	}
	if left := actionsLeft(t, access); left != 0 {
		t.Errorf("%d entities are left on the server", left)
	}
}

func TestThrottlingIsForeseenAndCounted(t *testing.T) {
	access := serve(t, standalone.Config{PerMinute: 5, Concurrent: 30})
	r, _ := runs(t, t.Context(), onePlan([]plan.Action{native("hello")}, phase("many", "hello", plan.AnyStart, plan.Load{Users: 1, Iterations: 20})), access)
	complete(t, r)
	c := r.Summaries[0].Counters
	if c["throttled"] < 5 || c["ok"] < 5 || c["ok"]+c["throttled"] != 20 {
		t.Errorf("ok %g, throttled %g; want at least 5 of each, together 20", c["ok"], c["throttled"])
	}
	if len(r.Notes) != 1 || !strings.Contains(r.Notes[0], "takes 5 a minute") {
		t.Errorf("notes %v", r.Notes)
	}
}

// sulking is a target that does not come up, or does not go down.
type sulking struct {
	target.Target
	up, down error
	downs    int
}

func (s *sulking) Name() string { return "a sulking target" }

func (s *sulking) Up(ctx context.Context) (whisk.Access, error) {
	if s.up != nil {
		return whisk.Access{}, s.up
	}
	return s.Target.Up(ctx)
}

func (s *sulking) Down(context.Context) error {
	s.downs++
	return s.down
}

func TestATargetThatFailsBreaksTheRun(t *testing.T) {
	access := serve(t, standalone.Config{})
	for _, row := range []struct {
		name   string
		target *sulking
		want   string
	}{
		{"it does not come up", &sulking{up: errors.New("no invoker is healthy")}, "no invoker is healthy"},
		{"it does not go down", &sulking{Target: target.Attach(access), down: errors.New("a pod hangs")}, "take down a sulking target: a pod hangs"},
	} {
		t.Run(row.name, func(t *testing.T) {
			p := onePlan([]plan.Action{native("hello")}, phase("p", "hello", plan.AnyStart, plan.Load{Users: 1, Iterations: 1}))
			r, _ := runs(t, t.Context(), p, access, func(o *Options) { o.Target = row.target })
			if r.Status != result.Broken || !strings.Contains(strings.Join(r.Problems, "\n"), row.want) || row.target.downs != 1 {
				t.Errorf("status %s, problems %v, taken down %d times", r.Status, r.Problems, row.target.downs)
			}
		})
	}
}

func TestCodeThatCannotBePackedStopsTheRunBeforeAnythingIsMeasured(t *testing.T) {
	access := serve(t, standalone.Config{})
	p := onePlan([]plan.Action{native("hello")}, phase("p", "hello", plan.AnyStart, plan.Load{Users: 1, Iterations: 1}))
	for _, gone := range []string{"gone.js", "lost.js"} {
		cell := p.Cells[0]
		cell.ID = gone
		cell.Actions = []plan.Action{{Name: "hello", Code: gone, Kind: "nodejs:default"}}
		p.Cells = append(p.Cells, cell)
	}
	r, samples := runs(t, t.Context(), p, access)
	if r.Status != result.Broken || len(r.Problems) != 2 || !strings.Contains(r.Problems[1], "there is no file or folder lost.js") {
		t.Errorf("status %s, problems %q; want both faults", r.Status, r.Problems)
	}
	if left := actionsLeft(t, access); left != 0 || len(samples) != 0 {
		t.Errorf("%d actions and %d samples, want none", left, len(samples))
	}
}
