package cluster

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chartutil"
	corev1 "k8s.io/api/core/v1"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// invokerLabel is the label of nodes that OpenWhisk's chart puts invokers and action pods on.
const invokerLabel = "openwhisk-role"

// settings are the values of a chart as they will be, defaults included.
type settings struct{ chartutil.Values }

// at is the value at a path; nil where there is none.
func (s settings) at(path string) any {
	value, err := s.PathValue(path)
	if err != nil {
		return nil
	}
	return value
}

// table is the mapping at a path, and whether there is one.
func (s settings) table(path string) (map[string]any, bool) {
	table, err := s.Table(path)
	return table, err == nil
}

func (s settings) on(path string) bool { return s.at(path) == true }

func (s settings) text(path string) string {
	text, _ := s.at(path).(string)
	return text
}

func (s settings) number(path string) int {
	switch n := s.at(path).(type) {
	case int:
		return n
	case int64:
		return int(n)
	case float64:
		return int(n)
	}
	return 0
}

// traps finds what is known to go wrong with OpenWhisk's chart, before anything is installed: each would else be seen as a
// release that does not become ready. What is merely likely is said and hinders nothing.
func (c *Cluster) traps(ctx context.Context, chart *chart.Chart, wanted map[string]any) error {
	all, err := chartutil.CoalesceValues(chart, wanted)
	if err != nil {
		return fmt.Errorf("put the chart's values together: %w", err)
	}
	s := settings{all}
	nodes, err := c.conn.client.CoreV1().Nodes().List(ctx, metav1.ListOptions{})
	if kerrors.IsForbidden(err) {
		c.opts.Say("the nodes may not be listed: whether the chart's pods find one is not checked")
		nodes, err = &corev1.NodeList{}, nil
	}
	if err != nil {
		return fmt.Errorf("list the nodes: %w", err)
	}
	found := []error{removedAPIs(s)}
	if len(nodes.Items) > 0 {
		found = append(found, invokerNodes(s, nodes.Items), spread(s, len(nodes.Items)))
		c.likely(s, nodes.Items)
	}
	found = append(found, c.storage(ctx, s), c.port(ctx, s))
	return errors.Join(found...)
}

// removedAPIs are options of the chart that use what Kubernetes 1.25 removed.
func removedAPIs(s settings) error {
	var found []error
	if s.on("pdb.enable") && (s.number("controller.replicaCount") > 1 || s.number("zookeeper.replicaCount") > 1 || s.number("kafka.replicaCount") > 1) {
		found = append(found, errors.New("pdb.enable: the chart asks for policy/v1beta1, which Kubernetes removed in 1.25: set it to false"))
	}
	if s.on("elasticsearch.podSecurityPolicy.create") {
		found = append(found, errors.New("elasticsearch.podSecurityPolicy.create: Kubernetes removed these policies in 1.25: set it to false"))
	}
	return errors.Join(found...)
}

// invokerNodes checks that a node carries the label that invokers are bound to.
func invokerNodes(s settings, nodes []corev1.Node) error {
	if own, ok := s.table("affinity.nodes"); ok && len(own) > 0 {
		return invokersOn(own, nodes)
	}
	value := s.text("affinity.invokerNodeLabel")
	if !s.on("affinity.enabled") || value == "" {
		return nil
	}
	for _, n := range nodes {
		if n.Labels[invokerLabel] == value {
			return nil
		}
	}
	first := nodes[0].Name
	if len(nodes) == 1 {
		return fmt.Errorf("affinity.enabled: the only node, %s, has no label %s=%s, so that no invoker can start: set affinity.enabled: false, or kubectl label node %[1]s %[2]s=%[3]s",
			first, invokerLabel, value)
	}
	return fmt.Errorf("affinity.enabled: no node has the label %s=%s, so that no invoker can start: write roles in the profile, or kubectl label node %s %[1]s=%[2]s",
		invokerLabel, value, first)
}

// invokersOn checks that a node carries the labels that the standalone's invokers are bound to in the place of that one.
func invokersOn(wanted map[string]any, nodes []corev1.Node) error {
	selector := labels.Set{}
	for key, value := range wanted {
		selector[key] = fmt.Sprint(value)
	}
	if !slices.ContainsFunc(nodes, func(n corev1.Node) bool { return selector.AsSelector().Matches(labels.Set(n.Labels)) }) {
		return fmt.Errorf("affinity.nodes: no node has the labels %s, so that no invoker can start", selector)
	}
	return nil
}

// spread checks that replicas which must be on different nodes find enough of them.
func spread(s settings, nodes int) error {
	var found []error
	for _, path := range []string{"controller.replicaCount", "zookeeper.replicaCount", "kafka.replicaCount"} {
		if n := s.number(path); n > nodes && s.at("affinity.enabled") != nil {
			found = append(found, fmt.Errorf("%s: %d replicas must be on different nodes, and there are %d", path, n, nodes))
		}
	}
	return errors.Join(found...)
}

// likely says what may go wrong.
func (c *Cluster) likely(s settings, nodes []corev1.Node) {
	if strings.HasPrefix(s.text("kafka.imageName"), "wurstmeister/") && s.text("docker.registry.name") == "" && !s.on("controller.lean") {
		c.opts.Say("kafka.imageName: " + s.text("kafka.imageName") + " was removed from Docker Hub; set another one, unless the nodes have it")
	}
	if s.text("controller.imageName") == "openwhisk/controller" {
		for _, n := range nodes {
			if arch := n.Status.NodeInfo.Architecture; arch != "amd64" && n.Labels[invokerLabel] != "" {
				c.opts.Say(fmt.Sprintf("node %s is %s: the chart's own images are for amd64 only", n.Name, arch))
			}
		}
	}
}

// storage checks that the claims of the chart find a storage class.
func (c *Cluster) storage(ctx context.Context, s settings) error {
	if !s.on("k8s.persistence.enabled") || !s.on("k8s.persistence.hasDefaultStorageClass") {
		return nil
	}
	classes, err := c.conn.client.StorageV1().StorageClasses().List(ctx, metav1.ListOptions{})
	if kerrors.IsForbidden(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("list the storage classes: %w", err)
	}
	for _, class := range classes.Items {
		if class.Annotations["storageclass.kubernetes.io/is-default-class"] == "true" {
			return nil
		}
	}
	return errors.New("k8s.persistence.enabled: the cluster has no default storage class, so that every claim would wait: set it to false, or name a class in k8s.persistence.explicitStorageClass")
}

// port checks that the port of the nodes is not in use by another release.
func (c *Cluster) port(ctx context.Context, s settings) error {
	wanted := s.number("nginx.httpsNodePort")
	if s.text("whisk.ingress.type") != "NodePort" || wanted == 0 {
		return nil
	}
	services, err := c.conn.client.CoreV1().Services(metav1.NamespaceAll).List(ctx, metav1.ListOptions{})
	if kerrors.IsForbidden(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("list the services: %w", err)
	}
	for _, svc := range services.Items {
		own := svc.Namespace == c.opts.Kubernetes.Namespace && svc.Annotations["meta.helm.sh/release-name"] == c.opts.Kubernetes.Release
		for _, p := range svc.Spec.Ports {
			if int(p.NodePort) == wanted && !own {
				return fmt.Errorf("nginx.httpsNodePort: port %d of the nodes is in use by the service %s in namespace %s: choose another", wanted, svc.Name, svc.Namespace)
			}
		}
	}
	return nil
}
