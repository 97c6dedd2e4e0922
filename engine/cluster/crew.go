package cluster

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/types"

	"wsk-scenario/engine/target"
	"wsk-scenario/engine/whisk"
)

// crewFor bounds the start of the workers of a load, the pull of their image included.
const crewFor = 5 * time.Minute

// lookEvery is how often the pods of a crew are looked at while they work.
const lookEvery = time.Second

// crew are the pods of a Job, each of which sends a part of a load. They wait to be called: this machine reaches them through the
// API server, as it does everything else on the cluster.
type crew struct {
	c       *Cluster
	name    string // of the Job and of its Secret
	access  whisk.Access
	members []*member
	stop    context.CancelFunc
	looking sync.WaitGroup
}

// member is one pod of a crew.
type member struct {
	crew  *crew
	pod   corev1.Pod
	ended chan struct{}
	how   error // it ended

	mu      sync.Mutex
	forward *forward
}

// Hire starts n workers as a Job on the nodes of a role, and returns when each of them runs.
func (c *Cluster) Hire(ctx context.Context, role, token string, n int) (target.Crew, error) {
	if _, err := c.nodesOf(ctx, role); err != nil {
		return nil, err
	}
	image, err := c.ownImage()
	if err != nil {
		return nil, err
	}
	access, err := c.inside(ctx)
	if err != nil {
		return nil, err
	}
	w := &crew{c: c, name: crewName(), access: access}
	if err := c.noteCrew(ctx, w.name); err != nil {
		return nil, err
	}
	if err := w.start(ctx, c.opts.Kubernetes.Roles[role], image, token, n); err != nil {
		return nil, errors.Join(err, w.Dismiss(context.WithoutCancel(ctx)))
	}
	c.opts.Say(fmt.Sprintf("Job %s sends from nodes of role %s, workers: %d", w.name, role, n))
	watch, stop := context.WithCancel(context.WithoutCancel(ctx))
	w.stop = stop
	w.looking.Go(func() { w.watch(watch) })
	return w, nil
}

// start makes the Job and waits for its pods.
func (w *crew) start(ctx context.Context, nodes map[string]string, image containerImage, token string, n int) error {
	k := w.c.conn.client
	namespace := w.c.opts.Kubernetes.Namespace
	if _, err := k.CoreV1().Secrets(namespace).Create(ctx, crewSecret(w.name, token), metav1.CreateOptions{}); err != nil {
		return fmt.Errorf("make the Secret of the workers: %w", err)
	}
	made, err := k.BatchV1().Jobs(namespace).Create(ctx, crewJob(w.name, nodes, image, n), metav1.CreateOptions{})
	if err != nil {
		return fmt.Errorf("make the Job of the workers: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, crewFor)
	defer cancel()
	waiting := component{kind: "Job", name: made.Name, want: n, selector: labels.SelectorFromSet(crewLabels(w.name))}
	since := map[types.UID]time.Time{}
	err = poll(ctx, "the workers", func(ctx context.Context) (bool, error) {
		pods, err := w.pods(ctx)
		if err != nil {
			return false, ignoreShort(err)
		}
		w.members = make([]*member, n)
		waiting.have = 0
		for _, p := range pods {
			i, err := strconv.Atoi(p.Annotations[indexOfPod])
			if err != nil || i >= n || p.Status.Phase == corev1.PodPending {
				continue
			}
			waiting.have++
			w.members[i] = &member{crew: w, pod: p, ended: make(chan struct{})}
		}
		return !slices.Contains(w.members, nil), w.c.hopeless(ctx, []component{waiting}, since)
	})
	if err != nil {
		return errors.Join(err, w.c.reasons(context.WithoutCancel(ctx), []component{waiting}))
	}
	return nil
}

func (w *crew) pods(ctx context.Context) ([]corev1.Pod, error) {
	list, err := w.c.conn.client.CoreV1().Pods(w.c.opts.Kubernetes.Namespace).List(ctx, metav1.ListOptions{
		LabelSelector: labels.SelectorFromSet(crewLabels(w.name)).String(),
	})
	if err != nil {
		return nil, err
	}
	return list.Items, nil
}

// watch looks at the pods until each has ended, or ctx does. What cannot be asked now is asked again: workers that are silent are
// given up by who listens to them.
func (w *crew) watch(ctx context.Context) {
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		pods, err := w.pods(ctx)
		if err != nil {
			continue
		}
		for _, m := range w.members {
			m.look(ctx, pods)
		}
	}
}

// look takes over what has become of the pod.
func (m *member) look(ctx context.Context, pods []corev1.Pod) {
	select {
	case <-m.ended:
		return
	default:
	}
	i := slices.IndexFunc(pods, func(p corev1.Pod) bool { return p.UID == m.pod.UID })
	switch {
	case i < 0:
		m.how = fmt.Errorf("its pod %s is gone", m.pod.Name)
	case pods[i].Status.Phase == corev1.PodFailed:
		m.how = fmt.Errorf("its pod %s has failed: %s", m.pod.Name, m.crew.c.podReason(ctx, pods[i]))
	case pods[i].Status.Phase != corev1.PodSucceeded:
		return
	}
	close(m.ended)
}

// Ended is closed when the pod has ended.
func (m *member) Ended() <-chan struct{} { return m.ended }

// Status is how it ended.
func (m *member) Status() error { return m.how }

// Stop deletes the pod when it has not ended by itself. Its Job makes no other.
func (m *member) Stop(ctx context.Context) error {
	select {
	case <-m.ended:
		return nil
	default:
	}
	now := int64(0)
	err := m.crew.c.conn.client.CoreV1().Pods(m.pod.Namespace).Delete(ctx, m.pod.Name, metav1.DeleteOptions{GracePeriodSeconds: &now})
	if kerrors.IsNotFound(err) {
		return nil
	}
	return err
}

// dial connects to the pod through a tunnel, which is made anew when it has ended.
func (m *member) dial(ctx context.Context) (net.Conn, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.forward != nil {
		select {
		case <-m.forward.ended:
			m.forward = nil
		default:
		}
	}
	if m.forward == nil {
		var err error
		if m.forward, err = m.crew.c.open(ctx, &m.pod, crewPort); err != nil {
			return nil, err
		}
		m.forward.distrust()
	}
	return m.forward.dial(ctx)
}

// Access is how OpenWhisk is reached from the pods.
func (w *crew) Access() whisk.Access { return w.access }

// Node is where a worker runs.
func (w *crew) Node(worker int) string { return w.members[worker].pod.Spec.NodeName }

// Dial connects to a worker.
func (w *crew) Dial(ctx context.Context, worker int) (net.Conn, error) {
	return w.members[worker].dial(ctx)
}

// Worker is the pod of one.
func (w *crew) Worker(worker int) target.Worker { return w.members[worker] }

// Dismiss removes the Job with its pods, and the Secret.
func (w *crew) Dismiss(ctx context.Context) error {
	if w.stop != nil {
		w.stop()
		w.looking.Wait()
	}
	for _, m := range w.members {
		if m != nil {
			m.forward.close()
		}
	}
	return w.c.dismiss(ctx, w.name)
}
