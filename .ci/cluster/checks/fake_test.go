package checks

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// fakes are nodes that only pretend, of one hardware and architecture.
func fakes(t *testing.T, hardware, arch string, count int) {
	t.Helper()
	var items []any
	for i := range count {
		items = append(items, map[string]any{
			"apiVersion": "v1", "kind": "Node",
			"metadata": map[string]any{
				"name": fmt.Sprintf("%s-%03d", hardware, i), "annotations": map[string]string{"kwok.x-k8s.io/node": "fake"},
				// The last two are what Kubernetes adds by itself, some time later.
				"labels": map[string]string{"kubernetes.io/arch": arch, "kubernetes.io/os": "linux", "hardware": hardware,
					"beta.kubernetes.io/arch": arch, "beta.kubernetes.io/os": "linux"},
			},
			"status": map[string]any{
				"allocatable": map[string]string{"cpu": "4", "memory": "8Gi", "pods": "110"},
				"nodeInfo":    map[string]string{"architecture": arch},
			},
		})
	}
	text, err := json.Marshal(map[string]any{"apiVersion": "v1", "kind": "List", "items": items})
	if err != nil {
		t.Fatal(err)
	}
	shared.kubectl(t, string(text), "create", "--validate=false", "-f", "-")
	t.Cleanup(func() { shared.kubectl(t, "", "delete", "nodes", "-l", "hardware="+hardware, "--wait=false") })
	until(t, fmt.Sprintf("%d nodes are ready", count), func() (string, bool) {
		states := shared.kubectl(t, "", "get", "nodes", "-l", "hardware="+hardware, "-o", `jsonpath={.items[*].status.conditions[?(@.type=="Ready")].status}`)
		return states, strings.Count(states, "True") == count
	})
}

// boards is how many nodes of another architecture there are.
const boards = 200

// TestRolesOfManyNodesOfTwoArchitectures has OpenWhisk's API answer from this machine, and the release on nodes that start
// nothing: what of Helm, of the window and of the proof depends on nodes is real, and no call may count as run on one.
func TestRolesOfManyNodesOfTwoArchitectures(t *testing.T) {
	start := time.Now()
	lap := func(what string) {
		t.Logf("%s: %.1f s", what, time.Since(start).Seconds())
		start = time.Now()
	}
	fakes(t, "board", "arm64", boards)
	fakes(t, "server", "amd64", 3)
	lap("the nodes")
	o := newOpenWhisk(t, "boards", many)
	attached(t, o)
	o.profileSays(t, "openwhisk: {release: ow, namespace: boards}", "openwhisk: {release: ow, namespace: boards, apihost: "+apihost(t, o)+", auth: {wskprops: props}}",
		"cloud: {nodes: {hardware: cloud}}", "cloud: {nodes: {hardware: server, kubernetes.io/arch: amd64}}",
		"edge: {nodes: {hardware: edge}}", "edge: {nodes: {hardware: board, kubernetes.io/arch: arm64}}")
	before := o.state(t)

	lap("the rights and a server")
	out := o.does(t, 0, "up", o.profile)
	lap(fmt.Sprintf("up on %d nodes", boards+3))
	if want := fmt.Sprintf("DaemonSet ow-invoker: %d of %[1]d ready", boards+3); !strings.Contains(out, want) {
		t.Errorf("up does not say %q:\n%s", want, out)
	}
	out = o.does(t, 1, "run", placedScenario(t, o, 2), "--cluster", o.profile)
	lap("a run on both roles, one after the other")
	for _, want := range []string{"actions are placed on board-000, board-001, board-002 and 197 more", "actions are placed on server-000, server-001, server-002"} {
		if !strings.Contains(out, want) {
			t.Errorf("the run does not say %q:\n%s", want, out)
		}
	}
	for _, s := range o.measured(t, "placed").Summaries {
		if s.Unproved == 0 || len(s.Nodes) > 0 {
			t.Errorf("phase %s of cell %d: %d unproved, %v proved; nothing ran on such a node", s.Name, s.Cell, s.Unproved, s.Nodes)
		}
		for _, c := range s.Classes {
			if c.Name == "all" && c.Samples > 0 {
				t.Errorf("phase %s of cell %d has %d samples in its figures", s.Name, s.Cell, c.Samples)
			}
		}
	}

	o.profileSays(t, "set: {", "set: {invoker.resources: {requests: {cpu: 9}}, ", "wait: 5m", "wait: 30s")
	out = o.does(t, 3, "up", o.profile)
	for _, want := range []string{"no node takes it: 0/", "Insufficient cpu", "rolled back to revision 1"} {
		if !strings.Contains(out, want) {
			t.Errorf("the output lacks %q:\n%s", want, out)
		}
	}
	lap("a broken upgrade, rolled back")
	o.does(t, 0, "down", o.profile)
	lap("down")
	if after := o.state(t); after != before {
		t.Errorf("before\n%.2000s\nafter\n%.2000s", before, after)
	}
}

// apihost is the address in the properties that attached has written.
func apihost(t *testing.T, o *openwhisk) string {
	t.Helper()
	for line := range strings.Lines(read(t, filepath.Join(o.folder, "props"))) {
		if address, ok := strings.CutPrefix(strings.TrimSpace(line), "APIHOST="); ok {
			return address
		}
	}
	t.Fatal("the properties name no APIHOST")
	return ""
}
