package kubernetes

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"wsk-scenario/engine/standalone/protocol"
	"wsk-scenario/engine/standalone/runtime"
)

// Container is one pod. It serves one activation at a time, unless its action was loaded to run several; only Kill, Alive and
// PID may be called meanwhile.
type Container struct {
	driver   *Driver
	name     string // of the pod
	labelled bool   // the pod says which action is in it
	client   protocol.Client
	output   output
	shared   bool // it may run several activations at a time, and nobody can tell whose a sentinel is
	once     sync.Once

	mu      sync.Mutex
	uid     types.UID     // empty until the pod is made
	pod     *corev1.Pod   // as it was seen last; nil until then
	changed chan struct{} // closed when pod changes
	ended   bool          // it must not be asked any more
	gone    chan struct{} // closed when there is no such pod any more
	missed  bool          // gone is closed
}

func (d *Driver) newContainer(name string, labelled bool) *Container {
	c := &Container{driver: d, name: name, labelled: labelled, changed: make(chan struct{}), gone: make(chan struct{})}
	c.client = protocol.Client{Container: c, HTTP: d.http, Result: d.cfg.Result}
	return c
}

// see takes over what the watch says of the pod.
func (c *Container) see(pod *corev1.Pod, gone bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.uid != "" && pod.UID != c.uid {
		return
	}
	c.pod = pod
	if gone && !c.missed {
		c.missed = true
		close(c.gone)
	}
	if gone || pod.DeletionTimestamp != nil || ranToItsEnd(pod) {
		c.ended = true
	}
	close(c.changed)
	c.changed = make(chan struct{})
}

// ranToItsEnd reports whether nothing runs in the pod any more.
func ranToItsEnd(pod *corev1.Pod) bool {
	return pod.Status.Phase == corev1.PodFailed || pod.Status.Phase == corev1.PodSucceeded || terminated(pod) != nil
}

// terminated is how the container of the pod has ended; nil when it has not.
func terminated(pod *corev1.Pod) *corev1.ContainerStateTerminated {
	for _, s := range pod.Status.ContainerStatuses {
		return s.State.Terminated
	}
	return nil
}

// now is the pod as it was seen last, and a channel that is closed when that changes.
func (c *Container) now() (pod *corev1.Pod, changed <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.pod, c.changed
}

// PID is nobody's here: the process is another pod's.
func (c *Container) PID() int { return 0 }

// Alive reports whether the pod runs, and nobody has begun to remove it.
func (c *Container) Alive() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.ended
}

// Init waits until the runtime listens and posts the code to it. A *runtime.Failure is the action's fault; after any error
// the container is of no use any more, and there for its log alone.
func (c *Container) Init(ctx context.Context, code runtime.Code, logSize int64) error {
	c.shared = code.Concurrent
	c.OpenLog(logSize)
	var labelling sync.WaitGroup
	if !c.labelled {
		labelling.Go(func() { c.label(ctx, actionLabels(code.Env["__OW_NAMESPACE"], code.Env["__OW_ACTION_NAME"])) })
	}
	err := c.client.Init(ctx, code)
	labelling.Wait()
	return err
}

// label says on the pod which action is in it. Without that the action runs as well; only who looks at the pods does not see it.
func (c *Container) label(ctx context.Context, labels map[string]string) {
	patch, err := json.Marshal(map[string]any{"metadata": map[string]any{"labels": labels}})
	if err == nil {
		_, err = c.driver.pods.Patch(ctx, c.name, types.MergePatchType, patch, metav1.PatchOptions{})
	}
	if err != nil && ctx.Err() == nil {
		c.driver.cfg.Log.Warn("label a pod", "pod", c.name, "error", err)
	}
}

// Run posts a request and waits for the answer. A *runtime.Failure is the action's fault, runtime.ErrGone a container that could
// not be reached; after any error the container is of no use any more.
func (c *Container) Run(ctx context.Context, a runtime.Activation, params json.RawMessage) (runtime.Answer, error) {
	return c.client.Run(ctx, a, params)
}

// Signal has the container asked nothing any more. What it runs ends with its connection, or with the pod, whose log goes with
// it: that is for Kill.
func (c *Container) Signal() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended = true
}

// Kill removes the pod and waits until there is none. It may be called more than once.
func (c *Container) Kill() {
	c.Signal()
	c.once.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), closeTime)
		defer cancel()
		if err := c.remove(ctx); err != nil {
			c.driver.cfg.Log.Warn("remove pod "+c.name, "error", err) // Close tries again
		}
		c.driver.watch.forget(c.name)
		c.output.close()
	})
}

func (c *Container) remove(ctx context.Context) error {
	err := c.driver.pods.Delete(ctx, c.name, atOnce())
	if apierrors.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	select {
	case <-c.gone:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// KilledForMemory reports whether the kernel ended the container because its memory was used up. It waits for the word of the
// kubelet, which looks about once a second.
func (c *Container) KilledForMemory() bool {
	late := time.NewTimer(stepTime)
	defer late.Stop()
	for {
		pod, changed := c.now()
		if pod != nil {
			if end := terminated(pod); end != nil {
				return end.Reason == "OOMKilled"
			}
		}
		select {
		case <-changed:
		case <-c.gone:
			return false
		case <-late.C:
			return false
		}
	}
}
