package cluster

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"helm.sh/helm/v3/pkg/action"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/types"
)

// component is one workload of the release, as one waits for it.
type component struct {
	kind, name string
	have, want int
	why        string // it is not ready beside the count, such as "3 of 4 are of this version"
	selector   labels.Selector
	failed     bool // it will not become ready any more
}

func (p component) ready() bool { return p.why == "" && p.have >= p.want && !p.failed }

// unseen is why a workload is not ready whose controller has not looked at it yet: what its status says is of before.
const unseen = "not looked at yet"

func (p component) String() string {
	if p.why == unseen {
		return fmt.Sprintf("%s %s: %s", p.kind, p.name, p.why)
	}
	text := fmt.Sprintf("%s %s: %d of %d ready", p.kind, p.name, p.have, p.want)
	if p.why != "" {
		text += ", " + p.why
	}
	return text
}

// ready waits until every workload of the release is, tells what changes meanwhile, and says why when it is not.
func (c *Cluster) ready(ctx context.Context, cfg *action.Configuration, atMost time.Duration) error {
	rel, err := cfg.Releases.Last(c.opts.Kubernetes.Release)
	if err != nil {
		return fmt.Errorf("look for the release %s: %w", c.opts.Kubernetes.Release, err)
	}
	objects, err := objectsOf(rel.Manifest)
	if err != nil {
		return err
	}
	bounded, cancel := context.WithTimeout(ctx, atMost)
	defer cancel()
	told, since := map[string]string{}, map[types.UID]time.Time{}
	var waiting []component
	err = poll(bounded, "release "+rel.Name, func(ctx context.Context) (bool, error) {
		var list []component
		for _, o := range objects {
			one, err := c.look(ctx, o.GetKind(), o.GetName(), o.GetNamespace())
			if err != nil {
				return false, ignoreShort(err)
			}
			if one != nil {
				list = append(list, *one)
			}
		}
		waiting = c.progress(list, told)
		if len(waiting) == 0 {
			return true, nil
		}
		return false, c.hopeless(ctx, waiting, since)
	})
	if err == nil {
		return nil
	}
	if errors.Is(err, context.DeadlineExceeded) {
		err = fmt.Errorf("release %s is not ready after %s", rel.Name, atMost)
	}
	return errors.Join(err, c.reasons(context.WithoutCancel(ctx), waiting))
}

// progress tells each component that has changed, and returns those that are not ready.
func (c *Cluster) progress(list []component, told map[string]string) (waiting []component) {
	for _, one := range list {
		text := one.String()
		if told[one.kind+one.name] != text {
			told[one.kind+one.name] = text
			c.opts.Say(text)
		}
		if !one.ready() {
			waiting = append(waiting, one)
		}
	}
	return waiting
}

// look reads the state of a workload; nil for what is none.
func (c *Cluster) look(ctx context.Context, kind, name, namespace string) (*component, error) {
	if namespace == "" {
		namespace = c.opts.Kubernetes.Namespace
	}
	apps, get := c.conn.client.AppsV1(), metav1.GetOptions{}
	switch kind {
	case "Deployment":
		d, err := apps.Deployments(namespace).Get(ctx, name, get)
		if err != nil {
			return nil, err
		}
		return deployment(d), nil
	case "StatefulSet":
		s, err := apps.StatefulSets(namespace).Get(ctx, name, get)
		if err != nil {
			return nil, err
		}
		return statefulSet(s), nil
	case "DaemonSet":
		d, err := apps.DaemonSets(namespace).Get(ctx, name, get)
		if err != nil {
			return nil, err
		}
		return daemonSet(d), nil
	case "Job":
		j, err := c.conn.client.BatchV1().Jobs(namespace).Get(ctx, name, get)
		if err != nil {
			return nil, err
		}
		return job(j), nil
	case "PersistentVolumeClaim":
		p, err := c.conn.client.CoreV1().PersistentVolumeClaims(namespace).Get(ctx, name, get)
		if err != nil {
			return nil, err
		}
		return claim(p), nil
	}
	return nil, nil
}

func deployment(d *appsv1.Deployment) *component {
	want := 1
	if d.Spec.Replicas != nil {
		want = int(*d.Spec.Replicas)
	}
	one := workload("Deployment", d.Name, d.Spec.Selector, int(d.Status.AvailableReplicas), want)
	switch {
	case d.Status.ObservedGeneration < d.Generation:
		one.why = unseen
	case int(d.Status.UpdatedReplicas) < want || d.Status.Replicas > d.Status.UpdatedReplicas:
		one.why = fmt.Sprintf("%d of %d are of this version", d.Status.UpdatedReplicas, max(want, int(d.Status.Replicas)))
	case int(d.Status.Replicas) > want:
		one.why = tooMany(int(d.Status.Replicas) - want)
	}
	return one
}

func statefulSet(s *appsv1.StatefulSet) *component {
	want := 1
	if s.Spec.Replicas != nil {
		want = int(*s.Spec.Replicas)
	}
	one := workload("StatefulSet", s.Name, s.Spec.Selector, int(s.Status.ReadyReplicas), want)
	switch {
	case s.Status.ObservedGeneration < s.Generation:
		one.why = unseen
	case s.Status.UpdateRevision != s.Status.CurrentRevision && s.Status.UpdatedReplicas < s.Status.Replicas:
		one.why = fmt.Sprintf("%d of %d are of this version", s.Status.UpdatedReplicas, want)
	case int(s.Status.Replicas) > want:
		one.why = tooMany(int(s.Status.Replicas) - want)
	}
	return one
}

// tooMany is why a workload is not ready that was made smaller: what has not ended yet still takes part.
func tooMany(n int) string { return fmt.Sprintf("%d are to end", n) }

func daemonSet(d *appsv1.DaemonSet) *component {
	want := int(d.Status.DesiredNumberScheduled)
	one := workload("DaemonSet", d.Name, d.Spec.Selector, int(d.Status.NumberReady), want)
	switch {
	case d.Status.ObservedGeneration < d.Generation:
		one.why = unseen
	case int(d.Status.UpdatedNumberScheduled) < want:
		one.why = fmt.Sprintf("%d of %d are of this version", d.Status.UpdatedNumberScheduled, want)
	}
	return one
}

func job(j *batchv1.Job) *component {
	want := 1
	if j.Spec.Completions != nil {
		want = int(*j.Spec.Completions)
	}
	one := workload("Job", j.Name, j.Spec.Selector, int(j.Status.Succeeded), want)
	for _, condition := range j.Status.Conditions {
		if condition.Type == batchv1.JobFailed && condition.Status == corev1.ConditionTrue {
			one.failed, one.why = true, strings.ToLower(condition.Reason)+": "+condition.Message
		}
	}
	return one
}

func claim(p *corev1.PersistentVolumeClaim) *component {
	one := &component{kind: "PersistentVolumeClaim", name: p.Name, want: 1, selector: labels.Nothing()}
	if p.Status.Phase == corev1.ClaimBound {
		one.have = 1
	}
	return one
}

func workload(kind, name string, selector *metav1.LabelSelector, have, want int) *component {
	parsed, err := metav1.LabelSelectorAsSelector(selector)
	if err != nil {
		parsed = labels.Nothing()
	}
	return &component{kind: kind, name: name, have: have, want: want, selector: parsed}
}
