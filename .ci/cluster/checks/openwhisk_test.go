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
	role      string // the rights of the user
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
	rights := read(t, filepath.Join(root, "scenarios/clusters/rbac.yaml"))
	mine := strings.ReplaceAll(rights, "namespace: openwhisk", "namespace: "+namespace)
	o.role = strings.Replace(mine, "metadata: {name: openwhisk}", "metadata: {name: "+namespace+"}", 1)
	shared.grant(t, o.role)
	shared.kubectl(t, "", "wait", "--for=create", "serviceaccount/default", "configmap/kube-root-ca.crt", "-n", namespace, waitFor)
	o.may(t, true, "create", "leases.coordination.k8s.io")
	o.may(t, true, "patch", "nodes")
	config := filepath.Join(o.folder, "kubeconfig")
	write(t, config, read(t, filepath.Join(shared.Dir, "runner.kubeconfig")))
	o.profileIs(t, chart, config, deployment...)
	t.Cleanup(func() {
		if t.Failed() { // what it has changed of the nodes is not for the next test
			down := exec.Command(shared.wskScenario, "down", o.profile)
			down.Dir = o.folder
			_ = down.Run()
		}
		shared.kubectl(t, "", "delete", "namespace", namespace, "--wait=true", waitFor)
	})
	return o
}

func (o *openwhisk) profileIs(t *testing.T, chart, config string, deployment ...string) {
	write(t, o.profile, fmt.Sprintf(`cluster: test
kubernetes: {kubeconfig: %s}
openwhisk: {release: ow, namespace: %s}
deployment:
  chart: %s
  wait: 5m
  %s
roles:
  cloud: {nodes: {hardware: cloud}}
  edge: {nodes: {hardware: edge}}
`, config, o.namespace, chart, strings.Join(deployment, "\n  ")))
}

// profileSays replaces texts of the profile, each of which must be there.
func (o *openwhisk) profileSays(t *testing.T, changes ...string) {
	t.Helper()
	text := read(t, o.profile)
	for i := 0; i < len(changes); i += 2 {
		if !strings.Contains(text, changes[i]) {
			t.Fatalf("the profile has no %q:\n%s", changes[i], text)
		}
		text = strings.Replace(text, changes[i], changes[i+1], 1)
	}
	write(t, o.profile, text)
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
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
	all.WriteString(shared.kubectl(t, "", "get", "nodes", "-o", `jsonpath={range .items[*]}{.metadata.name}{.metadata.labels}{.metadata.annotations.wsk-scenario/window}{"\n"}{end}`))
	all.WriteString(shared.kubectl(t, "", "get", "secrets,configmaps,leases,deployments,statefulsets,daemonsets,services,jobs,persistentvolumeclaims", "-n", o.namespace, "-o", "name"))
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
