package kubernetes

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"wsk-scenario/engine/standalone/pool"
	"wsk-scenario/engine/standalone/protocol"
	"wsk-scenario/engine/standalone/runtime"
)

// Prewarm starts a pod and waits until its container runs. It listens a while later; Init waits for that.
func (d *Driver) Prewarm(ctx context.Context, kind runtime.Kind, s pool.Spec) (pool.Stem, error) {
	var c *Container
	err := d.starts.Run(ctx, func(ctx context.Context) (err error) {
		c, err = d.start(ctx, kind, s)
		return err
	})
	switch {
	case err == nil:
		return c, nil
	case ctx.Err() != nil:
		return nil, err
	}
	var unpulled *unpulledError
	switch {
	case kind.Name == protocol.Blackbox && errors.As(err, &unpulled):
		return nil, &runtime.Failure{Text: fmt.Sprintf("Failed to pull container image '%s'. %v", kind.Image, err)}
	case kind.Name == protocol.Blackbox:
		return nil, &runtime.Failure{Text: fmt.Sprintf("Failed to run container with image '%s'. %v", kind.Image, err)}
	}
	return nil, fmt.Errorf("start a pod of %s: %w", kind.Image, err)
}

// againAfter is how long after a pod that came to nothing another one is tried.
const againAfter = 100 * time.Millisecond

// start makes pods until one runs: what is removed by others before it did so, or refused by its node while that has not noted
// yet that another one has left, is replaced. An API server that does not answer, as while it is started anew, is asked again.
// When it fails nothing is left.
func (d *Driver) start(ctx context.Context, kind runtime.Kind, s pool.Spec) (*Container, error) {
	for {
		c, err := d.startOne(ctx, kind, s)
		var lost *lostError
		if err == nil || !errors.As(err, &lost) {
			return c, err
		}
		d.cfg.Log.Info("a pod did not come to run", "error", err)
		select {
		case <-time.After(againAfter):
		case <-ctx.Done():
			return nil, err
		}
	}
}

func (d *Driver) startOne(ctx context.Context, kind runtime.Kind, s pool.Spec) (*Container, error) {
	c, err := d.make(ctx, kind, s)
	if err != nil {
		return nil, err
	}
	if err := c.await(ctx); err != nil {
		c.Kill()
		return nil, err
	}
	return c, nil
}

// make makes a pod, with the next name that is free.
func (d *Driver) make(ctx context.Context, kind runtime.Kind, s pool.Spec) (*Container, error) {
	for {
		name := podName(d.own.short, d.counter.Add(1), kind, s)
		c := d.newContainer(name, s.Path != "")
		d.watch.add(name, c)
		pod, err := d.pods.Create(ctx, d.pod(name, kind, s), metav1.CreateOptions{})
		switch {
		case err == nil:
			c.mu.Lock()
			c.uid = pod.UID
			c.mu.Unlock()
			return c, nil
		case apierrors.IsAlreadyExists(err): // another release's
			d.watch.forget(name)
		case apierrors.ReasonForError(err) == metav1.StatusReasonUnknown && ctx.Err() == nil: // nobody has answered
			// It may have been made all the same. Where that has not been seen yet, it is removed when it is.
			d.watch.forget(name)
			if seen, _ := c.now(); seen != nil {
				d.reap(name)
			}
			return nil, &lostError{err.Error()}
		default:
			c.Kill()
			return nil, err
		}
	}
}

// lostError is why a pod came to nothing that another one may come to.
type lostError struct{ reason string }

func (e *lostError) Error() string { return e.reason }

// unpulledError is why there is no image.
type unpulledError struct{ reason string }

func (e *unpulledError) Error() string { return e.reason }

// await waits until the container runs. One that ended at once has run, too: that is said by whoever wants something of it.
func (c *Container) await(ctx context.Context) error {
	for {
		pod, changed := c.now()
		if pod != nil {
			if done, err := c.stands(pod); done || err != nil {
				return err
			}
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("pod %s does not run: %s: %w", c.name, pending(pod), ctx.Err())
		}
	}
}

// stands reports whether the container of the pod has begun to run, or why it never will.
func (c *Container) stands(pod *corev1.Pod) (done bool, err error) {
	running := false
	for _, s := range pod.Status.ContainerStatuses {
		if w := s.State.Waiting; w != nil && slices.Contains(unpulled, w.Reason) {
			return false, &unpulledError{w.Reason + ": " + w.Message}
		} else if w != nil && slices.Contains(hopeless, w.Reason) {
			return false, fmt.Errorf("%s: %s", w.Reason, w.Message)
		}
		running = s.State.Running != nil
	}
	switch {
	case terminated(pod) != nil:
		return true, nil
	case pod.DeletionTimestamp != nil || isClosed(c.gone):
		return false, &lostError{"pod " + c.name + " was removed before it ran"}
	case pod.Status.Phase == corev1.PodFailed:
		return false, &lostError{"pod " + c.name + " was refused by its node: " + pod.Status.Reason + ": " + pod.Status.Message}
	case !running || pod.Status.PodIP == "":
		return false, nil
	}
	c.client.URL = "http://" + net.JoinHostPort(pod.Status.PodIP, strconv.Itoa(protocol.Port))
	return true, nil
}

// What a container waits for in vain, as kubelets call it.
var (
	unpulled = []string{"ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull", "InvalidImageName", "ImageInspectError", "RegistryUnavailable"}
	hopeless = []string{"CreateContainerConfigError", "CreateContainerError", "RunContainerError"}
)

// pending is what is known of why a pod does not run.
func pending(pod *corev1.Pod) string {
	if pod == nil {
		return "nothing has been seen of it"
	}
	var reasons []string
	for _, c := range pod.Status.Conditions {
		if c.Status != corev1.ConditionTrue && c.Message != "" {
			reasons = append(reasons, c.Message)
		}
	}
	for _, s := range pod.Status.ContainerStatuses {
		if w := s.State.Waiting; w != nil {
			reasons = append(reasons, strings.TrimSpace(w.Reason+" "+w.Message))
		}
	}
	if len(reasons) == 0 {
		return "it is " + strings.ToLower(string(pod.Status.Phase))
	}
	return strings.Join(reasons, "; ")
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
