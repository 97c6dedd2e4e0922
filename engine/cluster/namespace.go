package cluster

import (
	"context"
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// namespace makes the namespace of the release when it is not there. That it is ours stands on itself.
func (c *Cluster) namespace(ctx context.Context) error {
	name := c.opts.Kubernetes.Namespace
	namespaces := c.conn.client.CoreV1().Namespaces()
	switch _, err := namespaces.Get(ctx, name, metav1.GetOptions{}); {
	case err == nil:
		return nil
	case kerrors.IsForbidden(err):
		return nil // who may not look uses one that somebody else made; what follows tells if there is none
	case !kerrors.IsNotFound(err):
		return fmt.Errorf("look for the namespace %s: %w", name, err)
	}
	made := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{mark: ours}}}
	if _, err := namespaces.Create(ctx, made, metav1.CreateOptions{}); err != nil && !kerrors.IsAlreadyExists(err) {
		return fmt.Errorf("make the namespace %s: %w", name, err)
	}
	return nil
}

// namespaceExists reports whether the namespace is there; one that may not be looked at is taken to be.
func (c *Cluster) namespaceExists(ctx context.Context) (bool, error) {
	_, err := c.conn.client.CoreV1().Namespaces().Get(ctx, c.opts.Kubernetes.Namespace, metav1.GetOptions{})
	if kerrors.IsNotFound(err) {
		return false, nil
	}
	if kerrors.IsForbidden(err) {
		return true, nil
	}
	return err == nil, err
}

// removeNamespace removes the namespace when it was made for the release, and waits until it is gone.
func (c *Cluster) removeNamespace(ctx context.Context) error {
	name := c.opts.Kubernetes.Namespace
	namespaces := c.conn.client.CoreV1().Namespaces()
	found, err := namespaces.Get(ctx, name, metav1.GetOptions{})
	if kerrors.IsNotFound(err) || kerrors.IsForbidden(err) || err == nil && found.Labels[mark] != ours {
		return nil
	}
	if err == nil {
		if left, err := c.recorded(ctx); err != nil || len(left) > 0 {
			return err // another release in it goes first
		}
		err = namespaces.Delete(ctx, name, metav1.DeleteOptions{Preconditions: &metav1.Preconditions{UID: &found.UID}})
	}
	if err != nil && !kerrors.IsNotFound(err) {
		return fmt.Errorf("remove the namespace %s: %w", name, err)
	}
	return poll(ctx, "the end of the namespace "+name, func(ctx context.Context) (bool, error) {
		_, err := namespaces.Get(ctx, name, metav1.GetOptions{})
		return kerrors.IsNotFound(err), ignoreShort(err)
	})
}

// recorded are the records that are in the namespace, by their names.
func (c *Cluster) recorded(ctx context.Context) (names []string, err error) {
	list, err := c.conn.client.CoreV1().ConfigMaps(c.opts.Kubernetes.Namespace).List(ctx, metav1.ListOptions{LabelSelector: mark + "=" + ours})
	if err != nil {
		return nil, fmt.Errorf("look for the records of other releases: %w", err)
	}
	for _, m := range list.Items {
		names = append(names, m.Name)
	}
	return names, nil
}

// Others are the releases in the namespace of which something is recorded, too, once all of this one is put back.
func (c *Cluster) Others(ctx context.Context) (releases []string, err error) {
	records, err := c.recorded(ctx)
	for _, name := range records {
		releases = append(releases, strings.TrimPrefix(name, recordName+"-"))
	}
	return releases, permitted(err)
}

// sufficient says where the rights stand that suffice.
const sufficient = "scenarios/clusters/rbac.yaml holds the rights that suffice: an administrator applies it"

// permitted adds to a refusal where the rights stand that suffice.
func permitted(err error) error {
	if kerrors.HasStatusCause(err, corev1.NamespaceTerminatingCause) { // which is refused, too, and to everybody
		return fmt.Errorf("%w\nwait until the namespace is gone, or look what holds it: kubectl describe namespace", err)
	}
	if kerrors.IsForbidden(err) {
		return fmt.Errorf("%w\n%s", err, sufficient)
	}
	return err
}
