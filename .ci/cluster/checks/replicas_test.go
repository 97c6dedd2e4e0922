package checks

import (
	"strings"
	"testing"
)

// replicas sweeps how many invokers there are, by the name that OpenWhisk's own chart has for it. Each has room for one container, so
// that two users who call side by side find as many containers as there are invokers. From one that up brings it is two, then one again.
const replicas = `name: replicas
matrix: {replicas: [2, 1]}
deployment: {set: {invoker.containerFactory.kubernetes.replicaCount: "${{ matrix.replicas }}"}}
actions:
  sleep: {code: sleep.py, kind: "python:default", memory: 256MB}
phases:
  - {name: load, invoke: sleep, load: {users: 2, iterations_per_user: 4}}
assert:
  - load.ok == 8 and load.cold == matrix.replicas
`

func TestAnAxisSweepsHowManyInvokersThereAre(t *testing.T) {
	t.Parallel()
	o := newOpenWhisk(t, "replicas", "set: {"+anywhere+"whisk.limits.actionsInvokesPerminute: 60000, whisk.containerPool.userMemory: 256m, invoker.containerFactory.kubernetes.replicaCount: 1}")
	o.unplaced(t)
	before := o.state(t)
	write(t, o.folder+"/sleep.py", "import time\ndef main(args):\n    time.sleep(0.5)\n    return {}\n")
	write(t, o.folder+"/replicas.yaml", replicas)
	out := o.does(t, 0, "run", "replicas.yaml", "--cluster", o.profile)
	var facts strings.Builder
	for _, f := range o.measured(t, "replicas").Facts {
		if strings.HasPrefix(f.Name, "invokers") {
			facts.WriteString(f.Name + ": " + f.Value + "\n")
		}
	}
	for _, want := range []string{"invokers: 1 ready, on ", "invokers, cell replicas=2: 2 ready, on pi-1, vm-1"} {
		if !strings.Contains(facts.String(), want) {
			t.Errorf("the facts lack %q:\n%s\n%s", want, facts.String(), out)
		}
	}
	if after := o.state(t); after != before {
		t.Errorf("before\n%s\nafter\n%s", before, after)
	}
}
