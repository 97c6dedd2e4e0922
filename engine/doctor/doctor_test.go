package doctor

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wsk-scenario/dsl"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/standalone"
	"wsk-scenario/engine/target"
	"wsk-scenario/engine/whisk"
)

// planned is the plan of a scenario whose action hello is a script.
func planned(t *testing.T, text string) *plan.Plan {
	t.Helper()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "hello"), []byte(probes[0].source), 0o755); err != nil {
		t.Fatal(err)
	}
	scenario, faults := dsl.Read(filepath.Join(folder, "s.yaml"), []byte(text), dsl.Options{})
	if faults.HasErrors() {
		t.Fatal(faults)
	}
	p, faults := plan.Build(scenario, plan.Options{Seed: 1})
	if faults.HasErrors() {
		t.Fatal(faults)
	}
	return p
}

// of is the only finding of a check; a zero one where there is none.
func of(t *testing.T, list []Finding, check string) (found Finding) {
	t.Helper()
	for _, f := range list {
		if f.Check == check {
			if found.Check != "" {
				t.Errorf("%s is there twice", check)
			}
			found = f
		}
	}
	return found
}

const hello = `name: s
actions: {hello: {code: hello, kind: "native:default"%s}}
phases: [{name: p, invoke: hello, load: %s}]
`

func TestEachLimitIsComparedWithThePlan(t *testing.T) {
	for _, row := range []struct {
		name, action, load, check string
		cfg                       standalone.Config
		want                      Verdict
		says                      string
	}{
		{"calls below the limit are fine", "", "{iterations: 60}", "limits.per_minute", standalone.Config{PerMinute: 60}, Fine, "invocations in all: 60, of 60"},
		{"calls that may exceed it are a warning", "", "{iterations: 61}", "limits.per_minute", standalone.Config{PerMinute: 60}, Warning, "61 invocations"},
		{"calls that are due and exceed it spoil the run", "", "{rate: 2/s, for: 2m}", "limits.per_minute", standalone.Config{PerMinute: 60}, Spoils, "120 calls are due in the busiest minute"},
		{"users up to the limit are fine", "", "{users: 3, iterations: 3}", "limits.concurrent", standalone.Config{Concurrent: 3}, Fine, "about 3 at a time, of 3"},
		{"more users spoil the run", "", "{users: 4, iterations: 4}", "limits.concurrent", standalone.Config{Concurrent: 3}, Spoils, "4 users call at a time"},
		{"a guess at an open load is a warning", "", "{rate: 500/s, for: 1s}", "limits.concurrent", standalone.Config{Concurrent: 3}, Warning, "about 5 calls"},
		{"memory above the maximum", ", memory: 1024MB", "{iterations: 1}", "limits.memory", standalone.Config{}, Spoils, "action hello has 1024MB, and the target's max is 512MB"},
		{"a time-out above the maximum", ", timeout: 10m", "{iterations: 1}", "limits.time", standalone.Config{}, Spoils, "hello has 10m, and the target's max is 5m"},
		{"containers at work that do not fit", "", "{users: 9, iterations: 9}", "slots", standalone.Config{}, Spoils, "2304 MB of containers work at a time, and the invokers have 2048 MB"},
		{"containers that fit", "", "{users: 8, iterations: 9}", "slots", standalone.Config{}, Fine, "of 2048 MB"},
		{"code is packed and measured", "", "{iterations: 1}", "limits.code", standalone.Config{}, Fine, "of 48 MiB"},
	} {
		t.Run(row.name, func(t *testing.T) {
			p := planned(t, strings.NewReplacer("%s}}", row.action+"}}", "load: %s", "load: "+row.load).Replace(hello))
			row.cfg.WorkDir, row.cfg.CacheDir = t.TempDir(), t.TempDir()
			list, err := Examine(t.Context(), Subject{Plan: p, Target: target.Standalone(row.cfg), Options: Options{CacheDir: row.cfg.CacheDir, Results: t.TempDir()}})
			if err != nil {
				t.Fatal(err)
			}
			got := of(t, list, row.check)
			if got.Verdict != row.want || !strings.Contains(got.Found, row.says) || got.Scenario != "s" {
				t.Errorf("got %+v, want %s: %s", got, row.want, row.says)
			}
			if bad := got.Verdict == Spoils || got.Verdict == Warning; bad && (got.Costs == "" || got.Fix == "") {
				t.Errorf("it does not say what it costs and what mends it: %+v", got)
			}
		})
	}
}

