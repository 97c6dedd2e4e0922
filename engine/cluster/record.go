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
	"k8s.io/client-go/kubernetes"

	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/whisk"
)

// recordName is the ConfigMap, beside the release, that holds what was changed; mark is on everything of ours.
const (
	recordName = "wsk-scenario"
	recordKey  = "changes"
	mark       = "app.kubernetes.io/managed-by"
	ours       = "wsk-scenario"
)

// changes are what was changed on the cluster and is to be put back. They are written before each change is made, so that
// whoever comes after a killed run knows at least as much as that run did.
type changes struct {
	// Installed says that the release was not there before.
	Installed bool `json:"installed,omitempty"`
	// Kept says that what was brought is there to stay: a run leaves it, and only Remove takes it away.
	Kept bool `json:"kept,omitempty"`
	// Revision is that of the release as it was found; 0 when it was not changed.
	Revision int `json:"revision,omitempty"`
	// Interim is the revision of a kept release as a run found it; 0 when no run has changed it.
	Interim int `json:"interim,omitempty"`
	// Crews are the Jobs whose pods send load, each with a Secret of its name.
	Crews []string `json:"crews,omitempty"`
	// Labels are what the labels of nodes were.
	Labels []labelBefore `json:"labels,omitempty"`
	// Entities are how the names begin of what a run has on OpenWhisk itself.
	Entities []string `json:"entities,omitempty"`
}

// labelBefore is a label of a node as it was found; Value is nil where the node did not have it.
type labelBefore struct {
	Node  string  `json:"node"`
	Key   string  `json:"key"`
	Value *string `json:"value"`
}

func (c changes) empty() bool {
	return !c.Installed && c.Revision == 0 && c.Interim == 0 && len(c.Labels) == 0 && len(c.Entities) == 0 && len(c.Crews) == 0
}

// record keeps changes on the cluster itself.
type record struct {
	client    kubernetes.Interface
	namespace string
	name      string
	changes
	found bool // the ConfigMap exists
}

func newRecord(client kubernetes.Interface, k plan.Kubernetes) *record {
	return &record{client: client, namespace: k.Namespace, name: recordName + "-" + k.Release}
}

// read takes what an earlier run has written, when it is still there.
func (r *record) read(ctx context.Context) error {
	stored, err := r.client.CoreV1().ConfigMaps(r.namespace).Get(ctx, r.name, metav1.GetOptions{})
	switch {
	case kerrors.IsNotFound(err):
		return nil
	case err != nil:
		return fmt.Errorf("read what was changed before: %w", err)
	}
	r.found = true
	if err := json.Unmarshal([]byte(stored.Data[recordKey]), &r.changes); err != nil {
		return fmt.Errorf("read what was changed before, in the ConfigMap %s of namespace %s: %w", r.name, r.namespace, err)
	}
	return nil
}

// write stores the changes; it is called before a change is made, and after it was undone.
func (r *record) write(ctx context.Context) error {
	text, err := json.Marshal(r.changes)
	if err != nil {
		return err
	}
	stored := &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{Name: r.name, Labels: map[string]string{mark: ours}},
		Data:       map[string]string{recordKey: string(text)},
	}
	maps := r.client.CoreV1().ConfigMaps(r.namespace)
	if !r.found {
		_, err = maps.Create(ctx, stored, metav1.CreateOptions{})
	}
	if r.found || kerrors.IsAlreadyExists(err) { // by a request of ours whose answer was lost: the lease keeps others away
		_, err = maps.Update(ctx, stored, metav1.UpdateOptions{})
	}
	if err != nil {
		return fmt.Errorf("write down what is about to be changed: %w", err)
	}
	r.found = true
	return nil
}

// remove deletes the record when nothing is left to put back.
func (r *record) remove(ctx context.Context) error {
	if !r.found {
		return nil
	}
	err := r.client.CoreV1().ConfigMaps(r.namespace).Delete(ctx, r.name, metav1.DeleteOptions{})
	if err != nil && !kerrors.IsNotFound(err) {
		return fmt.Errorf("remove the record of changes: %w", err)
	}
	r.found = false
	return nil
}

// label notes what a label was, once: what is found later was our own doing.
func (r *record) label(node, key string, value *string) {
	known := slices.ContainsFunc(r.Labels, func(l labelBefore) bool { return l.Node == node && l.Key == key })
	if !known {
		r.Labels = append(r.Labels, labelBefore{node, key, value})
	}
}

// putBack undoes every change of the record; what is there to stay is undone when all is asked for. What cannot be undone
// remains in the record for the next attempt.
func (c *Cluster) putBack(ctx context.Context, all bool) error {
	errs := []error{c.dismissAll(ctx)} // who calls goes before what is called
	entities := c.removeEntities(ctx, all)
	switch {
	case c.record.Kept && !all && !c.windowed():
	case c.record.Kept && !all:
		errs = append(errs, c.place(ctx, c.rolesWithNodes(ctx)))
	default:
		errs = append(errs, c.restoreLabels(ctx))
	}
	errs = append(errs, c.restoreRelease(ctx, all))
	if entities != nil { // the release may not have worked before it was put back
		c.access = whisk.Access{}
		errs = append(errs, c.removeEntities(ctx, all))
	}
	if c.record.empty() {
		errs = append(errs, c.record.remove(ctx), c.removeNamespace(ctx))
	}
	return errors.Join(errs...)
}
