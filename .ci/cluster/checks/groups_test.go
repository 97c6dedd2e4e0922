package checks

import (
	"maps"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// byReleases gives each role of the profile a release of its own.
func (o *openwhisk) byReleases(t *testing.T) {
	t.Helper()
	o.profileSays(t, "roles:", "placement: releases\nroles:")
}

// own is all of the namespace as text, and the nodes, of a dump.
func (o *openwhisk) own(all map[string]string) map[string]string {
	maps.DeleteFunc(all, func(key, _ string) bool {
		return !strings.Contains(key, " "+o.namespace+"/") && key != "Namespace <nil>/"+o.namespace && !strings.HasPrefix(key, "Node ")
	})
	return all
}

// nodesNow are the nodes as they shall be: their labels, annotations, taints and what else is not of the moment.
func nodesNow(t *testing.T) string {
	t.Helper()
	return shared.kubectl(t, "", "get", "nodes", "-o", `jsonpath={range .items[*]}{.metadata.name} {.metadata.labels} {.metadata.annotations} {.spec}{"\n"}{end}`)
}

// contains checks that a text has some parts.
func contains(t *testing.T, what, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%s lacks %q:\n%s", what, part, text)
		}
	}
}

// sweptEdge sweeps a value of the chart on one role.
const sweptEdge = `name: swept
matrix: {concurrent: [2, 50]}
deployment: {set: {whisk.limits.actionsInvokesConcurrent: "${{ matrix.concurrent }}"}}
actions:
  sleep: {code: sleep.py, kind: "python:default"}
placement: edge
phases:
  - {name: warm, invoke: sleep, load: {users: 8, iterations_per_user: 3}}
assert:
  - {when: matrix.concurrent == 2, expect: warm.throttled > 0}
  - {when: matrix.concurrent == 50, expect: warm.throttled == 0 and warm.ok == 24}
`

func TestEachRoleHasAReleaseAndNothingOnNodesIsChanged(t *testing.T) {
	o := newOpenWhisk(t, "groups", many)
	o.byReleases(t)
	t.Cleanup(func() {
		o.rights(t)
		o.may(t, true, "patch", "nodes")
	})
	o.rights(t, "resources: [nodes], verbs: [get, list, patch]", "resources: [nodes], verbs: [get, list]")
	o.may(t, false, "patch", "nodes")
	before, nodes := o.own(shared.settled(t)), nodesNow(t)

	out := o.does(t, 0, "up", o.profile)
	contains(t, "up", out, "ow-cloud: installing standalone", "ow-edge: installing standalone", "DaemonSet ow-edge-invoker: 1 of 1 ready",
		"OpenWhisk ow-cloud for the role cloud answers at http://", "OpenWhisk ow-edge for the role edge answers at http://")
	up := o.state(t)

	o.does(t, 0, "run", placedScenario(t, o, 10), "--cluster", o.profile)
	r := o.measured(t, "placed")
	provedOn(t, r, map[string]string{"node=cloud": "vm-1", "node=edge": "pi-1"})
	var facts strings.Builder
	for _, f := range r.Facts {
		facts.WriteString(f.Name + ": " + f.Value + "\n")
	}
	contains(t, "the facts", facts.String(), "release, role cloud: ow-cloud, revision 1", "release, role edge: ow-edge, revision 1",
		"value affinity.nodes.hardware, role edge: edge", "image, role edge: localhost/wsk-scenario:dev")

	write(t, filepath.Join(o.folder, "sleep.py"), "import time\ndef main(args):\n    time.sleep(0.3)\n    return {}\n")
	write(t, filepath.Join(o.folder, "swept.yaml"), sweptEdge)
	out = o.does(t, 0, "run", "swept.yaml", "--cluster", o.profile)
	contains(t, "the sweep", out, "ow-edge: upgrading release ow-edge from revision 1", "release ow-edge is rolled back to revision 1")
	if strings.Contains(out, "upgrading release ow-cloud") {
		t.Errorf("the sweep on edge upgrades the release of cloud:\n%s", out)
	}
	provedOn(t, o.measured(t, "swept"), map[string]string{"concurrent=2": "pi-1", "concurrent=50": "pi-1"})

	looked, _ := o.command(t, "doctor", "placed.yaml", "--cluster", o.profile, "--no-probe").CombinedOutput() // what it finds of this machine is another matter
	contains(t, "doctor", string(looked), "ow-cloud (cloud): target.answers", "ow-edge (edge): target.answers", "ow-edge (edge): placement")

	write(t, filepath.Join(o.folder, "quick.py"), "def main(args):\n    return {}\n")
	write(t, filepath.Join(o.folder, "long.yaml"), strings.Replace(strings.Replace(killed, "ITERATIONS", "1000000", 1), "phases:", "placement: edge\nphases:", 1))
	alive := o.starts(t, "run", "long.yaml", "--cluster", o.profile)
	alive.await(t, "the load", began("load"))
	if during := nodesNow(t); during != nodes {
		t.Errorf("a run changes the nodes: %s", cmp.Diff(nodes, during))
	}
	alive.kill()
	contains(t, "down after a killed run", o.does(t, 0, "down", o.profile), "ow-cloud: uninstalling release ow-cloud", "ow-edge: uninstalling release ow-edge")
	until(t, "all is as it was", func() (string, bool) {
		after := o.own(shared.dump(t))
		return cmp.Diff(before, after), cmp.Equal(before, after)
	})
	if up == o.state(t) {
		t.Error("up has brought nothing: this test proves nothing")
	}
}

func TestDownRemovesEveryReleaseOfAKilledUp(t *testing.T) {
	t.Parallel()
	o := newOpenWhisk(t, "killed-groups", many)
	o.byReleases(t)
	g := newGate(t, o)
	before := o.state(t)
	for _, row := range []struct {
		name string
		at   point
		left string // of the killed up
	}{
		{"with one release of two", point{"before", "POST", "/configmaps$", 1}, "deployment.apps/ow-cloud-controller"},
		{"with some objects of the second", point{"after", "GET", "/deployments/ow-edge-controller$", 1}, "deployment.apps/ow-edge-controller"},
	} {
		t.Run(row.name, func(t *testing.T) {
			cmd := o.command(t, "up", o.profile)
			g.await(row.at, func() { _ = cmd.Process.Kill() })
			out, _ := cmd.CombinedOutput() // it was killed
			if !g.reached() {
				t.Fatalf("up did not come there:\n%s", out)
			}
			contains(t, "what is left", o.state(t), row.left)
			o.isPutBack(t, before)
		})
	}
}

func TestOneReleaseOfSomebodyElseIsPutBackAndTheOtherRemoved(t *testing.T) {
	t.Parallel()
	o := newOpenWhisk(t, "adopted-groups", many)
	o.byReleases(t)
	installed(t, o.namespace, "ow-cloud", map[string]any{"affinity": map[string]any{"nodes": map[string]any{"hardware": "cloud"}}})
	before := o.specs(t)
	out := o.does(t, 0, "run", placedScenario(t, o, 3), "--cluster", o.profile)
	contains(t, "the run", out, "ow-cloud: upgrading release ow-cloud from revision 1", "ow-edge: installing standalone", "ow-cloud: release ow-cloud is rolled back to revision 1")
	provedOn(t, o.measured(t, "placed"), map[string]string{"node=cloud": "vm-1", "node=edge": "pi-1"})
	if diff := cmp.Diff(before, o.specs(t)); diff != "" {
		t.Errorf("after the run: %s", diff)
	}
}
