package cluster

import (
	"slices"
	"strconv"
	"strings"

	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/release"
	corev1 "k8s.io/api/core/v1"

	"wsk-scenario/engine/target"
)

// room is what the release has for actions, as its chart, its pods and its nodes tell: OpenWhisk's API tells nothing of it.
type room struct {
	slots    []target.Slot
	memoryMB int // of all containers of an invoker together; 0 when the chart does not say
	held     target.Held
	archs    []string // of all nodes, each once
}

// Slots are the invokers that are ready; none where the chart does not say what they give out.
func (c *Cluster) Slots() []target.Slot { return c.room.slots }

// Held is what actions are held to, by the chart and its way to run them.
func (c *Cluster) Held() target.Held { return c.room.held }

// Architecture is that of all nodes of the cluster; empty where there are several.
func (c *Cluster) Architecture() string {
	if len(c.room.archs) == 1 {
		return c.room.archs[0]
	}
	return ""
}

// The names of the charts that are known.
const (
	openwhiskChart  = "openwhisk"
	standaloneChart = "standalone"
)

// release takes over what the values of the release say.
func (r *room) release(rel *release.Release) {
	all, err := chartutil.CoalesceValues(rel.Chart, rel.Config)
	if err != nil {
		return // what is not known is not told
	}
	s := settings{all}
	r.memoryMB = megabytes(s.text("whisk.containerPool.userMemory"))
	switch impl := s.text("invoker.containerFactory.impl"); {
	case impl == podsOfActions && slices.Contains([]string{openwhiskChart, standaloneChart}, rel.Chart.Name()):
		r.held = target.Held{What: []string{"memory"}, By: "Kubernetes", Reason: "pods of actions have a limit of memory alone"}
	case rel.Chart.Name() == standaloneChart:
		r.held = target.Held{Reason: "they are processes in the pods of their invokers, which Kubernetes holds to invoker.resources as a whole"}
	}
}

// invoker takes over one that is ready.
func (r *room) invoker(p corev1.Pod, nodes []target.Node) {
	if r.memoryMB == 0 {
		return
	}
	slot := target.Slot{Node: p.Spec.NodeName, MemoryMB: r.memoryMB}
	for _, n := range nodes {
		if n.Name == slot.Node {
			slot.Role = n.Role
		}
	}
	r.slots = append(r.slots, slot)
}

// machine takes over a node.
func (r *room) machine(n corev1.Node) {
	if arch := n.Status.NodeInfo.Architecture; !slices.Contains(r.archs, arch) {
		r.archs = append(r.archs, arch)
	}
}

// megabytes reads a size as OpenWhisk's settings have it, such as 2048m, 2g or 512 MB; 0 for what is none.
func megabytes(text string) int {
	text = strings.ToLower(strings.TrimSpace(text))
	digits := strings.TrimRight(text, "abcdefghijklmnopqrstuvwxyz ")
	n, err := strconv.Atoi(digits)
	if err != nil || n < 0 {
		return 0
	}
	switch strings.TrimSpace(text[len(digits):]) {
	case "m", "mb", "mib":
		return n
	case "g", "gb", "gib":
		return n << 10
	}
	return 0
}
