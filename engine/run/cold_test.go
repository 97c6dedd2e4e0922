package run

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/result"
	"wsk-scenario/engine/slo"
	"wsk-scenario/engine/standalone"
	"wsk-scenario/engine/target"
	"wsk-scenario/engine/whisk"
)

// podded is an embedded OpenWhisk of which it is told how containers came to be: of each in two instalments. It takes the
// containers of an action away by a new version.
type podded struct {
	target.Target
	refuses error

	access  whisk.Access
	mu      sync.Mutex
	removed map[string]int // how often the containers of an action were
	asked   map[string]int // of an activation
	silent  bool           // nothing is told
}

func (p *podded) Up(ctx context.Context) (access whisk.Access, err error) {
	p.removed, p.asked = map[string]int{}, map[string]int{}
	p.access, err = p.Target.Up(ctx)
	return p.access, err
}

func (p *podded) CanRemoveContainers(context.Context) error { return p.refuses }

func (p *podded) RemoveContainers(ctx context.Context, action string) error {
	client, err := whisk.New(p.access, 1)
	if err != nil {
		return err
	}
	defer client.Close()
	p.mu.Lock()
	p.removed[action]++
	p.mu.Unlock()
	_, err = client.PutAction(ctx, whisk.Action{Name: action})
	return err
}

func (p *podded) Steps() string { return "waits come out in steps" }

func (p *podded) StartOf(record *whisk.Record, sent, done time.Time) (target.Start, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.silent {
		return target.Start{}, true
	}
	p.asked[record.ActivationID]++
	s := target.Start{Temperature: "cold", Container: "pod of " + record.Name, Requested: sent.Add(time.Millisecond), Scheduled: sent.Add(2 * time.Millisecond)}
	if p.asked[record.ActivationID] < 2 {
		return s, true
	}
	s.Ready = sent.Add(9 * time.Millisecond)
	return s, false
}

func newPodded(t *testing.T) *podded {
	return &podded{Target: target.Standalone(standalone.Config{WorkDir: t.TempDir(), PerMinute: 100_000, Concurrent: 100})}
}

// byPods is a plan whose first phase is cold by the removal of pods.
func byPods() *plan.Plan {
	cold := phase("cold", "hello", plan.ColdStart, plan.Load{Users: 2, PerUser: 3})
	cold.ByPods, cold.StartAt.Range = true, at(7)
	warm := phase("warm", "hello", plan.WarmStart, plan.Load{Users: 1, Iterations: 3})
	warm.Warmup.Iterations = 1
	return onePlan([]plan.Action{native("hello")}, cold, warm)
}

func TestColdStartsAreForcedByRemovalAndHaveStages(t *testing.T) {
	on := newPodded(t)
	r, samples := runsOn(t, byPods(), on)
	complete(t, r)
	for _, s := range samples {
		if s.Phase == 1 && !s.Warmup && s.Stages != nil {
			t.Errorf("a warm call has stages: %+v", s)
		}
		if s.Phase != 0 {
			continue
		}
		const ms = time.Millisecond
		want := measure.Stages{Requested: s.Sent + ms, Scheduled: s.Sent + 2*ms, Ready: s.Sent + 9*ms}
		if s.Temperature != measure.Cold || s.Stages == nil || *s.Stages != want {
			t.Errorf("a cold call is %s, stages %+v, want %+v", s.Temperature, s.Stages, want)
		}
	}
	if len(on.removed) != 2 {
		t.Errorf("containers were removed of %v, want those of two users' actions", on.removed)
	}
	for action, n := range on.removed {
		if n != 3 {
			t.Errorf("the containers of %s were removed %d times, want once before each call", action, n)
		}
	}
	all, _ := r.Summaries[0].Class("all")
	if got := all.Metrics["creation"]; got.Count != 6 || got.P50 != float64(8*time.Millisecond) {
		t.Errorf("creation is %+v", got)
	}
	if _, known := all.Metrics["pull"]; known {
		t.Error("a pull that nobody told of has a value")
	}
	if !strings.Contains(strings.Join(r.Notes, "\n"), "waits come out in steps") {
		t.Errorf("the notes are %v", r.Notes)
	}
}

func TestStagesThatNobodyTellsHaveNoValueAndDelayNothingForLong(t *testing.T) {
	on := newPodded(t)
	on.silent = true
	r, samples := runs(t, t.Context(), byPods(), whisk.Access{}, func(o *Options) { o.Target, o.DrainFor = on, time.Second })
	complete(t, r)
	for _, s := range samples {
		if s.Stages != nil || s.Outcome != measure.OK {
			t.Errorf("%s, stages %+v", s.Outcome, s.Stages)
		}
	}
	for _, v := range r.Verdicts {
		if v.Assertion == slo.Start && v.Status != slo.Pass { // the records prove them
			t.Errorf("%+v", v)
		}
	}
}

func TestAScenarioIsRefusedWhereNoPodsCanBeDeleted(t *testing.T) {
	for _, row := range []struct {
		name string
		on   target.Target
		want string
	}{
		{"a target without pods", target.Standalone(standalone.Config{WorkDir: t.TempDir()}),
			"s.yaml:7:3: cold starts of phase cold are forced by deleting pods, and the embedded standalone OpenWhisk has no pods of actions; write by: update"},
		{"a target that may not", &podded{Target: target.Standalone(standalone.Config{WorkDir: t.TempDir()}), refuses: errors.New("there is no right to delete pods")},
			"s.yaml:7:3: cold starts of phase cold cannot be forced by deleting pods; write by: update, or change this: there is no right to delete pods"},
	} {
		t.Run(row.name, func(t *testing.T) {
			r, samples := runsOn(t, byPods(), row.on)
			if r.Status != result.Broken || len(samples) > 0 || len(r.Problems) != 1 || !strings.HasPrefix(r.Problems[0], row.want) {
				t.Errorf("status %s, %d samples, problems %q, want %q", r.Status, len(samples), r.Problems, row.want)
			}
		})
	}
}

// deployed runs actions in pods when a cell has deployed it so.
type deployed struct{ podded }

func (d *deployed) Deploy(_ context.Context, made plan.Deployment) (whisk.Access, error) {
	d.refuses = errors.New("no pods of actions")
	if made.Chart == "with pods" {
		d.refuses = nil
	}
	return d.access, nil
}

func TestACellIsRefusedByWhatItHasDeployed(t *testing.T) {
	for _, row := range []struct {
		charts   []string
		measured int // phases
	}{
		{[]string{"with pods"}, 2},
		{[]string{"with pods", "without"}, 2},
	} {
		p := byPods()
		first := p.Cells[0]
		p.Cells = nil
		for _, chart := range row.charts {
			first.ID, first.Deployment = chart, &plan.Deployment{Chart: chart}
			p.Cells = append(p.Cells, first)
		}
		on := &deployed{podded{Target: newPodded(t).Target}}
		on.refuses = errors.New("no pods of actions")
		r, _ := runsOn(t, p, on)
		refused := len(row.charts) > 1
		if (r.Status == result.Broken) != refused || len(r.Summaries) != row.measured {
			t.Errorf("%q: status %s, %d summaries, problems %q", row.charts, r.Status, len(r.Summaries), r.Problems)
		}
		if refused && !strings.Contains(strings.Join(r.Problems, "\n"), "no pods of actions") {
			t.Errorf("problems %q", r.Problems)
		}
	}
}
