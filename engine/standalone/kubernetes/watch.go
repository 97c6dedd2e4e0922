package kubernetes

import (
	"context"
	"sync"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/tools/cache"
)

// watch tells the containers what Kubernetes says of their pods.
type watch struct {
	stop chan struct{}
	work sync.WaitGroup
	reap func(name string)

	mu         sync.Mutex
	containers map[string]*Container // by the name of the pod
}

// startWatch returns when the watch has begun.
func (d *Driver) startWatch(ctx context.Context) error {
	w := &d.watch
	w.reap = d.reap
	w.stop, w.containers = make(chan struct{}), map[string]*Container{}
	selector := labels.Set(d.own.labels()).String()
	_, informer := cache.NewInformerWithOptions(cache.InformerOptions{
		ListerWatcher: cache.NewFilteredListWatchFromClient(d.client.CoreV1().RESTClient(), "pods", d.cfg.Namespace,
			func(o *metav1.ListOptions) { o.LabelSelector = selector }),
		ObjectType: new(corev1.Pod),
		Handler: cache.ResourceEventHandlerFuncs{
			AddFunc:    func(o any) { w.see(o, false) },
			UpdateFunc: func(_, o any) { w.see(o, false) },
			DeleteFunc: func(o any) { w.see(o, true) },
		},
	})
	w.work.Go(func() { informer.Run(w.stop) })
	if !cache.WaitForCacheSync(ctx.Done(), informer.HasSynced) {
		w.close()
		return fault("watch the pods of this invoker", context.Cause(ctx))
	}
	return nil
}

// see passes on what the watch says of a pod.
func (w *watch) see(object any, gone bool) {
	if last, ok := object.(cache.DeletedFinalStateUnknown); ok {
		object = last.Obj
	}
	pod, ok := object.(*corev1.Pod)
	if !ok {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock() // what is forgotten sees nothing more
	switch c := w.containers[pod.Name]; {
	case c != nil:
		c.see(pod, gone)
	case !gone: // of one that was given up while nobody could be asked
		w.work.Go(func() { w.reap(pod.Name) })
	}
}

// reap removes a pod that is no container's.
func (d *Driver) reap(name string) {
	ctx, cancel := context.WithTimeout(context.Background(), stepTime)
	defer cancel()
	if err := d.pods.Delete(ctx, name, atOnce()); err != nil && !apierrors.IsNotFound(err) {
		d.cfg.Log.Warn("remove pod "+name, "error", err) // Close tries again
	}
}

func (w *watch) add(name string, c *Container) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.containers[name] = c
}

func (w *watch) forget(name string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.containers, name)
}

func (w *watch) close() {
	close(w.stop)
	w.work.Wait()
}
