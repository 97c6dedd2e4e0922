package checks

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// manned is a scenario whose load is sent by two workers on a node.
const manned = `name: manned
actions:
  quick: {code: quick.py, kind: "python:default"}
phases:
  - {name: load, invoke: quick, load: {users: 2, ENDS, workers: 2, on: cloud}}
assert: [load.ok > 0]
`

// The workers are pods of a Job, with a Secret. Wherever the run is killed, down removes them, and of a release that stays all that
// the run has made on it.
func TestDownRemovesTheWorkersOfARunWhereverItWasKilled(t *testing.T) {
	o := newOpenWhisk(t, "manned", many)
	installed(t, o.namespace, "ow", map[string]any{
		"affinity": map[string]any{"enabled": false}, "whisk": map[string]any{"limits": map[string]any{"actionsInvokesPerminute": 60000}},
	})
	write(t, o.profile, regexp.MustCompile(`(?s)deployment:.*?\nroles:`).ReplaceAllString(read(t, o.profile), "roles:"))
	g := newGate(t, o)
	before := o.state(t)
	write(t, filepath.Join(o.folder, "quick.py"), "def main(args):\n    return {}\n")
	write(t, filepath.Join(o.folder, "short.yaml"), strings.Replace(manned, "ENDS", "iterations_per_user: 5", 1))
	write(t, filepath.Join(o.folder, "long.yaml"), strings.Replace(manned, "ENDS", "for: 1h", 1))
	const jobs, way = "/jobs$", "/portforward$"
	for _, row := range []struct {
		name string
		at   point
	}{
		{"before the Job is made", point{"before", "POST", jobs, 0}},
		{"while its pods are pending", point{"after", "POST", jobs, 0}},
		{"before a worker is called", point{"before", "POST", way, 0}},
		{"while one waits at the barrier for the other", point{"before", "POST", way, 1}},
		{"when all samples are in", point{"before", "DELETE", "/jobs/", 0}},
		{"while the Job is removed", point{"after", "DELETE", "/jobs/", 0}},
	} {
		t.Run(row.name, func(t *testing.T) {
			g.killsAt(t, o, row.at, "short.yaml")
			o.isLeftAlone(t, before)
		})
	}
	t.Run("in the load", func(t *testing.T) {
		r := o.starts(t, "run", "long.yaml", "--cluster", o.profile)
		r.await(t, "the load", began("load"))
		if len(o.workers(t)) == 0 {
			t.Error("no worker is at work: this test proves nothing")
		}
		r.kill()
		o.isLeftAlone(t, before)
	})
}

// isLeftAlone checks that down leaves nothing of a run that was killed, on the cluster and on a release that stays.
func (o *openwhisk) isLeftAlone(t *testing.T, before string) {
	t.Helper()
	o.isPutBack(t, before)
	if left := shared.kubectl(t, "", "get", "pods", "-n", o.namespace, "-l", "app.kubernetes.io/managed-by=wsk-scenario", "-o", "name"); left != "" {
		t.Errorf("after down there are still %s", left)
	}
	if left := o.actions(t); left != "[]" {
		t.Errorf("after down there are still the actions %s", left)
	}
}
