package docker_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/moby/moby/client"

	"wsk-scenario/engine/standalone/docker"
	"wsk-scenario/engine/standalone/pool"
)

func limitsHold(t *testing.T) {
	p, done := newPool(t, pool.Config{UserMemory: 1024, Driver: newDriver(t, docker.Config{UserMemory: 1024, CPUs: 1})})
	defer done()
	a := action("x")
	a.Memory = 256
	out, _ := succeed(t, p, a, `{}`)
	got, err := engineOfTests.Client.ContainerInspect(t.Context(), "wsk-"+out.Container, client.ContainerInspectOptions{})
	if err != nil {
		t.Fatal(err)
	}
	host := got.Container.HostConfig
	if host.Memory != 256<<20 || host.MemorySwap != 256<<20 {
		t.Errorf("memory %d, with swap %d", host.Memory, host.MemorySwap)
	}
	if host.CPUShares != 256 || host.NanoCPUs != 250_000_000 {
		t.Errorf("%d shares and %d billionths of a processor; want a fourth of 1024, and of one", host.CPUShares, host.NanoCPUs)
	}
	if len(host.PortBindings) != 0 || host.Privileged {
		t.Errorf("ports %v, privileged %t", host.PortBindings, host.Privileged)
	}
	for _, limit := range []struct{ v1, v2, want string }{
		{"memory/memory.limit_in_bytes", "memory.max", "268435456"},
		{"pids/pids.max", "pids.max", "1024"},
	} {
		if got := cgroupFile(t, p, a, limit.v1, limit.v2); got != limit.want {
			t.Errorf("%s is %q in the container; want %s", limit.v2, got, limit.want)
		}
	}
}

// cgroupFile is what a container reads of its own limits, under either version of cgroups.
func cgroupFile(t *testing.T, p *pool.Pool, a pool.Action, v1, v2 string) string {
	t.Helper()
	for _, file := range []string{v1, v2} {
		var read struct {
			Text    string
			Missing bool
		}
		out := invoke(t, p, a, fmt.Sprintf(`{"do":"read","file":"/sys/fs/cgroup/%s"}`, file))
		if err := json.Unmarshal(out.Result, &read); err != nil {
			t.Fatal(err)
		}
		if !read.Missing {
			return strings.TrimSpace(read.Text)
		}
	}
	t.Fatalf("the container has neither %s nor %s", v1, v2)
	return ""
}
