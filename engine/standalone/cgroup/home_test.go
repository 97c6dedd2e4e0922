package cgroup

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The texts are those of real machines: separate hierarchies, Debian's of version 2, both at once as older systemd has
// them, and containers that see only their part.
func TestHomeIsFoundWhereverGroupsAreMounted(t *testing.T) {
	for _, row := range []struct {
		name, groups, mounts string
		want                 map[string]string
		missing              []string
	}{
		{
			name:   "version 1, each controller by itself and this process elsewhere in each",
			groups: "4:memory:/jobs/one\n3:pids:/\n2:cpuacct:/\n1:cpu:/batch\n0::/\n",
			mounts: "33 31 0:30 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu\n" +
				"34 31 0:31 / /sys/fs/cgroup/cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpuacct\n" +
				"35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n" +
				"36 31 0:33 / /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids\n",
			want: map[string]string{"memory": "/sys/fs/cgroup/memory/jobs/one", "pids": "/sys/fs/cgroup/pids",
				"cpu": "/sys/fs/cgroup/cpu/batch", "cpuacct": "/sys/fs/cgroup/cpuacct"},
		},
		{
			name:    "version 1 with two controllers in one hierarchy, and one that the kernel lacks",
			groups:  "4:memory:/a\n1:cpu,cpuacct:/a\n",
			mounts:  "33 31 0:30 / /cg/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n35 31 0:32 / /cg/memory rw - cgroup cgroup rw,memory\n",
			want:    map[string]string{"memory": "/cg/memory/a", "cpu": "/cg/cpu,cpuacct/a", "cpuacct": "/cg/cpu,cpuacct/a"},
			missing: []string{"pids"},
		},
		{
			name:   "a container that sees its own part of version 1, and knows its path from the whole",
			groups: "4:memory:/docker/0123/sub\n",
			mounts: "35 31 0:32 /docker/0123 /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n",
			want:   map[string]string{"memory": "/sys/fs/cgroup/memory/sub"}, missing: []string{"pids", "cpu", "cpuacct"},
		},
		{
			name:   "a group beside what is mounted",
			groups: "4:memory:/other\n3:pids:/in\n",
			mounts: "35 31 0:32 /docker /cg/memory rw - cgroup cgroup rw,memory\n36 31 0:32 / /a\\040b rw - cgroup cgroup rw,pids\n",
			want:   map[string]string{"pids": "/a b/in"}, missing: []string{"memory", "cpu", "cpuacct"},
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			h, err := find(row.groups, row.mounts)
			if err != nil {
				t.Fatal(err)
			}
			if h.version != 1 || !maps.Equal(h.folders, row.want) {
				t.Errorf("got version %d, %v; want %v", h.version, h.folders, row.want)
			}
			if got := slices.Sorted(maps.Keys(h.missing)); !slices.Equal(got, slices.Sorted(slices.Values(row.missing))) {
				t.Errorf("missing %v, want %v", got, row.missing)
			}
		})
	}
}

func TestNoGroupsAreAnErrorThatSaysSo(t *testing.T) {
	for _, mounts := range []string{"", "25 1 8:1 / / rw - ext4 /dev/sda1 rw\n", "broken\n"} {
		if h, err := find("0::/\n", mounts); err == nil || err.Error() != "no control groups are mounted" {
			t.Errorf("got %v, %v", h, err)
		}
	}
}

// tree is a folder that looks like version 2: what the kernel would do beside keeping what is written, it does not.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		file := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestVersion2IsTakenWhereItHasTheMemory(t *testing.T) {
	root := tree(t, map[string]string{
		"scope/cgroup.controllers":            "memory pids\n",
		"scope/wsk-server/cgroup.controllers": "memory pids\n",
		"bare/cgroup.controllers":             "hugetlb\n",
	})
	mounts := "30 1 0:26 / " + root + " rw - cgroup2 cgroup2 rw\n31 1 0:27 / /v1/memory rw - cgroup cgroup rw,memory\n"
	for _, own := range []string{"/scope", "/scope/wsk-server"} {
		h, err := find("0::"+own+"\n", mounts)
		if err != nil {
			t.Fatal(err)
		}
		if want := filepath.Join(root, "scope"); h.version != 2 || h.folders[memory] != want || h.folders[pids] != want || len(h.folders) != 2 {
			t.Errorf("from %s: version %d, %v; want memory and pids at %s", own, h.version, h.folders, want)
		}
		if err := h.missing[cpu]; err == nil || !strings.Contains(err.Error(), "was not given the controller cpu") {
			t.Errorf("from %s: of the processor it says %v", own, err)
		}
	}
	h, err := find("0::/bare\n4:memory:/x\n", mounts)
	if err != nil || h.version != 1 || h.folders[memory] != "/v1/memory/x" {
		t.Errorf("where version 1 has the memory: %+v, %v", h, err)
	}
}

func TestVersion2HandsDownWhatItLacksAndWritesWhatTheKernelDocuments(t *testing.T) {
	files := map[string]string{"cgroup.subtree_control": "cpu\n"}
	for _, f := range []string{"memory.max", "pids.max", "cpu.weight", "cpu.max"} {
		files["one/"+f] = ""
	}
	root := tree(t, files)
	if err := enable(root, []string{memory, pids, cpu}); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(root, "one")
	g := &Group{version: 2, folders: map[string]string{memory: folder, pids: folder, cpu: folder}}
	if err := g.limit(Limits{Memory: 1 << 28, Processes: 512, Shares: 1024, CPUs: 0.4}); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{
		"cgroup.subtree_control": "+memory +pids", "one/memory.max": "268435456", "one/pids.max": "512", "one/cpu.weight": "39",
		"one/cpu.max": "4000 10000",
	} {
		if got, err := os.ReadFile(filepath.Join(root, file)); err != nil || string(got) != want {
			t.Errorf("%s: got %q, %v; want %q", file, got, err, want)
		}
	}
	if _, err := os.Stat(filepath.Join(folder, "memory.swap.max")); err == nil {
		t.Error("a file was made that the kernel does not have")
	}
}

func TestVersion2TellsWhoWasKilledAndWhatWasUsed(t *testing.T) {
	root := tree(t, map[string]string{
		"memory.events": "low 0\nhigh 0\nmax 7\noom 2\noom_kill 3\noom_group_kill 0\n",
		"cpu.stat":      "usage_usec 1500\nuser_usec 1000\n",
	})
	g := &Group{version: 2, folders: map[string]string{memory: root, cpu: root}}
	if n := g.OOMKills(); n != 3 {
		t.Errorf("%d kills", n)
	}
	if d, err := g.CPUTime(); err != nil || d.Microseconds() != 1500 {
		t.Errorf("%v, %v", d, err)
	}
}

func TestReasonsAreToldOnce(t *testing.T) {
	same, other := errors.New("read-only file system"), errors.New("not mounted")
	for _, row := range []struct {
		missing map[string]error
		want    string
	}{
		{map[string]error{memory: same, pids: errors.New(same.Error()), cpu: same}, "read-only file system"},
		{map[string]error{memory: same, cpu: other}, "read-only file system\nnot mounted"},
		{map[string]error{cpuacct: other}, ""},
	} {
		err := (&Group{missing: row.missing}).Missing()
		if got := fmt.Sprint(err); got != row.want && !(err == nil && row.want == "") {
			t.Errorf("%v: got %q, want %q", row.missing, got, row.want)
		}
	}
}
