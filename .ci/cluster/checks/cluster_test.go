package checks

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// podOn is a pod of the smallest image, on a node.
func podOn(name, node string) string {
	return `{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "` + name + `"}, "spec": {"nodeName": "` + node + `",
		"containers": [{"name": "only", "image": "localhost/pause:1", "imagePullPolicy": "Never"}]}}`
}

func TestRealNodesRunContainers(t *testing.T) {
	for _, n := range shared.Nodes {
		shared.kubectl(t, podOn("smoke-"+n.Name, n.Name), "apply", "-f", "-")
		shared.kubectl(t, "", "wait", "--for=condition=Ready", "pod/smoke-"+n.Name, waitFor)
		shared.kubectl(t, "", "delete", "pod", "smoke-"+n.Name, "--grace-period=0", "--force")
		if label := shared.kubectl(t, "", "get", "node", n.Name, "-o", "jsonpath={.metadata.labels.hardware}"); label != n.Role {
			t.Errorf("node %s is labelled hardware=%q; want %q", n.Name, label, n.Role)
		}
	}
}

func TestFakeNodesTakePods(t *testing.T) {
	shared.kubectl(t, `{"apiVersion": "v1", "kind": "Node", "metadata": {"name": "fake-1", "annotations": {"kwok.x-k8s.io/node": "fake"},
		"labels": {"kubernetes.io/arch": "arm64"}}, "status": {"allocatable": {"cpu": "4", "memory": "8Gi", "pods": "110"}}}`, "create", "-f", "-")
	defer shared.kubectl(t, "", "delete", "node", "fake-1")
	shared.kubectl(t, "", "wait", "--for=condition=Ready", "node/fake-1", waitFor)
	shared.kubectl(t, podOn("pretend", "fake-1"), "apply", "-f", "-")
	shared.kubectl(t, "", "wait", "--for=condition=Ready", "pod/pretend", waitFor)
	shared.kubectl(t, "", "delete", "pod", "pretend", "--grace-period=0", "--force")
}

// leftovers are what a cluster has on the machine beside its processes.
func leftovers(dir string) (list []string) {
	name := filepath.Base(dir)
	if _, err := os.Stat(dir); err == nil {
		list = append(list, dir)
	}
	if _, err := net.InterfaceByName(name); err == nil {
		list = append(list, "network device "+name)
	}
	groups, _ := filepath.Glob("/sys/fs/cgroup/*/" + name)
	list = append(list, groups...)
	if mounts, err := os.ReadFile("/proc/self/mounts"); err == nil && strings.Contains(string(mounts), dir) {
		list = append(list, "mounts")
	}
	return list
}

func TestNothingIsLeftOfAClusterThatWasKilled(t *testing.T) {
	killed, err := start(shared.cluster)
	if err != nil {
		t.Fatal(err)
	}
	overcommit, err := os.ReadFile("/proc/sys/vm/overcommit_memory")
	if err != nil {
		t.Fatal(err)
	}
	killed.cmd.Process.Kill()
	killed.cmd.Wait()
	if len(leftovers(killed.Dir)) == 0 {
		t.Error("a killed cluster leaves nothing: this test proves nothing")
	}
	again, err := start(shared.cluster)
	if err != nil {
		t.Fatal(err)
	}
	if err := again.stop(); err != nil {
		t.Error(err)
	}
	until(t, "nothing is left", func() (string, bool) { // the kernel takes networks apart behind our back
		left := leftovers(killed.Dir)
		return fmt.Sprint(left), len(left) == 0
	})
	if now, err := os.ReadFile("/proc/sys/vm/overcommit_memory"); err != nil || string(now) != string(overcommit) {
		t.Errorf("a setting of the machine has changed from %s to %s (%v)", overcommit, now, err)
	}
}
