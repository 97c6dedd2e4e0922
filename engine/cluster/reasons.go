package cluster

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/types"
)

// patience is how often a container may be restarted before it is taken for one that does not start.
const patience = 3

// logLines is how much of a crashed container's log one wants to see.
const logLines = 6

// hopelessFor is how long a state that does not mend must be seen. Pods of the version before show theirs for a moment, too.
const hopelessFor = 3 * time.Second

// hopeless is an error as soon as a pod has been in a state for some time that waiting does not mend; since remembers when
// each was seen in one first.
func (c *Cluster) hopeless(ctx context.Context, waiting []component, since map[types.UID]time.Time) error {
	for _, one := range waiting {
		if one.failed {
			return fmt.Errorf("%s has failed", one)
		}
		pods, err := c.podsOf(ctx, one)
		if err != nil {
			return ignoreShort(err)
		}
		for _, p := range pods {
			switch first, seen := since[p.UID]; {
			case p.DeletionTimestamp != nil || !slices.ContainsFunc(statuses(p), func(s corev1.ContainerStatus) bool { return never(s) || pulls(s) }):
				delete(since, p.UID)
			case !seen && slices.ContainsFunc(statuses(p), never):
				since[p.UID] = time.Now()
			case seen && time.Since(first) > hopelessFor:
				return fmt.Errorf("%s will not become ready", one)
			}
		}
	}
	return nil
}

// never reports whether a container is in a state that does not end by itself. An image that cannot be pulled is given the
// time of one more attempt: BackOff follows the first error.
func never(s corev1.ContainerStatus) bool {
	if w := s.State.Waiting; w != nil {
		return slices.Contains([]string{"ImagePullBackOff", "ErrImageNeverPull", "InvalidImageName", "CreateContainerConfigError"}, w.Reason) ||
			w.Reason == "CrashLoopBackOff" && s.RestartCount >= patience
	}
	return false
}

// pulls reports whether one more attempt to pull an image has failed: what follows is the wait before the next.
func pulls(s corev1.ContainerStatus) bool {
	return s.State.Waiting != nil && s.State.Waiting.Reason == "ErrImagePull"
}

func (c *Cluster) podsOf(ctx context.Context, one component) ([]corev1.Pod, error) {
	list, err := c.conn.client.CoreV1().Pods(c.opts.Kubernetes.Namespace).List(ctx, metav1.ListOptions{LabelSelector: one.selector.String()})
	if err != nil {
		return nil, err
	}
	return list.Items, nil
}

func statuses(p corev1.Pod) []corev1.ContainerStatus {
	return slices.Concat(p.Status.InitContainerStatuses, p.Status.ContainerStatuses)
}

// reasons are why components are not ready: what a person would look for with kubectl, in one screen.
func (c *Cluster) reasons(ctx context.Context, waiting []component) error {
	ctx, cancel := context.WithTimeout(ctx, reachDeadline)
	defer cancel()
	var all []error
	for _, one := range waiting {
		all = append(all, fmt.Errorf("%s", one))
		pods, err := c.podsOf(ctx, one)
		if err != nil {
			all = append(all, fmt.Errorf("  its pods cannot be listed: %w", err))
			continue
		}
		told := map[string]bool{} // pods of one workload mostly have the same fault
		for _, p := range pods {
			why := c.podReason(ctx, p)
			if why != "" && !told[why] {
				told[why] = true
				all = append(all, fmt.Errorf("  pod %s%s: %s", p.Name, onNode(p), why))
			}
		}
		if len(told) == 0 {
			all = append(all, c.warnings(ctx, one.kind, one.name))
		}
	}
	return errors.Join(all...)
}

func onNode(p corev1.Pod) string {
	if p.Spec.NodeName == "" {
		return ""
	}
	return " on " + p.Spec.NodeName
}

// podReason is why a pod is not ready; empty when it is.
func (c *Cluster) podReason(ctx context.Context, p corev1.Pod) string {
	for _, condition := range p.Status.Conditions {
		if condition.Type == corev1.PodScheduled && condition.Status == corev1.ConditionFalse {
			return "no node takes it: " + condition.Message
		}
	}
	for _, s := range statuses(p) {
		if why := c.containerReason(ctx, p, s); why != "" {
			return why
		}
	}
	if p.Status.Phase == corev1.PodRunning && ready(p) || p.Status.Phase == corev1.PodSucceeded {
		return ""
	}
	if events := c.eventTexts(ctx, "Pod", p.Name); len(events) > 0 {
		return strings.Join(events, "; ")
	}
	return strings.ToLower(string(p.Status.Phase)) + ", and nothing says why"
}

