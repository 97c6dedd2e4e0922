package checks

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// asPods has the chart's invokers start a pod for each container, and keep one of Python ready.
const asPods = "set: {" + anywhere + "whisk.limits.actionsInvokesPerminute: 60000, invoker.containerFactory.impl: kubernetes, invoker.profile.prewarm.python: 1}"

const podsScenario = `name: pods
actions:
  quick: {code: quick.py, kind: "python:default", memory: 128MB, logs: 0MB}
phases:
  - {name: cold, invoke: quick, start: cold, load: {iterations: 2}}
  - {name: warm, invoke: quick, start: warm, warmup: {iterations: 1}, load: {iterations: 10}}
assert:
  - cold.errors == 0 and warm.errors == 0
`

func TestActionsRunInPodsOfTheirOwn(t *testing.T) {
	t.Parallel()
	o := newOpenWhisk(t, "pods", asPods)
	o.unplaced(t)
	before := o.objects(t)
	o.does(t, 0, "up", o.profile)
	t.Run("every call is proved to have run on a node", func(t *testing.T) { podsProveNodes(t, o) })

	o.makesAction(t, "my-hello", "def main(args):\n    print('said')\n    return {}", 128)
	cold := o.invokes(t, "my-hello")
	t.Run("a stem cell is a pod that says what it runs once it does", func(t *testing.T) { stemIsTaken(t, o) })
	t.Run("a pod has OpenWhisk's name, labels and memory, and is on the node of the record", func(t *testing.T) { isAsOpenWhisks(t, o, cold) })
	t.Run("its log is in the record", func(t *testing.T) { isLogged(t, o, cold) })
	t.Run("an action that uses up its memory is told so", func(t *testing.T) {
		o.makesAction(t, "greedy", "def main(args):\n    return {'n': sum(bytearray(400 << 20))}", 128)
		if status, text := o.asks(t, http.MethodPost, "actions/greedy?blocking=true", "{}"); !strings.Contains(string(text), "The action exhausted its memory and was aborted.") {
			t.Errorf("%d %s", status, text)
		}
	})
	t.Run("the next call after a deletion is cold", func(t *testing.T) { deletedIsCold(t, o) })
	t.Run("an invoker that was killed begins without pods", func(t *testing.T) { beginsAnew(t, o) })
	o.does(t, 0, "down", o.profile)
	after := o.objects(t)
	for deadline := time.Now().Add(3 * time.Minute); !cmp.Equal(before, after) && time.Now().Before(deadline); after = o.objects(t) {
	}
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("down leaves\n%s", diff)
	}
}

// objects is all that is in the namespace.
func (o *openwhisk) objects(t *testing.T) map[string]string {
	t.Helper()
	all := shared.dump(t)
	maps.DeleteFunc(all, func(name, _ string) bool { return !strings.Contains(name, " "+o.namespace+"/") })
	return all
}

func podsProveNodes(t *testing.T, o *openwhisk) {
	write(t, filepath.Join(o.folder, "quick.py"), "def main(args):\n    return {}\n")
	write(t, filepath.Join(o.folder, "pods.yaml"), podsScenario)
	out := o.does(t, 0, "run", "pods.yaml", "--cluster", o.profile)
	for _, s := range o.measured(t, "pods").Summaries {
		if ok := int(s.Counters["ok"]); ok == 0 || s.Nodes["vm-1"]+s.Nodes["pi-1"] != ok || s.Unproved > 0 {
			t.Errorf("phase %s: %d calls ended well, on %v, and %d are unproved\n%s", s.Name, ok, s.Nodes, s.Unproved, out)
		}
	}
}

// actionPods are the pods of actions that the selector wants, too.
func (o *openwhisk) actionPods(t *testing.T, selector string) (names []string) {
	t.Helper()
	return strings.Fields(shared.kubectl(t, "", "get", "pods", "-n", o.namespace, "-l", "user-action-pod=true"+selector, "-o", `jsonpath={.items[*].metadata.name}`))
}

// makesAction creates an action of Python.
func (o *openwhisk) makesAction(t *testing.T, name, source string, memory int) {
	t.Helper()
	body, err := json.Marshal(map[string]any{
		"exec":   map[string]any{"kind": "python:default", "code": source},
		"limits": map[string]any{"memory": memory},
	})
	if err != nil {
		t.Fatal(err)
	}
	if status, text := o.asks(t, http.MethodPut, "actions/"+name, string(body)); status != http.StatusOK {
		t.Fatalf("create %s: %d %s", name, status, text)
	}
}

// activation is a record, as far as these tests look.
type activation struct {
	ActivationID string
	Response     struct{ Success bool }
	Annotations  []struct {
		Key   string
		Value json.RawMessage
	}
	host struct{ Node, Start string }
}

