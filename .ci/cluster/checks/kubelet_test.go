package checks

import (
	"path/filepath"
	"strings"
	"testing"

	"wsk-scenario/engine/result"
)

// silenced are two phases side by side on the node whose kubelet stops: one is sent from here, one by a worker on that node.
const silenced = `name: silenced
actions:
  quick: {code: quick.py, kind: "python:default"}
placement: edge
phases:
  - name: both
    together:
      - {name: here, invoke: quick, timeout: 60s, load: {rate: 5/s, for: 12s, max_in_flight: 200}}
      - {name: there, invoke: quick, timeout: 60s, load: {rate: 5/s, for: 5m, max_in_flight: 200, workers: 1, on: edge}}
assert:
  - here.ok > 0
`

// A kubelet that hangs takes nobody's calls away: what runs there goes on, and is proved. Nobody reaches a worker on its node, and
// nobody ends a pod there, until it is back.
func TestWorkersAndPodsOnANodeWhoseKubeletStopsAreNamed(t *testing.T) {
	o := newOpenWhisk(t, "silenced", many)
	before := o.state(t)
	write(t, filepath.Join(o.folder, "quick.py"), "def main(args):\n    return {}\n")
	write(t, filepath.Join(o.folder, "silenced.yaml"), silenced)
	r := o.starts(t, "run", "silenced.yaml", "--cluster", o.profile)
	// More calls than are sent from here: the worker is at work, too. It is lost long before its load is over.
	r.await(t, "the load of the worker", func(e event) bool { return e.Event == "progress" && e.Phase == "here + there" && e.Done > 60 })
	shared.tell(t, "stop-kubelet pi-1")
	stopped := true
	t.Cleanup(func() {
		if stopped {
			shared.tell(t, "continue-kubelet pi-1")
		}
	})
	code := r.ends()
	said := r.seen.String() + r.out.String()
	measured := o.left(t, "silenced")
	here, problems := of(t, measured, "here"), strings.Join(measured.Problems, "\n")
	if code != 3 || measured.Status != result.Broken || here["ok"] == 0 || here["errors"] != 0 {
		t.Errorf("exit code %d, %s, phase here %v; want a broken run whose calls from here all ended well\n%s", code, measured.Status, here, said)
	}
	for _, s := range measured.Summaries {
		if s.Name == "here" && (float64(s.Nodes["pi-1"]) != here["ok"] || s.Unproved > 0) {
			t.Errorf("%v calls ran on pi-1; proved are %v, and not %d", here["ok"], s.Nodes, s.Unproved)
		}
	}
	for _, want := range []string{"books of phase there in cell", "1 of its workers were lost", "is to end, and node pi-1 does not answer"} {
		if !strings.Contains(problems, want) {
			t.Errorf("the problems lack %q:\n%s\n%s", want, problems, said)
		}
	}
	for _, want := range []string{"what node pi-1 uses: its kubelet does not answer", "on pi-1 was lost after"} {
		if !strings.Contains(strings.Join(measured.Notes, "\n"), want) {
			t.Errorf("the notes lack %q: %v", want, measured.Notes)
		}
	}

	out := o.does(t, 3, "down", o.profile)
	if !strings.Contains(out, "is to end, and node pi-1 does not answer: bring the node back, or kubectl delete pod") {
		t.Errorf("down while the kubelet is away says\n%s", out)
	}
	shared.tell(t, "continue-kubelet pi-1")
	stopped = false
	out = o.does(t, 0, "down", o.profile)
	if after := o.state(t); after != before {
		t.Errorf("before\n%s\nafter down\n%s\nwhich said\n%s", before, after, out)
	}
	if left := shared.kubectl(t, "", "get", "pods", "-n", o.namespace, "-o", "name"); left != "" {
		t.Errorf("after down there are still %s", left)
	}
}
