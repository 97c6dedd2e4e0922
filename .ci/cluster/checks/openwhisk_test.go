package checks

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// openwhisk is one release of the standalone's chart on the shared cluster, in a namespace of its own, and what the program
// needs to work on it as a user with no more rights than scenarios/clusters/rbac.yaml gives.
type openwhisk struct {
	namespace string
	folder    string
	profile   string
}

// newOpenWhisk writes a profile with further lines in its deployment.
func newOpenWhisk(t *testing.T, namespace string, deployment ...string) *openwhisk {
	t.Helper()
	o := &openwhisk{namespace: namespace, folder: t.TempDir()}
	o.profile = filepath.Join(o.folder, "cluster.yaml")
	chart, err := filepath.Abs(filepath.Join(root, "scenarios/charts/standalone"))
	if err != nil {
		t.Fatal(err)
	}
	rights, err := os.ReadFile(filepath.Join(root, "scenarios/clusters/rbac.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	mine := strings.ReplaceAll(string(rights), "namespace: openwhisk", "namespace: "+namespace)
	shared.kubectl(t, strings.Replace(mine, "metadata: {name: openwhisk}", "metadata: {name: "+namespace+"}", 1), "apply", "-f", "-")
	config := filepath.Join(o.folder, "kubeconfig")
	text, err := os.ReadFile(filepath.Join(shared.Dir, "runner.kubeconfig"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, config, string(text))
	o.profileIs(t, chart, config, deployment...)
	t.Cleanup(func() {
		shared.kubectl(t, "", "delete", "namespace", namespace, "--wait=true", "--timeout=120s")
	})
	return o
}

func (o *openwhisk) profileIs(t *testing.T, chart, config string, deployment ...string) {
	write(t, o.profile, fmt.Sprintf(`cluster: test
kubernetes: {kubeconfig: %s}
openwhisk: {release: ow, namespace: %s}
deployment:
  chart: %s
  wait: 2m
  %s
roles:
  cloud: {nodes: {hardware: cloud}}
  edge: {nodes: {hardware: edge}}
`, config, o.namespace, chart, strings.Join(deployment, "\n  ")))
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// command is the program with arguments, in the test's folder.
func (o *openwhisk) command(t *testing.T, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(t.Context(), shared.wskScenario, args...)
	cmd.Dir = o.folder
	return cmd
}

// does runs the program and fails when its exit code is another than wanted.
func (o *openwhisk) does(t *testing.T, code int, args ...string) string {
	t.Helper()
	cmd := o.command(t, args...)
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() != code {
		t.Fatalf("%s: %v; want exit code %d\n%s", strings.Join(args, " "), err, code, out)
	}
	return string(out)
}

// state is all of the cluster that a run must leave as it was: labels of nodes, releases, records, leases.
func (o *openwhisk) state(t *testing.T) string {
	t.Helper()
	var all bytes.Buffer
	all.WriteString(shared.kubectl(t, "", "get", "nodes", "-o", `jsonpath={range .items[*]}{.metadata.name}{.metadata.labels}{"\n"}{end}`))
	all.WriteString(shared.kubectl(t, "", "get", "secrets,configmaps,leases,deployments,services", "-n", o.namespace, "-o", "name"))
	return all.String()
}

// placedScenario calls an action on both nodes.
func placedScenario(t *testing.T, o *openwhisk, loops int) string {
	t.Helper()
	file := filepath.Join(o.folder, "placed.yaml")
	action, err := filepath.Abs(filepath.Join(root, "actions/hello/python"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, file, fmt.Sprintf(`name: placed
matrix: {node: [cloud, edge]}
actions:
  hello: {code: %s, kind: "python:default"}
placement: ${{ matrix.node }}
phases:
  - {name: cold, invoke: hello, start: cold, load: {iterations: 2}}
  - {name: warm, invoke: hello, start: warm, warmup: {iterations: 1}, load: {iterations: %d}}
assert:
  - cold.errors == 0 and warm.errors == 0
`, action, loops))
	return file
}

// many lets a run call as often as it likes.
const many = "set: {whisk.limits.actionsInvokesPerminute: 60000, whisk.limits.actionsInvokesConcurrent: 200}"

func TestARunBringsOpenWhiskProvesNodesAndLeavesNothing(t *testing.T) {
	o := newOpenWhisk(t, "placed", many)
	before := o.state(t)
	out := o.does(t, 0, "run", placedScenario(t, o, 10), "--cluster", o.profile)
	for _, want := range []string{"placed on cloud", "placed on edge", "pass", "DaemonSet ow-invoker", "actions are placed on vm-1", "actions are placed on pi-1"} {
		if !strings.Contains(out, want) {
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

func TestUpStaysUntilDown(t *testing.T) {
	o := newOpenWhisk(t, "stays", many)
	before := o.state(t)
	if out := o.does(t, 0, "up", o.profile); !strings.Contains(out, "OpenWhisk answers at http://") {
		t.Errorf("up says\n%s", out)
	}
	up := o.state(t)
	if !strings.Contains(up, "deployment.apps/ow-controller") {
		t.Fatalf("after up there is\n%s", up)
	}
	o.does(t, 0, "run", placedScenario(t, o, 2), "--cluster", o.profile)
	if after := o.state(t); after != up {
		t.Errorf("a run changes what is there to stay: before\n%s\nafter\n%s", up, after)
	}
	o.does(t, 0, "down", o.profile)
	if after := o.state(t); after != before {
		t.Errorf("before\n%s\nafter down\n%s", before, after)
	}
}

func TestABrokenUpgradeIsExplainedAndRolledBack(t *testing.T) {
	o := newOpenWhisk(t, "broken", many)
	o.does(t, 0, "up", o.profile)
	good, err := os.ReadFile(o.profile)
	if err != nil {
		t.Fatal(err)
	}
	write(t, o.profile, strings.Replace(string(good), "set: {", "set: {image.tag: missing, ", 1))
	out := o.does(t, 3, "up", o.profile)
	for _, want := range []string{"Deployment ow-controller: 0 of 1 ready", "ImagePullBackOff", "localhost/wsk-scenario:missing", "rolled back to revision 1"} {
		if !strings.Contains(out, want) {
			t.Errorf("the output lacks %q:\n%s", want, out)
		}
	}
	if lines := strings.Count(out, "\n"); lines > 24 {
		t.Errorf("%d lines are more than a screen:\n%s", lines, out)
	}
	write(t, o.profile, string(good))
	if out := o.does(t, 0, "up", o.profile); !strings.Contains(out, "as it shall be") {
		t.Errorf("what worked before does not any more:\n%s", out)
	}
	o.does(t, 0, "down", o.profile)
}

func TestWhatAKilledRunLeavesIsPutBackByDown(t *testing.T) {
	o := newOpenWhisk(t, "killed", many)
	before := o.state(t)
	cmd := o.command(t, "run", placedScenario(t, o, 100000), "--cluster", o.profile)
	var out bytes.Buffer
	cmd.Stderr = &out
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	shared.kubectl(t, "", "wait", "--for=create", "deployment/ow-controller", "-n", o.namespace, "--timeout=120s")
	cmd.Process.Kill()
	stdout.Close()
	cmd.Wait()
	if o.state(t) == before {
		t.Fatalf("the run was killed before it changed anything: this test proves nothing\n%s", out.String())
	}
	o.does(t, 0, "down", o.profile)
	if after := o.state(t); after != before {
		t.Errorf("before\n%s\nafter down\n%s", before, after)
	}
}
