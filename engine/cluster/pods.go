package cluster

import (
	"context"
	"fmt"
	"sync"
	"time"

	authorization "k8s.io/api/authorization/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/client-go/tools/cache"

	"wsk-scenario/engine/whisk"
)

// The labels by which pods are told apart: OpenWhisk puts them on the pods of actions, once it is known which one; our own
// chart puts the other on pods that run actions themselves.
const (
	actionLabel  = "openwhisk/action"
	inPodRole    = "openwhisk-role"
	inPodInvoker = "invoker"
	releaseLabel = "release"
)

// others reports whether a pod says that it is another release's. OpenWhisk labels its own pods and those of actions so, and our
// own chart does; several releases may be in one namespace.
func others(pod *corev1.Pod, release string) bool {
	of := pod.Labels[releaseLabel]
	return of != "" && of != release
}

// pods are the pods of the namespace as a watch shows them, those that are gone too: an activation is asked for after its
// pod may have ended.
type pods struct {
	release string // of which they are
	stop    chan struct{}
	work    sync.WaitGroup

	mu      sync.RWMutex
	actions map[string]map[string]bool // nodes by action
	servers map[string]corev1.Pod      // pods that run actions themselves, alive, by name
}

// watchPods starts the watch. Who may not watch is told so, and proves nothing.
func (c *Cluster) watchPods(ctx context.Context) error {
	if c.pods != nil {
		return nil
	}
	may, err := c.may(ctx, "watch", "pods")
	if err != nil {
		return err
	}
	if !may {
		c.opts.Say("the pods may not be watched: on which node an activation ran cannot be proved")
		return nil
	}
	p := &pods{release: c.opts.Kubernetes.Release, stop: make(chan struct{}), actions: map[string]map[string]bool{}, servers: map[string]corev1.Pod{}}
	// Of pods alone: the factory of client-go would bring the informers of all kinds that Kubernetes has into the program.
	_, informer := cache.NewInformerWithOptions(cache.InformerOptions{
		ListerWatcher: cache.NewListWatchFromClient(c.conn.client.CoreV1().RESTClient(), "pods", c.opts.Kubernetes.Namespace, fields.Everything()),
		ObjectType:    new(corev1.Pod),
		Handler: cache.ResourceEventHandlerFuncs{
			AddFunc:    func(o any) { p.see(o, false) },
			UpdateFunc: func(_, o any) { p.see(o, false) },
			DeleteFunc: func(o any) { p.see(o, true) },
		},
	})
	p.work.Go(func() { informer.Run(p.stop) })
	c.pods = p
	synced, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	if !cache.WaitForCacheSync(synced.Done(), informer.HasSynced) {
		return fmt.Errorf("watch the pods: %w", synced.Err())
	}
	return nil
}

// may asks whether we have a right in the namespace of the release.
func (c *Cluster) may(ctx context.Context, verb, resource string) (bool, error) {
	return c.mayIn(ctx, c.opts.Kubernetes.Namespace, verb, resource)
}

// mayIn asks whether we have a right in a namespace.
func (c *Cluster) mayIn(ctx context.Context, namespace, verb, resource string) (bool, error) {
	review, err := c.conn.client.AuthorizationV1().SelfSubjectAccessReviews().Create(ctx, &authorization.SelfSubjectAccessReview{
		Spec: authorization.SelfSubjectAccessReviewSpec{ResourceAttributes: &authorization.ResourceAttributes{
			Namespace: namespace, Verb: verb, Resource: resource,
		}},
	}, metav1.CreateOptions{})
	if err != nil {
		return false, fmt.Errorf("ask for the rights on %s: %w", resource, err)
	}
	return review.Status.Allowed, nil
}

// see takes over what the watch says of a pod.
func (p *pods) see(object any, gone bool) {
	if last, ok := object.(cache.DeletedFinalStateUnknown); ok {
		object = last.Obj
	}
	pod, ok := object.(*corev1.Pod)
	if !ok || pod.Spec.NodeName == "" || others(pod, p.release) {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if action := pod.Labels[actionLabel]; action != "" {
		if p.actions[action] == nil {
			p.actions[action] = map[string]bool{}
		}
		p.actions[action][pod.Spec.NodeName] = true
	}
	if pod.Labels[inPodRole] == inPodInvoker {
		if gone || pod.DeletionTimestamp != nil {
			delete(p.servers, pod.Name)
		} else {
			p.servers[pod.Name] = *pod
		}
	}
}

// nodeOf is the node on which an activation ran, where only one is possible.
func (p *pods) nodeOf(record *whisk.Record) string {
	if p == nil {
		return ""
	}
	p.mu.RLock()
	defer p.mu.RUnlock()
	if nodes := p.actions[record.Name]; len(nodes) == 1 {
		for node := range nodes {
			return node
		}
	}
	host, ok := record.Host()
	if !ok {
		return ""
	}
	only := ""
	for _, pod := range p.servers {
		if pod.Spec.NodeName == host.Node {
			return host.Node // the invoker says so, and Kubernetes has put a pod of it there
		}
		only = pod.Spec.NodeName
	}
	if len(p.servers) == 1 {
		return only
	}
	return ""
}

func (p *pods) close() {
	if p == nil {
		return
	}
	close(p.stop)
	p.work.Wait()
}