// invokes calls an action, which must succeed.
func (o *openwhisk) invokes(t *testing.T, name string) (a activation) {
	t.Helper()
	status, text := o.asks(t, http.MethodPost, "actions/"+name+"?blocking=true", "{}")
	err := json.Unmarshal(text, &a)
	for _, note := range a.Annotations {
		if note.Key == "standalone" {
			_ = json.Unmarshal(note.Value, &a.host) // it is compared below
		}
	}
	if err != nil || status != http.StatusOK || !a.Response.Success {
		t.Fatalf("invoke %s: %d %s", name, status, text)
	}
	return a
}

func isAsOpenWhisks(t *testing.T, o *openwhisk, a activation) {
	pods := o.actionPods(t, ",openwhisk/action=my-hello,openwhisk/namespace=guest")
	if len(pods) != 1 || !strings.HasPrefix(pods[0], "wsk") || !strings.HasSuffix(pods[0], "-guest-myhello") {
		t.Fatalf("the pods of the action are %v; want one wsk…-guest-myhello", pods)
	}
	got := shared.kubectl(t, "", "get", "pod", pods[0], "-n", o.namespace, "-o",
		"jsonpath={.metadata.labels.name} {.metadata.labels.release} {.metadata.labels.invoker} {.spec.containers[0].resources} {.spec.nodeName}")
	want := pods[0] + " ow invoker-" + a.host.Node + ` {"limits":{"memory":"128Mi"},"requests":{"memory":"128Mi"}} ` + a.host.Node
	if got != want {
		t.Errorf("the pod is\n%s\nwant\n%s", got, want)
	}
}

func isLogged(t *testing.T, o *openwhisk, a activation) {
	for deadline := time.Now().Add(patience); ; { // a record is kept when its log has been read
		status, text := o.asks(t, http.MethodGet, "activations/"+a.ActivationID+"/logs", "")
		if status == http.StatusOK && strings.Contains(string(text), "stdout: said") {
			return
		}
		if status == http.StatusOK || time.Now().After(deadline) {
			t.Fatalf("the log is %d %s", status, text)
		}
	}
}

// deletedIsCold removes the pods of all actions behind the invoker's back.
func deletedIsCold(t *testing.T, o *openwhisk) {
	before := o.actionPods(t, ",openwhisk/action=my-hello")
	shared.kubectl(t, "", "delete", "pods", "-n", o.namespace, "-l", "user-action-pod=true")
	until(t, "after the deletion of its pod an action starts cold", func() (string, bool) { // the invoker is told of it a moment later
		a := o.invokes(t, "my-hello")
		return a.host.Start, a.host.Start == "cold"
	})
	after := o.actionPods(t, ",openwhisk/action=my-hello")
	if len(after) != 1 || slices.Contains(before, after[0]) {
		t.Errorf("the pods of the action are %v, and were %v", after, before)
	}
}

// stemIsTaken calls actions of the size of the stem cells until one gets one.
func stemIsTaken(t *testing.T, o *openwhisk) {
	for n, deadline := 0, time.Now().Add(patience); ; n++ {
		name := fmt.Sprint("stemmed", n)
		o.makesAction(t, name, "def main(args):\n    return {}", 256)
		if a := o.invokes(t, name); a.host.Start == "prewarmed" {
			pods := o.actionPods(t, ",openwhisk/action="+name)
			if len(pods) != 1 || !strings.Contains(pods[0], "-prewarm-python") {
				t.Errorf("the pods of the action are %v", pods)
			}
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("none of %d actions got a stem cell", n)
		}
	}
}

// beginsAnew kills the invoker on vm-1.
func beginsAnew(t *testing.T, o *openwhisk) {
	invoker := ",invoker=invoker-vm-1"
	uids := func() []string {
		return strings.Fields(shared.kubectl(t, "", "get", "pods", "-n", o.namespace, "-l", "user-action-pod=true"+invoker, "-o", "jsonpath={.items[*].metadata.uid}"))
	}
	before := uids()
	pod := strings.TrimSpace(shared.kubectl(t, "", "get", "pods", "-n", o.namespace, "-l", "openwhisk-role=invoker", "--field-selector=spec.nodeName=vm-1", "-o", "name"))
	container := shared.kubectl(t, "", "get", pod, "-n", o.namespace, "-o", "jsonpath={.status.containerStatuses[0].containerID}")
	kill := exec.CommandContext(t.Context(), "ctr", "-a", shared.Nodes[0].Socket, "-n", "k8s.io", "tasks", "kill", "--signal", "SIGKILL", strings.TrimPrefix(container, "containerd://"))
	if out, err := kill.CombinedOutput(); err != nil {
		t.Fatalf("kill container %s: %v %s", container, err, out)
	}
	shared.kubectl(t, "", "wait", "-n", o.namespace, pod, "--for=jsonpath={.status.containerStatuses[0].restartCount}=1", waitFor)
	shared.kubectl(t, "", "wait", "-n", o.namespace, pod, "--for=condition=Ready", waitFor)
	for _, left := range uids() {
		if slices.Contains(before, left) {
			t.Errorf("pod %s is there, of an invoker that was killed", left)
		}
	}
}
