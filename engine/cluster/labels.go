package cluster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/types"

	"wsk-scenario/engine/target"
	"wsk-scenario/engine/whisk"
)

// invokerValue is the value of invokerLabel on nodes that run actions.
const invokerValue = "invoker"

// windowNote is the annotation of the nodes in a label window: the release, with its namespace, that it was opened for. The
// lease is one of each release, and nodes are all releases' together.
const windowNote = "wsk-scenario/window"

// owner is what windowNote says of our windows.
func (c *Cluster) owner() string {
	return c.opts.Kubernetes.Namespace + "/" + c.opts.Kubernetes.Release
}

// nodesOf are the nodes of a role, by the labels that the profile binds it to.
func (c *Cluster) nodesOf(ctx context.Context, role string) ([]corev1.Node, error) {
	wanted, ok := c.opts.Kubernetes.Roles[role]
	if !ok {
		return nil, fmt.Errorf("the profile binds no nodes to the role %s%s", role, nearest(role, keysOf(c.opts.Kubernetes.Roles)))
	}
	selector := labels.SelectorFromSet(wanted)
	list, err := c.conn.client.CoreV1().Nodes().List(ctx, metav1.ListOptions{LabelSelector: selector.String()})
	if err != nil {
		return nil, fmt.Errorf("look for the nodes of role %s: %w", role, err)
	}
	if len(list.Items) == 0 {
		return nil, fmt.Errorf("no node has the labels %s of role %s", selector, role)
	}
	return list.Items, nil
}

// Nodes are those that have a role.
func (c *Cluster) Nodes() []target.Node { return c.nodes }

// Annotations are none: the label window places the actions, all of a cell at once.
func (c *Cluster) Annotations(string) map[string]any { return nil }

// NodeOf is the node on which Kubernetes has put the pod that ran an activation.
func (c *Cluster) NodeOf(record *whisk.Record) string { return c.pods.nodeOf(record) }

// Place opens the label window on the nodes of the roles, of all of them when none is named, and waits until the release has
// moved there.
func (c *Cluster) Place(ctx context.Context, roles []string) (whisk.Access, error) {
	if err := c.hold(ctx); err != nil {
		return whisk.Access{}, err
	}
	if len(roles) == 0 {
		roles = keysOf(c.opts.Kubernetes.Roles)
	}
	if err := c.place(ctx, roles); err != nil {
		return whisk.Access{}, err
	}
	if err := c.move(ctx); err != nil {
		return whisk.Access{}, err
	}
	return c.found(ctx)
}

// place makes the nodes of the roles the only ones with the label that invokers and action pods are bound to. What is running
// elsewhere goes on until its actions are updated. Every label is written down before it is changed.
func (c *Cluster) place(ctx context.Context, roles []string) error {
	chosen := map[string]bool{}
	for _, role := range roles {
		nodes, err := c.nodesOf(ctx, role)
		if err != nil {
			return err
		}
		for _, n := range nodes {
			chosen[n.Name] = true
		}
	}
	list, err := c.conn.client.CoreV1().Nodes().List(ctx, metav1.ListOptions{})
	if err != nil {
		return fmt.Errorf("list the nodes: %w", err)
	}
	change := map[string]*string{}
	for _, n := range list.Items {
		if owner := n.Annotations[windowNote]; owner != "" && owner != c.owner() {
			return fmt.Errorf("node %s is in the label window of the release %s: wait for the end of its run, or wsk-scenario down its profile; "+
				"where that release is no more: kubectl annotate node %[1]s %[3]s-", n.Name, owner, windowNote)
		}
		had, labelled := n.Labels[invokerLabel]
		value := invokerValue
		switch {
		case chosen[n.Name]:
			change[n.Name] = &value
		case labelled && had == invokerValue:
			change[n.Name] = nil
		default:
			continue
		}
		if chosen[n.Name] && had == invokerValue && n.Annotations[windowNote] != "" {
			delete(change, n.Name) // it is as it shall be already
		}
		c.record.label(n.Name, invokerLabel, labelOf(n, invokerLabel))
	}
	if len(change) == 0 {
		return nil
	}
	if err := c.record.write(ctx); err != nil {
		return err
	}
	for _, node := range keysOf(change) {
		if err := c.setLabel(ctx, node, invokerLabel, change[node], c.owner()); err != nil {
			return err
		}
	}
	c.opts.Say("actions are placed on " + listed(keysOf(chosen)))
	return nil
}

func labelOf(n corev1.Node, key string) *string {
	if value, ok := n.Labels[key]; ok {
		return &value
	}
	return nil
}

