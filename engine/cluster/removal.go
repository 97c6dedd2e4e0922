package cluster

import (
	"context"
	"fmt"
	"slices"
	"time"

	kerrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// How long the removal of pods takes at most, and how often the API server is asked besides the watch, which may have broken off.
const (
	removalWithin = 2 * time.Minute
	lookAgain     = 2 * time.Second
)

// removalGrace is how long a container may take to end by itself: not 0, with which the API server forgets a pod that still runs.
const removalGrace = int64(1) // s

// CanRemoveContainers says why the pods of actions cannot be removed.
func (c *Cluster) CanRemoveContainers(ctx context.Context) error {
	switch {
	case !c.runsPods:
		return fmt.Errorf("the invokers of release %s do not run actions in pods of their own: its invoker.containerFactory.impl is not %s",
			c.opts.Kubernetes.Release, podsOfActions)
	case c.starts == nil:
		return refused("watch", c.opts.Kubernetes.Namespace)
	}
	for _, verb := range []string{"list", "delete"} {
		may, err := c.mayIn(ctx, c.starts.namespace, verb, "pods")
		if err != nil {
			return err
		}
		if !may {
			return refused(verb, c.starts.namespace)
		}
	}
	return nil
}

func refused(verb, namespace string) error {
	return fmt.Errorf("there is no right to %s pods in namespace %s\n%s", verb, namespace, sufficient)
}

// RemoveContainers deletes the pods of an action and waits until they are gone. Pods that wait for any action of a kind stay:
// OpenWhisk would go on counting on them.
func (c *Cluster) RemoveContainers(ctx context.Context, action string) error {
	ctx, cancel := context.WithTimeout(ctx, removalWithin)
	defer cancel()
	left, err := c.podsOfAction(ctx, action)
	if err != nil {
		return err
	}
	for uid, name := range left {
		grace := removalGrace
		err := c.conn.client.CoreV1().Pods(c.starts.namespace).Delete(ctx, name, metav1.DeleteOptions{
			GracePeriodSeconds: &grace, Preconditions: &metav1.Preconditions{UID: &uid},
		})
		if err != nil && !kerrors.IsNotFound(err) && !kerrors.IsConflict(err) { // it is gone, and another may have its name
			return permitted(fmt.Errorf("delete pod %s: %w", name, err))
		}
	}
	return c.untilGone(ctx, action, left)
}

// podsOfAction are the names of the pods of an action that are there now, as the API server says.
func (c *Cluster) podsOfAction(ctx context.Context, action string) (map[types.UID]string, error) {
	list, err := c.conn.client.CoreV1().Pods(c.starts.namespace).List(ctx, metav1.ListOptions{LabelSelector: actionPod})
	if err != nil {
		return nil, permitted(fmt.Errorf("list the pods of actions: %w", err))
	}
	found := map[types.UID]string{}
	for _, pod := range list.Items {
		if p := (life{name: pod.Name, action: pod.Labels[actionLabel]}); p.of(action) {
			found[pod.UID] = pod.Name
		}
	}
	return found, nil
}

// untilGone waits for the end of pods of an action.
func (c *Cluster) untilGone(ctx context.Context, action string, left map[types.UID]string) error {
	again := time.NewTicker(lookAgain)
	defer again.Stop()
	for {
		changed := c.starts.without(left)
		if len(left) == 0 {
			return nil
		}
		select {
		case <-changed:
		case <-again.C:
			there, err := c.podsOfAction(ctx, action)
			if err != nil {
				return err
			}
			for uid := range left {
				if there[uid] == "" {
					delete(left, uid)
				}
			}
		case <-ctx.Done():
			names := make([]string, 0, len(left))
			for _, name := range left {
				names = append(names, name)
			}
			slices.Sort(names)
			return fmt.Errorf("wait until pods of action %s are gone, %s: %w", action, listed(names), ctx.Err())
		}
	}
}

// without takes away those that are gone, and returns what is closed when more becomes known.
func (l *lives) without(left map[types.UID]string) (changed <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for uid := range left {
		if p := l.pods[uid]; p != nil && p.name != "" && !p.here {
			delete(left, uid)
		}
	}
	return l.changed
}
