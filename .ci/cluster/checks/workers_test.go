package checks

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// crewed is a scenario whose load is sent from nodes.
func crewed(t *testing.T, o *openwhisk, phases string) string {
	t.Helper()
	file := filepath.Join(o.folder, "crewed.yaml")
	action, err := filepath.Abs(filepath.Join(root, "actions/hello/python"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, file, fmt.Sprintf(`name: crewed
actions:
  hello: {code: %s, kind: "python:default"}
%s`, action, phases))
	return file
}

// One worker and two are asked for the same rate each: two send twice the calls in the same time, from the node of the role. Nothing
// is asserted of figures: on a machine that is busy otherwise, the generator is late, and says so.
func TestWorkersOnNodesSendOneLoadAndLeaveNothing(t *testing.T) {
	o := newOpenWhisk(t, "crewed", many)
	before := o.state(t)
	out := o.does(t, 0, "run", crewed(t, o, `phases:
  - {name: one, invoke: hello, warmup: {iterations: 2}, load: {rate: 20/s, for: 3s, workers: 1, on: cloud}}
  - {name: two, invoke: hello, load: {rate: 40/s, for: 3s, workers: 2, on: cloud}}
  - {name: far, invoke: hello, load: {users: 2, iterations_per_user: 5, workers: 2, on: edge}}
`), "--cluster", o.profile, "--seed", "7")
	for _, want := range []string{
		"worker 1 of 1, phase one, on vm-1", "worker 1 of 2, phase two, on vm-1 60 calls", "worker 2 of 2, phase two, on vm-1 60 calls",
		"worker 1 of 2, phase far, on pi-1 5 calls", "used by pi-1", "readings by its kubelet", "its clock and this one are within", "books balance: 192 calls issued, 192 outcomes", "192 calls, 0 errors",
	} {
		if strings.Contains(out, "portforward.go") {
			t.Error("a library writes to the terminal")
		}
		if !strings.Contains(strings.Join(strings.Fields(out), " "), want) {
			t.Errorf("the output lacks %q", want)
		}
	}
	if after := o.state(t); after != before {
		t.Errorf("before\n%s\nafter\n%s", before, after)
	}
	if t.Failed() {
		t.Log(out)
	}
}

// endless is a load that only ends when somebody ends it.
const endless = `phases:
  - {name: long, invoke: hello, load: {users: 2, for: 1h, workers: 2, on: cloud}}
`

// begin starts the program and returns when samples of its workers have come. Its output is complete when it has ended.
func (o *openwhisk) begin(t *testing.T, args ...string) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	cmd, out := o.command(t, args...), new(bytes.Buffer)
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(2 * time.Minute); !o.sampled(); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(deadline) {
			cmd.Process.Kill()
			cmd.Wait()
			t.Fatalf("no samples come:\n%s", out)
		}
	}
	return cmd, out
}

// sampled reports whether a run has written more into its file of samples than its head.
func (o *openwhisk) sampled() bool {
	files, _ := filepath.Glob(filepath.Join(o.folder, "results/*/*/samples*"))
	for _, file := range files {
		if info, err := os.Stat(file); err == nil && info.Size() > 500 {
			return true
		}
	}
	return false
}

// workers are the pods that run and send load.
func (o *openwhisk) workers(t *testing.T) []string {
	t.Helper()
	return strings.Fields(shared.kubectl(t, "", "get", "pods", "-n", o.namespace, "-l", "app.kubernetes.io/managed-by=wsk-scenario",
		"--field-selector", "status.phase=Running", "-o", "name"))
}