// move removes pods that run actions themselves from nodes outside of the window, so that they start anew inside of it, and
// waits until the release is ready there. A pod of an action is OpenWhisk's own, and stays.
func (c *Cluster) move(ctx context.Context) error {
	outside, err := c.outside(ctx)
	if err != nil {
		return err
	}
	pods := c.conn.client.CoreV1().Pods(c.opts.Kubernetes.Namespace)
	for _, name := range outside {
		if err := pods.Delete(ctx, name, metav1.DeleteOptions{}); err != nil && !kerrors.IsNotFound(err) {
			return fmt.Errorf("move pod %s: %w", name, err)
		}
	}
	if err := c.ended(ctx, "the end of the invokers outside of the window", goneFor, func(ctx context.Context) (bool, error) {
		left, err := c.outside(ctx)
		return err == nil && len(left) == 0, ignoreShort(err)
	}); err != nil {
		return err
	}
	cfg, err := c.helm()
	if err != nil {
		return err
	}
	return c.ready(ctx, cfg, deployFor)
}

// outside are the pods that run actions themselves on nodes outside of the window.
func (c *Cluster) outside(ctx context.Context) (names []string, err error) {
	inside, err := c.inWindow(ctx)
	if err != nil {
		return nil, err
	}
	list, err := c.conn.client.CoreV1().Pods(c.opts.Kubernetes.Namespace).List(ctx, metav1.ListOptions{LabelSelector: inPodRole + "=" + inPodInvoker})
	if err != nil {
		return nil, fmt.Errorf("list the invokers: %w", err)
	}
	for _, p := range list.Items {
		if p.Spec.NodeName != "" && !inside[p.Spec.NodeName] {
			names = append(names, p.Name)
		}
	}
	return names, nil
}

// inWindow are the nodes that run actions, by name.
func (c *Cluster) inWindow(ctx context.Context) (map[string]bool, error) {
	list, err := c.conn.client.CoreV1().Nodes().List(ctx, metav1.ListOptions{LabelSelector: invokerLabel + "=" + invokerValue})
	if err != nil {
		return nil, fmt.Errorf("list the nodes that run actions: %w", err)
	}
	inside := map[string]bool{}
	for _, n := range list.Items {
		inside[n.Name] = true
	}
	return inside, nil
}

// roles finds the nodes of every role of the profile.
func (c *Cluster) roles(ctx context.Context) error {
	for _, role := range keysOf(c.opts.Kubernetes.Roles) {
		nodes, err := c.nodesOf(ctx, role)
		if err != nil {
			return err
		}
		for _, n := range nodes {
			c.nodes = append(c.nodes, target.Node{Name: n.Name, Role: role, Arch: n.Status.NodeInfo.Architecture})
		}
	}
	return nil
}

// rolesWithNodes are the roles of the profile that still have nodes.
func (c *Cluster) rolesWithNodes(ctx context.Context) (roles []string) {
	for _, role := range keysOf(c.opts.Kubernetes.Roles) {
		if _, err := c.nodesOf(ctx, role); err != nil {
			c.opts.Say("its label is not put back: " + err.Error())
			continue
		}
		roles = append(roles, role)
	}
	return roles
}

// setLabel sets a label of a node, or removes it when value is nil, and says for whom; nobody's when owner is empty. A node
// that is gone needs none.
func (c *Cluster) setLabel(ctx context.Context, node, key string, value *string, owner string) error {
	note := &owner
	if owner == "" {
		note = nil
	}
	patch, err := json.Marshal(map[string]any{"metadata": map[string]any{
		"labels": map[string]*string{key: value}, "annotations": map[string]*string{windowNote: note},
	}})
	if err != nil {
		return err
	}
	_, err = c.conn.client.CoreV1().Nodes().Patch(ctx, node, types.StrategicMergePatchType, patch, metav1.PatchOptions{})
	if err != nil && !kerrors.IsNotFound(err) {
		return fmt.Errorf("label node %s: %w", node, err)
	}
	return nil
}

// restoreLabels puts every label back as it was found. What could not be stays in the record.
func (c *Cluster) restoreLabels(ctx context.Context) error {
	if len(c.record.Labels) == 0 {
		return nil
	}
	var errs []error
	c.record.Labels = slices.DeleteFunc(c.record.Labels, func(l labelBefore) bool {
		err := c.setLabel(ctx, l.Node, l.Key, l.Value, "")
		errs = append(errs, err)
		return err == nil
	})
	return errors.Join(append(errs, c.record.write(ctx))...)
}
