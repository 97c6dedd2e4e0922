package cluster

import (
	"context"
	"fmt"
	"regexp"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/tools/cache"

	"wsk-scenario/engine/target"
	"wsk-scenario/engine/whisk"
)

// starts is the watch of how pods of actions come to be.
type starts struct {
	*lives
	namespace string // of the pods
	steps     string // what makes waits for new pods come out in steps; empty where nothing does
	stop      chan struct{}
	work      sync.WaitGroup
}

// podsOfActions is the value of invoker.containerFactory.impl, in OpenWhisk's chart and in ours, of invokers that run actions in
// pods of their own.
const podsOfActions = "kubernetes"

// elsewhere is the option by which OpenWhisk's invokers are told another namespace for them.
var elsewhere = regexp.MustCompile(`-Dwhisk\.kubernetes\.action-namespace=(\S+)`)

// watchStarts starts the watch where the release runs actions in pods and pods may be watched.
func (c *Cluster) watchStarts(ctx context.Context) error {
	release, err := c.releaseSettings()
	if err != nil {
		return err
	}
	if c.runsPods = release.text("invoker.containerFactory.impl") == podsOfActions; !c.runsPods || c.starts != nil {
		return nil
	}
	w := &starts{namespace: c.opts.Kubernetes.Namespace, stop: make(chan struct{})}
	if named := elsewhere.FindStringSubmatch(release.text("invoker.options")); named != nil {
		w.namespace = named[1]
	}
	if release.at("controller.imageName") != nil { // only OpenWhisk's own chart has it; our invokers watch
		w.steps = "OpenWhisk's invokers look once a second whether a new pod is ready: waits of cold starts come out in steps of about 1 s"
	}
	mayPods, err := c.mayIn(ctx, w.namespace, "watch", "pods")
	if err != nil || !mayPods {
		if err == nil {
			c.opts.Say("the pods of actions may not be watched in namespace " + w.namespace + ": nothing tells how containers came to be")
		}
		return err
	}
	events, err := c.mayIn(ctx, w.namespace, "watch", "events")
	if err != nil {
		return err
	}
	if !events {
		c.opts.Say("the events of pods may not be watched in namespace " + w.namespace + ": nothing tells when images were pulled and containers created")
	}
	w.lives, c.starts = newLives(events), w
	return c.follow(ctx, w)
}

// follow starts both watches and waits until they tell.
func (c *Cluster) follow(ctx context.Context, w *starts) error {
	synced, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	watch := func(resource string, object runtime.Object, handler cache.ResourceEventHandler, narrow func(*metav1.ListOptions)) error {
		_, informer := cache.NewInformerWithOptions(cache.InformerOptions{
			ListerWatcher: cache.NewFilteredListWatchFromClient(c.conn.client.CoreV1().RESTClient(), resource, w.namespace, narrow),
			ObjectType:    object, Handler: handler, Transform: briefEvent,
		})
		w.work.Go(func() { informer.Run(w.stop) })
		if !cache.WaitForCacheSync(synced.Done(), informer.HasSynced) {
			return fmt.Errorf("watch the %s of namespace %s: %w", resource, w.namespace, synced.Err())
		}
		return nil
	}
	mine := actionPod
	if c.opts.Kubernetes.Serves() != "" { // beside it are the pods of other releases
		mine += "," + releaseLabel + "=" + c.opts.Kubernetes.Release
	}
	err := watch("pods", new(corev1.Pod), w.podHandler(), func(o *metav1.ListOptions) { o.LabelSelector = mine })
	if err == nil && w.events {
		err = watch("events", new(corev1.Event), w.eventHandler(), func(o *metav1.ListOptions) { o.FieldSelector = "involvedObject.kind=Pod" })
	}
	return err
}

func (w *starts) close() {
	if w == nil {
		return
	}
	close(w.stop)
	w.work.Wait()
}

// Steps says that OpenWhisk's invokers ask again and again whether a pod is ready.
func (c *Cluster) Steps() string {
	if c.starts == nil {
		return ""
	}
	return c.starts.steps
}

// StartOf is how the pod came to be that an activation initialised.
func (c *Cluster) StartOf(record *whisk.Record, sent, done time.Time) (start target.Start, more bool) {
	if c.starts == nil || !c.runsPods { // a cell may have changed how its release runs them
		return target.Start{}, false
	}
	return c.starts.startOf(record, sent, done)
}

// startOf finds the pod by the name in the record, where the server gives one. Else it is one that came, or was named after the
// action, during the call; where there are several they can prove together that the call's was new, and nothing of its stages.
func (l *lives) startOf(record *whisk.Record, sent, done time.Time) (start target.Start, more bool) {
	host, named := record.Host()
	l.mu.Lock()
	defer l.mu.Unlock()
	var during, before []*life
	for _, p := range l.pods {
		switch {
		case named && p.name == host.Container && host.Container != "":
			return l.tell(p, sent)
		case p.known || p.requested.IsZero() || p.requested.Before(sent):
			if p.named.After(sent) && p.of(record.Name) {
				before = append(before, p)
			}
		case !p.here && p.started.IsZero(): // a node has refused it, and another one was made in its place
		case p.requested.Before(done) && p.of(record.Name):
			during = append(during, p)
		}
	}
	switch {
	case len(during) == 1 && len(before) == 0:
		return l.tell(during[0], sent)
	case len(during) == 0 && len(before) == 1:
		return l.tell(before[0], sent)
	case len(before) == 0 && len(during) > 0:
		return target.Start{Temperature: "cold"}, false
	}
	return target.Start{}, true
}

// tell is what is known of a pod that a call sent at a moment was the first in.
func (l *lives) tell(p *life, sent time.Time) (start target.Start, more bool) {
	if p.known || p.requested.Before(sent) {
		return target.Start{Temperature: "prewarmed", Container: p.name}, false
	}
	start = target.Start{
		Temperature: "cold", Container: p.name, Requested: p.requested, Scheduled: p.scheduled, Pulling: p.pulling, Pulled: p.pulled,
		Created: p.created, Started: p.started, Ready: p.ready,
	}
	ordered(&start.Requested, &start.Scheduled, &start.Pulling, &start.Pulled, &start.Created, &start.Started, &start.Ready)
	return start, !l.whole(p)
}

// ordered moves each moment to one that follows it and was told of before: two watches have no common order, and what has come
// to a later stage has passed the earlier ones.
func ordered(moments ...*time.Time) {
	var next time.Time
	for i := len(moments) - 1; i >= 0; i-- {
		switch m := moments[i]; {
		case m.IsZero():
		case !next.IsZero() && m.After(next):
			*m = next
		default:
			next = *m
		}
	}
}