func TestClocksAreReadByCallsThatLeaveNothingBehind(t *testing.T) {
	up := target.Standalone(standalone.Config{WorkDir: t.TempDir(), CacheDir: t.TempDir()})
	access, err := up.Up(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer up.Down(context.WithoutCancel(t.Context()))
	opts := Options{CacheDir: t.TempDir(), Results: t.TempDir(), Probe: true}
	for name, to := range map[string]target.Target{"the embedded one": standing(up, access), "one that was there": target.Attach(access)} {
		list, err := Examine(t.Context(), Subject{Target: to, Options: opts})
		if err != nil {
			t.Fatal(err)
		}
		for _, check := range []string{"clocks.controller", "clocks.standalone"} {
			if got := of(t, list, check); got.Verdict == "" || got.Found == "" {
				t.Errorf("%s: %s is missing in %+v", name, check, list)
			}
		}
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, access.Host+"/api/v1/namespaces/_/actions", nil)
	if err != nil {
		t.Fatal(err)
	}
	user, pass, _ := strings.Cut(access.Auth, ":")
	req.SetBasicAuth(user, pass)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var left []json.RawMessage
	if err := json.NewDecoder(resp.Body).Decode(&left); err != nil || len(left) != 0 {
		t.Errorf("%d actions are left, error %v", len(left), err)
	}
}

// An OpenWhisk that tells little: what it does not tell is not checked, and says why.
func TestWhatATargetDoesNotTellIsNotFine(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/limits") {
			w.Write([]byte(`{"invocationsPerMinute":60,"concurrentInvocations":30}`))
			return
		}
		w.Write([]byte(`{"description":"OpenWhisk"}`))
	}))
	defer server.Close()
	p := planned(t, strings.NewReplacer("%s}}", "}}", "load: %s", "load: {iterations: 1}").Replace(hello))
	list, err := Examine(t.Context(), Subject{Plan: p, Target: target.Attach(whisk.Access{Host: server.URL, Auth: "a:b"}), Options: Options{CacheDir: t.TempDir(), Results: t.TempDir()}})
	if err != nil {
		t.Fatal(err)
	}
	for _, check := range []string{"target.version", "limits.memory", "limits.time", "limits.logs", "kinds", "images", "slots", "cgroups", "clocks"} {
		if got := of(t, list, check); got.Verdict != NotChecked || got.Reason == "" || got.Found != "" {
			t.Errorf("%s: %+v", check, got)
		}
	}
	if got := of(t, list, "limits.code"); !strings.Contains(got.Found, "the target does not tell another") {
		t.Errorf("%+v", got)
	}
}

func TestRolesAreLookedFor(t *testing.T) {
	p := planned(t, strings.NewReplacer("%s}}", "}}", "load: %s", "load: {iterations: 1}").Replace(hello)+"placement: edge\n")
	nodes := []standalone.Node{{Name: "pi", Role: "edge", Memory: 1000}, {Name: "vm", Role: "cloud"}}
	for _, row := range []struct {
		name  string
		nodes []standalone.Node
		want  Verdict
	}{{"there is one", nodes, Fine}, {"there is none", nodes[1:], Spoils}} {
		to := target.Standalone(standalone.Config{WorkDir: t.TempDir(), CacheDir: t.TempDir(), Nodes: row.nodes})
		list, err := Examine(t.Context(), Subject{Plan: p, Target: to, Options: Options{CacheDir: t.TempDir(), Results: t.TempDir()}})
		if got := of(t, list, "placement"); err != nil || got.Verdict != row.want {
			t.Errorf("%s: %+v, error %v", row.name, got, err)
		}
		if got := of(t, list, "slots.edge"); row.want == Fine && (got.Verdict != Fine || !strings.Contains(got.Found, "of 1000 MB")) {
			t.Errorf("slots: %+v", got)
		}
	}
	attached := &examination{plan: p, target: target.Attach(whisk.Access{Host: "http://127.0.0.1:1"})}
	attached.roles()
	if got := of(t, attached.list, "placement"); got.Verdict != Spoils {
		t.Errorf("attached: %+v", got)
	}
}

