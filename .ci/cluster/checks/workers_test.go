package checks

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
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

// begin starts the program and returns its two workers when samples of them have come. Its output is complete when it has ended,
// which it does with the test at the latest.
func (o *openwhisk) begin(t *testing.T, args ...string) (cmd *exec.Cmd, out *bytes.Buffer, workers []worker) {
	t.Helper()
	cmd, out = o.command(t, args...), new(bytes.Buffer)
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	until(t, "two workers run", func() (string, bool) {
		workers = o.workers(t)
		return fmt.Sprint(workers), len(workers) == 2
	})
	until(t, "samples come", func() (string, bool) { return fmt.Sprint(workers), o.sampled() })
	return cmd, out, workers
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

// worker is a pod that sends load: its name, its node, and its container there.
type worker struct{ pod, node, container string }

// workers are those that run.
func (o *openwhisk) workers(t *testing.T) (all []worker) {
	t.Helper()
	text := shared.kubectl(t, "", "get", "pods", "-n", o.namespace, "-l", "app.kubernetes.io/managed-by=wsk-scenario", "--field-selector", "status.phase=Running",
		"-o", `jsonpath={range .items[*]}{.metadata.name} {.spec.nodeName} {.status.containerStatuses[0].containerID}{"\n"}{end}`)
	for line := range strings.Lines(text) {
		if words := strings.Fields(line); len(words) == 3 {
			all = append(all, worker{"pod/" + words[0], words[1], strings.TrimPrefix(words[2], "containerd://")})
		}
	}
	return all
}

// A worker that is killed is lost, one that is told to end brings what it has: neither is a good run, and nothing is left.
func TestAWorkerThatEndsEarlyIsNeverGreen(t *testing.T) {
	for _, row := range []struct {
		name string
		end  func(t *testing.T, o *openwhisk, w worker)
		want []string
	}{
		{"killed", func(t *testing.T, o *openwhisk, w worker) { signal(t, w, "SIGKILL") }, []string{"books of phase long", "do not balance: ", "1 of its workers were lost", "was lost after", "ended with exit code 137"}},
		{"deleted", func(t *testing.T, o *openwhisk, w worker) {
			shared.kubectl(t, "", "delete", "-n", o.namespace, w.pod, "--wait=false")
		}, []string{"it was told to end by somebody else"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			o := newOpenWhisk(t, "early"+row.name, many)
			before := o.state(t)
			cmd, out, workers := o.begin(t, "run", crewed(t, o, strings.Replace(endless, "1h", "15s", 1)), "--cluster", o.profile)
			row.end(t, o, workers[0])
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
	cmd, out, _ := o.begin(t, "run", crewed(t, o, strings.Replace(endless, "1h", "15s", 1)), "--cluster", o.profile)
	shared.tell(t, "restart kube-apiserver")
	cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 0 || !strings.Contains(out.String(), "books balance: ") || strings.Count(out.String(), " calls; it used ") != 2 {
		t.Errorf("exit code %d:\n%s", code, out)
	}
	if after := o.state(t); after != before {
		t.Errorf("before\n%s\nafter\n%s", before, after)
	}
}

// signal sends a signal to the process of a worker.
func signal(t *testing.T, w worker, name string) {
	t.Helper()
	i := slices.IndexFunc(shared.Nodes, func(n node) bool { return n.Name == w.node })
	if i < 0 {
		t.Fatalf("%+v runs on no node of ours", w)
	}
	if out, err := exec.Command("ctr", "-a", shared.Nodes[i].Socket, "-n", "k8s.io", "tasks", "kill", "-s", name, w.container).CombinedOutput(); err != nil {
		t.Fatalf("send %s to %+v: %v\n%s", name, w, err, out)
	}
}

func TestTheWorkersOfAKilledRunEndAndDownRemovesTheirJob(t *testing.T) {
	o := newOpenWhisk(t, "killedworkers", many)
	before := o.state(t)
	cmd, _, _ := o.begin(t, "run", crewed(t, o, endless), "--cluster", o.profile)
	cmd.Process.Kill()
	cmd.Wait()
	if left := o.state(t); !strings.Contains(left, "job.batch/wsk-scenario-workers-") {
		t.Fatalf("the run was killed without a Job: this test proves nothing\n%s", left)
	}
	defer func() {
		if t.Failed() { // Go writes where each of its goroutines is
			for _, w := range o.workers(t) {
				signal(t, w, "SIGQUIT")
				shared.try(t, "", "wait", "--for=delete", "-n", o.namespace, w.pod, "--timeout=2s")
				t.Log(shared.try(t, "", "logs", "-n", o.namespace, w.pod, "--tail=400"))
			}
		}
	}()
	until(t, "workers that nobody tells what to do end", func() (string, bool) {
		workers := o.workers(t)
		return fmt.Sprint(workers), len(workers) == 0
	})
	o.does(t, 0, "down", o.profile)
	if after := o.state(t); after != before {
		t.Errorf("before\n%s\nafter down\n%s", before, after)
	}
}
