package cluster

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/target"
)

// gatherFacts reads what a result needs to be understood later. What may not be read is a fact, too.
func (c *Cluster) gatherFacts(ctx context.Context) error {
	c.facts, c.room = nil, room{} // those of an earlier release
	c.fact("target", c.Name())
	c.fact("Kubernetes", fmt.Sprintf("%s, context %s", c.conn.version, c.conn.context))
	c.releaseFacts()
	c.podFacts(ctx)
	c.nodeFacts(ctx)
	c.fact("ready", fmt.Sprintf("%.1f s after the start", time.Since(c.began).Seconds()))
	return ctx.Err()
}

func (c *Cluster) fact(name, value string) {
	c.facts = append(c.facts, target.Fact{Name: name, Value: value})
}

func (c *Cluster) releaseFacts() {
	cfg, err := c.helm()
	if err != nil {
		return
	}
	rel, err := cfg.Releases.Last(c.opts.Kubernetes.Release)
	if err != nil {
		c.fact("release", "not readable: "+err.Error())
		return
	}
	c.room.release(rel)
	c.fact("release", fmt.Sprintf("%s, revision %d, chart %s %s", rel.Name, rel.Version, rel.Chart.Metadata.Name, rel.Chart.Metadata.Version))
	for _, path := range leaves("", rel.Config) {
		c.fact("value "+path.name, path.value)
	}
}

// podFacts are the images that run, with their digests, and on which nodes.
func (c *Cluster) podFacts(ctx context.Context) {
	pods, err := c.conn.client.CoreV1().Pods(c.opts.Kubernetes.Namespace).List(ctx, metav1.ListOptions{})
	if err != nil {
		c.fact("images", "not readable: "+err.Error())
		return
	}
	c.invokerFact(pods.Items)
	images := map[string][]string{}
	for _, p := range pods.Items {
		if others(&p, c.opts.Kubernetes.Release) {
			continue
		}
		for _, s := range p.Status.ContainerStatuses {
			text := s.Image
			if s.ImageID != "" && !strings.HasSuffix(s.ImageID, s.Image) {
				text += ", " + s.ImageID
			}
			if !slices.Contains(images[text], p.Spec.NodeName) {
				images[text] = append(images[text], p.Spec.NodeName)
			}
		}
	}
	for _, image := range keysOf(images) {
		slices.Sort(images[image])
		c.fact("image", image+" on "+strings.Join(images[image], ", "))
	}
}

// invokerFact is how many invokers are ready, and where: in the chart of OpenWhisk and in our own they have the same label.
func (c *Cluster) invokerFact(pods []corev1.Pod) {
	count, nodes := 0, []string{}
	for _, p := range pods {
		if p.Labels["name"] != c.opts.Kubernetes.Release+"-invoker" || p.DeletionTimestamp != nil || !ready(p) {
			continue
		}
		count++
		c.room.invoker(p, c.nodes)
		if !slices.Contains(nodes, p.Spec.NodeName) {
			nodes = append(nodes, p.Spec.NodeName)
		}
	}
	if count > 0 {
		slices.Sort(nodes)
		c.fact("invokers", fmt.Sprintf("%d ready, on %s", count, listed(nodes)))
	}
}

func (c *Cluster) nodeFacts(ctx context.Context) {
	nodes, err := c.conn.client.CoreV1().Nodes().List(ctx, metav1.ListOptions{})
	if err != nil {
		c.fact("nodes", "not readable: "+err.Error())
		return
	}
	alike := map[string][]string{} // many nodes are of one kind
	for _, n := range nodes.Items {
		text := nodeFact(n)
		alike[text] = append(alike[text], n.Name)
		c.room.machine(n)
	}
	for _, text := range keysOf(alike) {
		slices.Sort(alike[text])
		name := "node "
		if len(alike[text]) > 1 {
			name = fmt.Sprintf("%d nodes alike: ", len(alike[text]))
		}
		c.fact(name+listed(alike[text]), text)
	}
}

// nodeFact is what a node is and has, and what is wrong with it.
func nodeFact(n corev1.Node) string {
	info := n.Status.NodeInfo
	text := fmt.Sprintf("%s, kernel %s, %s, kubelet %s; %s CPU and %s memory for pods", info.Architecture, info.KernelVersion,
		info.ContainerRuntimeVersion, info.KubeletVersion, n.Status.Allocatable.Cpu(), n.Status.Allocatable.Memory())
	for _, condition := range n.Status.Conditions {
		bad := condition.Status == corev1.ConditionTrue
		if condition.Type == corev1.NodeReady {
			bad = !bad
		}
		if bad {
			text += fmt.Sprintf("; %s is %s", condition.Type, condition.Status)
		}
	}
	return text
}

func nodeReady(n corev1.Node) bool {
	return slices.ContainsFunc(n.Status.Conditions, func(c corev1.NodeCondition) bool {
		return c.Type == corev1.NodeReady && c.Status == corev1.ConditionTrue
	})
}

// leaf is one value of a chart with its path.
type leaf struct{ name, value string }

// leaves are the values that a release was given, without what may be secret.
func leaves(prefix string, values map[string]any) (list []leaf) {
	for _, key := range keysOf(values) {
		name := prefix + key
		switch value := values[key].(type) {
		case map[string]any:
			list = append(list, leaves(name+".", value)...)
		default:
			text := fmt.Sprint(value)
			if secret(name) {
				text = "(hidden)"
			}
			list = append(list, leaf{name, text})
		}
	}
	return list
}

// Secrets are the values of a deployment that have names as secrets have: they must not be seen in anything that is written.
// What cannot be read is told when the release is installed.
func Secrets(d plan.Deployment) (list []string) {
	all, err := values(d)
	if err != nil {
		return nil
	}
	var walk func(prefix string, values map[string]any)
	walk = func(prefix string, values map[string]any) {
		for _, key := range keysOf(values) {
			switch value := values[key].(type) {
			case map[string]any:
				walk(prefix+key+".", value)
			case string:
				if secret(prefix+key) && len(value) >= shortestSecret && !strings.HasSuffix(strings.ToLower(key), "name") {
					list = append(list, value)
				}
			}
		}
	}
	walk("", all)
	return list
}

// shortestSecret is how long a text must be to be hidden wherever it stands: a shorter one is part of words.
const shortestSecret = 8

// secret reports whether a value has a name that secrets have.
func secret(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc([]string{"auth", "password", "secret", "token", "key", "username", "cert"}, func(word string) bool {
		return strings.Contains(name, word)
	})
}