func TestATargetThatDoesNotAnswerIsAnError(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	list, err := Examine(t.Context(), Subject{Target: target.Attach(whisk.Access{Host: server.URL, Auth: "a:b"})})
	if !errors.Is(err, ErrUnreached) || len(list) != 1 || list[0].Check != "target.answers" || list[0].Verdict != Spoils {
		t.Errorf("findings %+v, error %v", list, err)
	}
}

func TestAPlanIsComparedWithWhatTheGeneratorCan(t *testing.T) {
	quick := Generator{P99: time.Millisecond, PerSec: 10_000}
	closed := planned(t, strings.NewReplacer("%s}}", "}}", "load: %s", "load: {iterations: 1}").Replace(hello))
	open := planned(t, strings.NewReplacer("%s}}", "}}", "load: %s", "load: {rate: 6000/s, for: 1s}").Replace(hello))
	search := planned(t, strings.NewReplacer("%s}}", "}}", "load: %s", "load: {find: knee, from: 10/s, to: 20000/s, slo: errors == 0}").Replace(hello))
	for _, row := range []struct {
		name             string
		of               Generator
		plan             *plan.Plan
		timing, capacity Verdict
	}{
		{"no plan", quick, nil, Fine, Fine},
		{"a closed load counts on no moments", Generator{P99: time.Second, Late: 0.5, PerSec: 10_000}, closed, Fine, Fine},
		{"a rate above half of it", quick, open, Fine, Warning},
		{"a rate above it", Generator{P99: time.Millisecond, PerSec: 5000}, open, Fine, Spoils},
		{"a search that goes above it may end before", quick, search, Fine, Warning},
		{"moments that are missed", Generator{P99: time.Second, Late: 0.06, PerSec: 1e6}, open, Spoils, Fine},
		{"a few that are missed", Generator{P99: time.Second, Late: 0.02, PerSec: 1e6}, open, Warning, Fine},
	} {
		list := row.of.Of(row.plan, nil)
		if got := []Verdict{of(t, list, "generator.timing").Verdict, of(t, list, "generator.capacity").Verdict}; got[0] != row.timing || got[1] != row.capacity {
			t.Errorf("%s: got %v, want %s and %s", row.name, got, row.timing, row.capacity)
		}
	}
	if list := quick.Of(open, errors.New("no socket")); list[0].Verdict != NotChecked || list[0].Reason != "no socket" {
		t.Errorf("untried: %+v", list)
	}
}

func TestCalibrationMeasures(t *testing.T) {
	g, err := Calibrate(t.Context())
	if err != nil || g.PerSec <= 0 || g.P99 <= 0 || g.Timing == "" || g.Failures != 0 {
		t.Errorf("got %+v, error %v", g, err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Calibrate(ended); err == nil {
		t.Error("an ended context gave a measurement")
	}
}

func TestFindingsAreWrittenForPeopleAndForPrograms(t *testing.T) {
	list := []Finding{
		{Check: "slots", Verdict: Fine, Found: "enough"},
		{Check: "clocks", Verdict: NotChecked, Reason: "nothing was called"},
		{Check: "limits.concurrent", Verdict: Spoils, Found: "40 users call at a time, and the target takes 30, which is fewer than are needed here", Costs: "throttled", Fix: "raise it"},
	}
	var text bytes.Buffer
	if err := Text(&text, list, 40); err != nil {
		t.Fatal(err)
	}
	want := `SPOILS limits.concurrent
  40 users call at a time, and the
  target takes 30, which is fewer than
  are needed here
  costs  throttled
  fix    raise it

not checked clocks
  why    nothing was called

fine
  slots  enough

1 will spoil the run · 0 warnings · 1 not checked · 1 fine
`
	if text.String() != want {
		t.Errorf("got\n%s\nwant\n%s", &text, want)
	}
	var program bytes.Buffer
	if err := JSON(&program, "tool", list); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Version int
		Worst   string
		Checks  []map[string]string
	}
	if err := json.Unmarshal(program.Bytes(), &got); err != nil || got.Version != 1 || got.Worst != "spoils" || len(got.Checks) != 3 || got.Checks[1]["verdict"] != "not_checked" {
		t.Errorf("got %+v, error %v", got, err)
	}
}
