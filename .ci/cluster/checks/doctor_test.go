package checks

import (
	"path/filepath"
	"strings"
	"testing"
)

// What OpenWhisk's own API does not tell, its chart, its pods and its nodes do; and looking changes nothing.
func TestDoctorLooksAtAClusterAndARunOnItIsRunAgain(t *testing.T) {
	t.Parallel()
	o := newOpenWhisk(t, "doctor", "set: {"+anywhere+"whisk.limits.actionsInvokesPerminute: 60000, whisk.containerPool.userMemory: 512m, "+
		"invoker.containerFactory.kubernetes.replicaCount: 2}")
	o.unplaced(t)
	write(t, filepath.Join(o.folder, "quick.py"), "def main(args):\n    return {}\n")
	write(t, filepath.Join(o.folder, "short.yaml"), strings.Replace(killed, "ITERATIONS", "20", 1))
	o.does(t, 0, "up", o.profile)
	up := o.state(t)
	out := o.does(t, 0, "doctor", "short.yaml", "--cluster", o.profile)
	said := strings.Join(strings.Fields(out), " ")
	for _, want := range []string{
		"warning cgroups", "they are processes in the pods of their invokers",
		"slots about 256 MB at work and 256 MB warm, of 1024 MB", "images no action is made of an image", "clocks.controller controller ", "0 not checked",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("doctor does not say %q:\n%s", want, out)
		}
	}
	o.does(t, 0, "run", "short.yaml", "--cluster", o.profile)
	first := o.measured(t, "killed")
	folders, err := filepath.Glob(filepath.Join(o.folder, "results/killed/*"))
	if err != nil || len(folders) != 1 {
		t.Fatalf("the run has left %v (%v)", folders, err)
	}
	out = o.does(t, 0, "rerun", folders[0])
	again := o.measured(t, "killed")
	if first.Run == again.Run || again.Plan.Fingerprint != first.Plan.Fingerprint || !strings.Contains(out, "run "+first.Run+" again, as "+again.Run) {
		t.Errorf("run %s again is %s:\n%s", first.Run, again.Run, out)
	}
	if after := o.state(t); after != up {
		t.Errorf("before\n%s\nafter\n%s", up, after)
	}
	o.does(t, 0, "down", o.profile)
}
