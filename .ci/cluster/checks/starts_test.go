package checks

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/result"
)

// byPods forces each cold start by deleting the pod of the one before, for two users side by side.
const byPods = `name: bypods
actions:
  quick: {code: quick.py, kind: "python:default", memory: 128MB, logs: 0MB}
phases:
  - {name: cold, invoke: quick, start: {kind: cold, by: pods}, load: {users: 2, iterations_per_user: 2}}
assert:
  - cold.errors == 0 and cold.cold == 4
  - cold.creation.count == 4 and cold.requested.max < 5m
`

// TestColdStartsAreForcedByDeletingPodsAndSeenStageByStage runs actions in pods of their own, wherever there is a node.
func TestColdStartsAreForcedByDeletingPodsAndSeenStageByStage(t *testing.T) {
	t.Parallel()
	o := newOpenWhisk(t, "bypods", "set: {"+anywhere+"whisk.limits.actionsInvokesPerminute: 60000, invoker.containerFactory.impl: kubernetes}")
	o.unplaced(t)
	o.does(t, 0, "up", o.profile)
	write(t, filepath.Join(o.folder, "quick.py"), "def main(args):\n    return {}\n")
	write(t, filepath.Join(o.folder, "bypods.yaml"), byPods)

	out := o.does(t, 0, "run", "bypods.yaml", "--cluster", o.profile)
	for _, want := range []string{"How the pods of cold starts came to be", "cold: start is cold"} {
		if !strings.Contains(out, want) {
			t.Errorf("the output lacks %q:\n%s", want, out)
		}
	}
	t.Log(out)
	stages := func(s *measure.Stages) []time.Duration {
		return []time.Duration{s.Requested, s.Scheduled, s.Pulled, s.Created, s.Started, s.Ready}
	}
	o.startsOf(t, "bypods", func(s *measure.Sample) {
		list := append([]time.Duration{s.Sent + 1}, stages(s.Stages)...)
		if slices.Contains(list, 0) || !slices.IsSorted(list) || s.Stages.Pulling != 0 {
			t.Errorf("the stages are %+v, of a call sent at %v; want all in order, and no pull of an image that every node has", s.Stages, s.Sent)
		}
		var sum float64
		for _, m := range measure.Metrics {
			if v, _ := m.Of(s); slices.Contains([]string{"scheduled", "pulled", "created", "started", "ready"}, m.Name) {
				sum += v
			} else if m.Name == "creation" {
				sum -= v
			}
		}
		if sum != 0 {
			t.Errorf("the stages add up to %v more than the creation: %+v", time.Duration(sum), s.Stages)
		}
	})

	o.rights(t, "resources: [events], verbs: [watch]", "resources: [events], verbs: [get]")
	o.may(t, false, "watch", "events")
	out = o.does(t, 0, "run", "bypods.yaml", "--cluster", o.profile)
	if want := "the events of pods may not be watched in namespace bypods"; !strings.Contains(out, want) {
		t.Errorf("the output lacks %q:\n%s", want, out)
	}
	o.startsOf(t, "bypods", func(s *measure.Sample) {
		if g := s.Stages; g.Pulled != 0 || g.Created != 0 || g.Started == 0 || g.Ready == 0 {
			t.Errorf("the stages are %+v; want none of the image and the container's creation", g)
		}
	})

	o.rights(t, "verbs: [get, list, watch, create, delete]", "verbs: [get, list, watch, create]")
	o.may(t, false, "delete", "pods")
	out = o.does(t, 3, "run", "bypods.yaml", "--cluster", o.profile)
	for _, want := range []string{"bypods.yaml:5:", "cold starts of phase cold cannot be forced by deleting pods; write by: update",
		"there is no right to delete pods in namespace bypods", "rbac.yaml holds the rights that suffice"} {
		if !strings.Contains(out, want) {
			t.Errorf("the output lacks %q:\n%s", want, out)
		}
	}
	o.rights(t)
	o.may(t, true, "delete", "pods")
	o.does(t, 0, "down", o.profile)
	until(t, "no pod of an action is left", func() (string, bool) { // the last of an invoker goes with its pod
		left := o.actionPods(t, "")
		return strings.Join(left, ", "), len(left) == 0
	})
}

// startsOf hands over the calls of the last run of a scenario, each of which must be cold, in a container of its own, and have stages.
func (o *openwhisk) startsOf(t *testing.T, scenario string, each func(*measure.Sample)) {
	t.Helper()
	folders, err := filepath.Glob(filepath.Join(o.folder, "results", scenario, "*"))
	if err != nil || len(folders) == 0 {
		t.Fatalf("no result of %s is there: %v", scenario, err)
	}
	seen := map[string]bool{}
	err = result.Samples(folders[len(folders)-1], func(s *measure.Sample) error {
		if s.Temperature != measure.Cold || s.Stages == nil || seen[s.Container] {
			t.Errorf("a call was %s (%s) in container %s, stages %+v", s.Temperature, s.Proof, s.Container, s.Stages)
			return nil
		}
		seen[s.Container] = true
		each(s)
		return nil
	})
	if err != nil || len(seen) == 0 {
		t.Errorf("%d calls were read: %v", len(seen), err)
	}
}
