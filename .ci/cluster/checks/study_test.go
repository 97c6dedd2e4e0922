package checks

import (
	"bufio"
	"bytes"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// scenario is the path of one of the project's scenarios.
func scenario(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join(root, "scenarios", name))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// javaOfNodes are the values with which actions in Java run on the nodes: Debian keeps their settings in /etc.
func javaOfNodes(t *testing.T) string {
	t.Helper()
	settings, err := filepath.Glob("/etc/java-*-openjdk")
	if err != nil || len(settings) == 0 {
		t.Fatalf("no /etc/java-*-openjdk is there (%v): .ci/needs test installs a JDK", err)
	}
	return fmt.Sprintf("set: {whisk.limits.actionsInvokesPerminute: 60000, invoker.resources: {requests: {cpu: 200m}}, invoker.hostPaths: [/usr, /etc/alternatives, %s]}", strings.Join(settings, ", "))
}

// spin computes in two processes, so that what it takes is what processors there are.
const spin = `import os

def main(args):
    children = []
    for _ in range(2):
        child = os.fork()
        if child == 0:
            x = 0
            for i in range(1000000):
                x = (x + i * i) % 1000003
            os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)
    return {}
`

const spinScenario = `name: spin
matrix: {node: [cloud, edge]}
actions:
  spin: {code: spin.py, kind: "python:default"}
placement: ${{ matrix.node }}
phases:
  - {name: spin, invoke: spin, start: warm, warmup: {iterations: 1}, load: {iterations: 8}}
assert:
  - spin.errors == 0
  - {name: the edge node computes slower, across: node, expect: edge.spin.run.min > 1.5 * cloud.spin.run.min}
`

func TestAStudyIsPlacedAndProvedAndLeavesTheClusterAsItWas(t *testing.T) {
	o := newOpenWhisk(t, "study", javaOfNodes(t))
	other := newOpenWhisk(t, "other", many)
	before := shared.settled(t)
	o.does(t, 0, "up", o.profile)
	up := o.state(t)
	places := map[string]string{"node=cloud": "vm-1", "node=edge": "pi-1"}

	t.Run("edge-study/startup", func(t *testing.T) {
		o.does(t, 0, "run", scenario(t, "edge-study/startup.yaml"), "--cluster", o.profile, "--set", "loops=3", "--set", "warmups=1")
		r := o.measured(t, "edge-startup")
		provedOn(t, r, places)
		t.Logf("cold start of Java, best of 3: %s on cloud, %s on edge",
			milliseconds(value(t, r, "node=cloud", "cold", "response")), milliseconds(value(t, r, "node=edge", "cold", "response")))
	})
	t.Run("the node with a quota computes slower", func(t *testing.T) {
		// Less than a busy machine leaves to the other node, too.
		shared.tell(t, "quota pi-1 0.1")
		t.Cleanup(func() { shared.tell(t, "quota pi-1 0.4") })
		write(t, filepath.Join(o.folder, "spin.py"), spin)
		write(t, filepath.Join(o.folder, "spin.yaml"), spinScenario)
		o.does(t, 0, "run", "spin.yaml", "--cluster", o.profile)
		r := o.measured(t, "spin")
		provedOn(t, r, places)
		t.Logf("the same computation takes %s on cloud, %s on edge",
			milliseconds(value(t, r, "node=cloud", "spin", "run")), milliseconds(value(t, r, "node=edge", "spin", "run")))
	})
	t.Run("one file on three targets", func(t *testing.T) {
		file := scenario(t, "outcomes.yaml")
		o.does(t, 0, "run", file)
		embedded := outcomes(t, o)
		o.does(t, 0, "run", file, "--cluster", attached(t, o))
		there := outcomes(t, o)
		o.does(t, 0, "run", file, "--cluster", o.profile)
		if cluster := outcomes(t, o); embedded != there || embedded != cluster {
			t.Errorf("embedded\n%s\nattached\n%s\non the cluster\n%s", embedded, there, cluster)
		}
	})
	t.Run("another release gets no window on the same nodes", func(t *testing.T) {
		out := other.does(t, 3, "up", other.profile)
		if !strings.Contains(out, "is in the label window of the release study/ow") {
			t.Errorf("up of another release says\n%s", out)
		}
		other.does(t, 0, "down", other.profile)
	})
	if after := o.state(t); after != up {
		t.Errorf("the runs change what is there to stay: before\n%s\nafter\n%s", up, after)
	}
	o.does(t, 0, "down", o.profile)
	shared.isAsBefore(t, before)
}

func milliseconds(ns float64) string { return fmt.Sprintf("%.0f ms", ns/1e6) }

// outcomes are how the calls of the last run ended, by phase.
func outcomes(t *testing.T, o *openwhisk) string {
	var all strings.Builder
	for _, b := range o.measured(t, "outcomes").Books {
		fmt.Fprintf(&all, "phase %d: %d calls, %v\n", b.Phase, b.Issued, b.Outcomes)
	}
	return all.String()
}

// attached starts an OpenWhisk that the program does not know to be its own, and returns a profile that attaches to it.
func attached(t *testing.T, o *openwhisk) string {
	t.Helper()
	server := o.command(t, "standalone", "--listen", "127.0.0.1:0", "--per-minute", "60000", "--wskprops", "props")
	out, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var faults bytes.Buffer
	server.Stderr = &faults
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(server) })
	line, err := bufio.NewReader(out).ReadString('\n')
	url := strings.TrimSpace(line[strings.LastIndex(line, " ")+1:])
	if err != nil || !strings.HasPrefix(url, "http://") {
		t.Fatalf("the server says %q (%v): %s", line, err, faults.String())
	}
	profile := filepath.Join(o.folder, "attached.yaml")
	write(t, profile, "cluster: attached\nopenwhisk:\n  apihost: "+url+"\n  auth: {wskprops: props}\n")
	return profile
}

// stop lets a program finish.
func stop(cmd *exec.Cmd) {
	_ = cmd.Process.Signal(syscall.SIGTERM)
	_ = cmd.Wait()
}
