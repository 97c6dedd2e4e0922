package checks

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"wsk-scenario/engine/result"
)

// steady is a scenario whose load goes on for some time on one role: for longer than what happens to it takes to be done. It is one
// of users, as nothing is judged of a rate that a busy machine cannot keep.
func steady(t *testing.T, o *openwhisk, role string) string {
	t.Helper()
	write(t, filepath.Join(o.folder, "quick.py"), "import time\ndef main(args):\n    time.sleep(0.2)\n    return {}\n")
	write(t, filepath.Join(o.folder, "steady.yaml"), `name: steady
actions:
  quick: {code: quick.py, kind: "python:default"}
placement: `+role+`
phases:
  - {name: load, invoke: quick, timeout: 5s, warmup: {iterations: 2}, load: {users: 4, pace: 200ms, for: 20s}}
  - {name: after, invoke: quick, load: {iterations: 3}}
assert:
  - load.ok > 0
`)
	return "steady.yaml"
}

// of is the summary of a phase.
func of(t *testing.T, r *result.Result, phase string) map[string]float64 {
	t.Helper()
	for _, s := range r.Summaries {
		if s.Name == phase {
			return s.Counters
		}
	}
	t.Fatalf("no phase %s was measured: %v", phase, r.Problems)
	return nil
}

func TestAnAPIServerThatIsRestartedDuringUpIsWaitedFor(t *testing.T) {
	o := newOpenWhisk(t, "restarted", many)
	before := o.state(t)
	up := o.command(t, "up", o.profile)
	var out strings.Builder
	up.Stdout, up.Stderr = &out, &out
	if err := up.Start(); err != nil {
		t.Fatal(err)
	}
	for _, once := range []string{"lease/wsk-scenario-ow", "deployment/ow-controller"} {
		shared.kubectl(t, "", "wait", "--for=create", once, "-n", o.namespace, waitFor)
		shared.tell(t, "restart kube-apiserver")
	}
	if err := up.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	for _, want := range []string{"the API server of Kubernetes does not answer: waiting for it", "OpenWhisk answers at http://"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the output lacks %q:\n%s", want, out.String())
		}
	}
	t.Run("an invoker is killed during load", func(t *testing.T) { invokerKilled(t, o) })
	t.Run("a node is deleted during a phase", func(t *testing.T) { nodeDeleted(t, o) })
	o.does(t, 0, "down", o.profile)
	if after := o.state(t); after != before {
		t.Errorf("before\n%s\nafter\n%s", before, after)
	}
}

// invokerKilled kills what runs the actions: calls under way are lost, later ones are answered by its successor, and every one
// is in the books.
func invokerKilled(t *testing.T, o *openwhisk) {
	container := shared.kubectl(t, "", "get", "pods", "-n", o.namespace, "-l", "openwhisk-role=invoker", "--field-selector=spec.nodeName=vm-1",
		"-o", "jsonpath={.items[0].status.containerStatuses[0].containerID}")
	r := o.starts(t, "run", steady(t, o, "cloud"), "--cluster", o.profile)
	r.await(t, "the load", began("load"))
	kill := exec.CommandContext(t.Context(), "ctr", "-a", shared.Nodes[0].Socket, "-n", "k8s.io", "tasks", "kill", "--signal", "SIGKILL", strings.TrimPrefix(container, "containerd://"))
	if out, err := kill.CombinedOutput(); err != nil {
		t.Fatalf("kill container %s: %v %s", container, err, out)
	}
	code := r.ends()
	measured := o.measured(t, "steady")
	load, after := of(t, measured, "load"), of(t, measured, "after")
	if code != 0 || measured.Status != result.Complete || load["errors"] == 0 || load["ok"] == 0 || after["ok"] != 3 {
		t.Errorf("exit code %d, %s; load %v, after %v; want both successes and errors, and successes alone afterwards\n%s%s",
			code, measured.Status, load, after, r.seen.String(), r.out.String())
	}
	t.Logf("of %v calls %v ended well, %v were dropped, %v failed", load["issued"], load["ok"], load["dropped"], load["errors"])
}

// nodeDeleted takes the node of a phase away: its calls fail from then on, and what the run changed is put back all the same.
func nodeDeleted(t *testing.T, o *openwhisk) {
	up := o.state(t)
	r := o.starts(t, "run", steady(t, o, "edge"), "--cluster", o.profile)
	r.await(t, "the load", began("load"))
	shared.kubectl(t, "", "delete", "node", "pi-1", "--wait=false")
	// As the cluster does it itself 40 s after it has missed a node.
	shared.kubectl(t, "", "delete", "pods", "-n", o.namespace, "-l", "openwhisk-role=invoker", "--grace-period=0", "--force")
	code := r.ends()
	shared.tell(t, "restart-kubelet pi-1")
	measured := o.measured(t, "steady")
	load := of(t, measured, "load")
	if code != 1 || load["errors"] == 0 || load["ok"] == 0 || of(t, measured, "after")["ok"] > 0 {
		t.Errorf("exit code %d; load %v; want successes, then errors, and no data of the phase after it\n%s%s", code, load, r.seen.String(), r.out.String())
	}
	t.Logf("exit code %d, %s %v; of %v calls %v ended well, %v failed", code, measured.Status, measured.Problems, load["issued"], load["ok"], load["errors"])
	// The node came back without the label of the window.
	if out := o.does(t, 0, "up", o.profile); !strings.Contains(out, "release ow is as it shall be") {
		t.Errorf("up says\n%s", out)
	}
	if after := o.state(t); after != up {
		t.Errorf("before\n%s\nafter\n%s", up, after)
	}
}