func ready(p corev1.Pod) bool {
	return slices.ContainsFunc(p.Status.Conditions, func(c corev1.PodCondition) bool {
		return c.Type == corev1.PodReady && c.Status == corev1.ConditionTrue
	})
}

func (c *Cluster) containerReason(ctx context.Context, p corev1.Pod, s corev1.ContainerStatus) string {
	ended := s.State.Terminated
	if w := s.State.Waiting; w != nil {
		if w.Reason != "CrashLoopBackOff" && w.Reason != "PodInitializing" && w.Reason != "ContainerCreating" {
			return fmt.Sprintf("container %s: %s: %s", s.Name, w.Reason, w.Message)
		}
		ended = s.LastTerminationState.Terminated
	}
	if s.State.Running != nil && !s.Ready { // one more attempt, which may end like the one before
		ended = s.LastTerminationState.Terminated
	}
	if ended == nil || ended.ExitCode == 0 && ended.Reason == "Completed" {
		return ""
	}
	why := fmt.Sprintf("container %s ended with exit code %d", s.Name, ended.ExitCode)
	if ended.Reason == "OOMKilled" {
		why = fmt.Sprintf("container %s was killed, it needs more memory than its limit", s.Name)
	}
	if s.RestartCount > 0 {
		why += fmt.Sprintf(", %d times", s.RestartCount+1)
	}
	if log := c.lastWords(ctx, p, s); log != "" {
		why += ":\n    " + strings.ReplaceAll(log, "\n", "\n    ")
	}
	return why
}

// lastWords is the end of a container's log: of the run that crashed when another has begun, as it may have since s was read, too.
func (c *Cluster) lastWords(ctx context.Context, p corev1.Pod, s corev1.ContainerStatus) string {
	tail := int64(logLines)
	options := corev1.PodLogOptions{Container: s.Name, TailLines: &tail, Previous: s.State.Terminated == nil && s.RestartCount > 0}
	text, err := c.conn.client.CoreV1().Pods(p.Namespace).GetLogs(p.Name, &options).DoRaw(ctx)
	if err == nil && len(text) == 0 && !options.Previous {
		options.Previous = true
		if before, err := c.conn.client.CoreV1().Pods(p.Namespace).GetLogs(p.Name, &options).DoRaw(ctx); err == nil {
			text = before
		}
	}
	if err != nil {
		return "(its log cannot be read: " + err.Error() + ")"
	}
	return strings.TrimSpace(string(text))
}

// warnings are what the cluster has to say of an object that has no pods.
func (c *Cluster) warnings(ctx context.Context, kind, name string) error {
	texts := c.eventTexts(ctx, kind, name)
	if len(texts) == 0 {
		return nil
	}
	return fmt.Errorf("  %s", strings.Join(texts, "; "))
}

// eventTexts are the last different warnings of an object. Of probes that fail only the last says how it is now.
func (c *Cluster) eventTexts(ctx context.Context, kind, name string) (texts []string) {
	list, err := c.conn.client.CoreV1().Events(c.opts.Kubernetes.Namespace).List(ctx, metav1.ListOptions{
		FieldSelector: fields.AndSelectors(fields.OneTermEqualSelector("involvedObject.kind", kind),
			fields.OneTermEqualSelector("involvedObject.name", name)).String(),
	})
	if err != nil {
		return []string{"its events cannot be read: " + err.Error()}
	}
	slices.SortFunc(list.Items, func(a, b corev1.Event) int { return a.LastTimestamp.Compare(b.LastTimestamp.Time) })
	unhealthy := false
	for _, e := range slices.Backward(list.Items) {
		text := e.Reason + ": " + e.Message
		if e.Reason == "Unhealthy" && unhealthy {
			continue
		}
		unhealthy = unhealthy || e.Reason == "Unhealthy"
		if e.Type == corev1.EventTypeWarning && !slices.Contains(texts, text) && len(texts) < 3 {
			texts = append(texts, text)
		}
	}
	return texts
}

// explained runs one of Helm's actions. Its hooks are waited for inside of it, so that what holds them up is told, too.
func (c *Cluster) explained(ctx context.Context, what string, do func(context.Context) error) error {
	err := do(ctx)
	if err == nil {
		return nil
	}
	if ctx.Err() != nil && !errors.Is(err, ctx.Err()) {
		err = errors.Join(err, ctx.Err())
	}
	return fmt.Errorf("%s release %s: %w", what, c.opts.Kubernetes.Release, err)
}
