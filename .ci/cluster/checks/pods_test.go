package checks

import (
	"path/filepath"
	"strings"
	"testing"
)

// asPods has the chart's invokers start a pod for each container.
const asPods = "set: {whisk.limits.actionsInvokesPerminute: 60000, invoker.containerFactory.impl: kubernetes}"

const podsScenario = `name: pods
matrix: {node: [cloud, edge]}
actions:
  quick: {code: quick.py, kind: "python:default", memory: 128MB, logs: 0MB}
placement: ${{ matrix.node }}
phases:
  - {name: cold, invoke: quick, start: cold, load: {iterations: 2}}
  - {name: warm, invoke: quick, start: warm, warmup: {iterations: 1}, load: {iterations: 10}}
assert:
  - cold.errors == 0 and warm.errors == 0
`

// actionPods are the pods of actions, each with its node.
func (o *openwhisk) actionPods(t *testing.T) []string {
	t.Helper()
	return strings.Fields(shared.kubectl(t, "", "get", "pods", "-n", o.namespace, "-l", "user-action-pod=true",
		"-o", `jsonpath={range .items[*]}{.metadata.name}@{.spec.nodeName}{"\n"}{end}`))
}

func TestActionsRunInPodsOfTheirOwn(t *testing.T) {
	o := newOpenWhisk(t, "pods", asPods)
	before := shared.dump(t)
	o.does(t, 0, "up", o.profile)
	write(t, filepath.Join(o.folder, "quick.py"), "def main(args):\n    return {}\n")
	write(t, filepath.Join(o.folder, "pods.yaml"), podsScenario)
	out := o.does(t, 0, "run", "pods.yaml", "--cluster", o.profile)
	provedOn(t, o.measured(t, "pods"), map[string]string{"node=cloud": "vm-1", "node=edge": "pi-1"})
	t.Log(out, o.actionPods(t))
	o.does(t, 0, "down", o.profile)
	shared.isAsBefore(t, before)
}