// A worker that is killed is lost, one that is told to end brings what it has: neither is a good run, and nothing is left.
func TestAWorkerThatEndsEarlyIsNeverGreen(t *testing.T) {
	for _, row := range []struct {
		name string
		end  func(t *testing.T, o *openwhisk, pod string)
		want []string
	}{
		{"killed", func(t *testing.T, o *openwhisk, pod string) { signal(t, o, pod, "SIGKILL") }, []string{"books of phase long", "do not balance: ", "1 of its workers were lost", "was lost after", "ended with exit code 137"}},
		{"deleted", func(t *testing.T, o *openwhisk, pod string) {
			shared.kubectl(t, "", "delete", "-n", o.namespace, pod, "--wait=false")
		}, []string{"it was told to end by somebody else"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			o := newOpenWhisk(t, "early"+row.name, many)
			before := o.state(t)
			cmd, out := o.begin(t, "run", crewed(t, o, strings.Replace(endless, "1h", "8s", 1)), "--cluster", o.profile)
			row.end(t, o, o.workers(t)[0])
			cmd.Wait()
			for _, want := range row.want {
				if !strings.Contains(out.String(), want) {
					t.Errorf("the output lacks %q", want)
				}
			}
			if code := cmd.ProcessState.ExitCode(); code != 3 {
				t.Errorf("exit code %d", code)
			}
			if after := o.state(t); after != before {
				t.Errorf("before\n%s\nafter\n%s", before, after)
			}
			if t.Failed() {
				t.Log(out)
			}
		})
	}
}

// The way to the workers leads through the API server: when that is started anew, it is made anew, and no sample is lost.
func TestWorkersOutliveARestartOfTheAPIServer(t *testing.T) {
	o := newOpenWhisk(t, "restarted", many)
	before := o.state(t)
	cmd, out := o.begin(t, "run", crewed(t, o, strings.Replace(endless, "1h", "12s", 1)), "--cluster", o.profile)
	shared.tell(t, "restart kube-apiserver")
	cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 0 || !strings.Contains(out.String(), "books balance: ") || strings.Count(out.String(), " calls; it used ") != 2 {
		t.Errorf("exit code %d:\n%s", code, out)
	}
	if after := o.state(t); after != before {
		t.Errorf("before\n%s\nafter\n%s", before, after)
	}
}

// signal sends a signal to the process of a pod.
func signal(t *testing.T, o *openwhisk, pod, name string) {
	t.Helper()
	node := shared.kubectl(t, "", "get", "-n", o.namespace, pod, "-o", "jsonpath={.spec.nodeName}")
	id := shared.kubectl(t, "", "get", "-n", o.namespace, pod, "-o", "jsonpath={.status.containerStatuses[0].containerID}")
	for _, n := range shared.Nodes {
		if n.Name != node {
			continue
		}
		if out, err := exec.Command("ctr", "-a", n.Socket, "-n", "k8s.io", "tasks", "kill", "-s", name, strings.TrimPrefix(id, "containerd://")).CombinedOutput(); err != nil {
			t.Fatalf("send %s to %s: %v\n%s", name, pod, err, out)
		}
	}
}

func TestTheWorkersOfAKilledRunEndAndDownRemovesTheirJob(t *testing.T) {
	o := newOpenWhisk(t, "killedworkers", many)
	before := o.state(t)
	cmd, _ := o.begin(t, "run", crewed(t, o, endless), "--cluster", o.profile)
	cmd.Process.Kill()
	cmd.Wait()
	if left := o.state(t); !strings.Contains(left, "job.batch/wsk-scenario-workers-") {
		t.Fatalf("the run was killed without a Job: this test proves nothing\n%s", left)
	}
	for deadline := time.Now().Add(2 * time.Minute); len(o.workers(t)) > 0; time.Sleep(200 * time.Millisecond) {
		if time.Now().After(deadline) {
			for _, pod := range o.workers(t) { // Go writes where each of its goroutines is
				signal(t, o, pod, "SIGQUIT")
				time.Sleep(time.Second)
				t.Log(shared.kubectl(t, "", "logs", "-n", o.namespace, pod, "--tail=400"))
			}
			t.Fatal("nobody tells the workers what to do, and they go on")
		}
	}
	o.does(t, 0, "down", o.profile)
	if after := o.state(t); after != before {
		t.Errorf("before\n%s\nafter down\n%s", before, after)
	}
}
