package cluster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

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

// Place opens the label window on the nodes of the roles and waits until the release has moved there.
func (c *Cluster) Place(ctx context.Context, roles []string) (whisk.Access, error) {
	if err := c.hold(ctx); err != nil {
		return whisk.Access{}, err
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
	value, change := invokerValue, map[string]*string{}
	for _, n := range list.Items {
		switch had, labelled := n.Labels[invokerLabel]; {
		case chosen[n.Name] && had != invokerValue:
			change[n.Name] = &value
		case !chosen[n.Name] && labelled && had == invokerValue:
			change[n.Name] = nil
		default:
			continue
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
		if err := c.setLabel(ctx, node, invokerLabel, change[node]); err != nil {
			return err
		}
	}
	c.opts.Say("actions are placed on " + strings.Join(keysOf(chosen), ", "))
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
	pods := c.conn.client.CoreV1().Pods(c.opts.Kubernetes.Namespace)
	list, err := pods.List(ctx, metav1.ListOptions{LabelSelector: inPodRole + "=" + inPodInvoker})
	if err != nil {
		return fmt.Errorf("list the invokers: %w", err)
	}
	for _, p := range list.Items {
		node, err := c.conn.client.CoreV1().Nodes().Get(ctx, p.Spec.NodeName, metav1.GetOptions{})
		if p.Spec.NodeName == "" || err == nil && node.Labels[invokerLabel] == invokerValue {
			continue
		}
		if err := pods.Delete(ctx, p.Name, metav1.DeleteOptions{}); err != nil && !kerrors.IsNotFound(err) {
			return fmt.Errorf("move pod %s: %w", p.Name, err)
		}
		if err := poll(ctx, "the end of pod "+p.Name, func(ctx context.Context) (bool, error) {
			_, err := pods.Get(ctx, p.Name, metav1.GetOptions{})
			return kerrors.IsNotFound(err), ignoreShort(err)
		}); err != nil {
			return err
		}
	}
	cfg, err := c.helm()
	if err != nil {
		return err
	}
	return c.ready(ctx, cfg, deployFor)
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

// setLabel sets a label of a node, or removes it when value is nil. A node that is gone needs none.
func (c *Cluster) setLabel(ctx context.Context, node, key string, value *string) error {
	patch, err := json.Marshal(map[string]any{"metadata": map[string]any{"labels": map[string]*string{key: value}}})
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
		err := c.setLabel(ctx, l.Node, l.Key, l.Value)
		errs = append(errs, err)
		return err == nil
	})
	return errors.Join(append(errs, c.record.write(ctx))...)
}
