package checks

import (
	"strings"
	"testing"
)

// anywhere lets invokers run on every node, so that a release has nothing to do with the labels of nodes.
const anywhere = "affinity.enabled: false, "

// unplaced is a profile without roles: two of them can be used side by side.
func (o *openwhisk) unplaced(t *testing.T) {
	t.Helper()
	before, _, _ := strings.Cut(read(t, o.profile), "roles:")
	write(t, o.profile, before)
}

const sweep = `name: sweep
matrix: {concurrent: [2, 50]}
deployment: {set: {whisk.limits.actionsInvokesConcurrent: "${{ matrix.concurrent }}"}}
actions:
  sleep: {code: sleep.py, kind: "python:default"}
phases:
  - {name: warm, invoke: sleep, load: {users: 8, iterations_per_user: 3}}
assert:
  - {when: matrix.concurrent == 2, expect: warm.throttled > 0}
  - {when: matrix.concurrent == 50, expect: warm.throttled == 0 and warm.ok == 24}
`

const broken = `name: broken
matrix: {tag: [dev, missing]}
deployment: {set: {image.tag: "${{ matrix.tag }}"}}
actions:
  sleep: {code: sleep.py, kind: "python:default"}
phases:
  - {name: warm, invoke: sleep, load: {iterations: 5}}
assert:
  - warm.ok == 5
`

func TestAnAxisSweepsAChartValueAndABrokenValueIsRolledBack(t *testing.T) {
	o := newOpenWhisk(t, "sweep", "set: {"+anywhere+"whisk.limits.actionsInvokesPerminute: 60000}")
	o.unplaced(t)
	before := o.state(t)
	write(t, o.folder+"/sleep.py", "import time\ndef main(args):\n    time.sleep(0.3)\n    return {}\n")
	write(t, o.folder+"/sweep.yaml", sweep)
	out := o.does(t, 0, "run", "sweep.yaml", "--cluster", o.profile)
	for _, want := range []string{"upgrading release ow from revision 1", "installing standalone", "concurrent=2", "concurrent=50"} {
		if !strings.Contains(out, want) {
			t.Errorf("the output lacks %q:\n%s", want, out)
		}
	}
	var facts strings.Builder
	for _, f := range o.measured(t, "sweep").Facts {
		facts.WriteString(f.Name + ": " + f.Value + "\n")
	}
	for _, want := range []string{"value whisk.limits.actionsInvokesConcurrent", "revision 2", "image: localhost/wsk-scenario:dev", "sha256:", "Kubernetes: v1."} {
		if !strings.Contains(facts.String(), want) {
			t.Errorf("the facts lack %q:\n%s", want, facts.String())
		}
	}

	write(t, o.folder+"/broken.yaml", broken)
	out = o.does(t, 3, "run", "broken.yaml", "--cluster", o.profile)
	for _, want := range []string{"ErrImagePull", "rolled back to revision 1", "tag=dev"} {
		if !strings.Contains(out, want) {
			t.Errorf("the output lacks %q:\n%s", want, out)
		}
	}
	if ok := o.measured(t, "broken").Summaries[0].Counters["ok"]; ok != 5 {
		t.Errorf("before the broken value %v calls ended well; want 5", ok)
	}
	if after := o.state(t); after != before {
		t.Errorf("before\n%s\nafter\n%s", before, after)
	}
}

func TestWhyAPodDoesNotStartIsToldInOneScreen(t *testing.T) {
	for _, row := range []struct {
		name, set string
		want      []string
	}{
		{"pending", "controller.resources: {requests: {cpu: 900}}",
			[]string{"Deployment ow-controller: 0 of 1 ready", "no node takes it: 0/", "Insufficient cpu"}},
		{"unpulled", "image.tag: missing",
			[]string{"Deployment ow-controller: 0 of 1 ready", "ErrImagePull", "localhost/wsk-scenario:missing"}},
		{"crashing", `whisk.auth.guest: "no-credentials"`,
			[]string{"Deployment ow-controller: 0 of 1 ready", "ended with exit code 2", "UUID:KEY"}},
		{"unmounted", "invoker.hostPaths: [/nowhere]",
			[]string{"DaemonSet ow-invoker: 0 of", "hostPath type check failed, /nowhere is not a directory"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			o := newOpenWhisk(t, "why-"+row.name, "set: {"+anywhere+row.set+"}")
			o.unplaced(t)
			o.profileSays(t, "wait: 5m", "wait: 45s")
			before := o.state(t)
			out := o.does(t, 3, "up", o.profile)
			for _, want := range row.want {
				if !strings.Contains(out, want) {
					t.Errorf("the output lacks %q", want)
				}
			}
			if lines := strings.Count(out, "\n"); lines > 24 {
				t.Errorf("%d lines are more than a screen", lines)
			}
			t.Log("\n" + out)
			o.does(t, 0, "down", o.profile)
			if after := o.state(t); after != before {
				t.Errorf("before\n%s\nafter\n%s", before, after)
			}
		})
	}
}
