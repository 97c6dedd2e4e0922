package kubernetes

import (
	"cmp"
	"context"
	"errors"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// The labels of a pod, as OpenWhisk and its chart have them. Those of the action are put on when it is known which one.
const (
	nameLabel      = "name"
	userPodLabel   = "user-action-pod"
	invokerLabel   = "invoker"
	releaseLabel   = "release"
	actionLabel    = "openwhisk/action"
	namespaceLabel = "openwhisk/namespace"
)

// findOwn asks for the invoker's own pod.
func (d *Driver) findOwn(ctx context.Context) (*own, error) {
	pod, err := d.pods.Get(ctx, d.cfg.Pod, metav1.GetOptions{})
	if err == nil && pod.Spec.NodeName == "" {
		err = errNoNode
	}
	if err != nil {
		return nil, fault("find the invoker's own pod "+d.cfg.Namespace+"/"+d.cfg.Pod, err)
	}
	o := &own{Pod: pod, container: pod.Spec.Containers[0]}
	o.invoker, o.short = labelOf("invoker-"+pod.Spec.NodeName), plain(pod.Spec.NodeName)
	o.short = o.short[:min(len(o.short), nodeShown)]
	if number := numberOf(pod); number != "" {
		o.invoker, o.short = "invoker"+number, number
	}
	return o, nil
}

// What is put on the pods of a StatefulSet: the index from Kubernetes 1.28 on, the name, which ends with it, on all.
const (
	indexLabel = "apps.kubernetes.io/pod-index"
	setLabel   = "statefulset.kubernetes.io/pod-name"
)

// numberOf is that of a pod of a StatefulSet, which stays the same invoker wherever it goes; empty for one of a DaemonSet, which
// is the only invoker of its node.
func numberOf(pod *corev1.Pod) string {
	name := pod.Labels[setLabel]
	return cmp.Or(pod.Labels[indexLabel], name[strings.LastIndexByte(name, '-')+1:])
}

// labels are those of all pods of this invoker.
func (o *own) labels() map[string]string {
	return map[string]string{userPodLabel: "true", invokerLabel: o.invoker, releaseLabel: o.Labels[releaseLabel]}
}

// sweep removes all pods of this invoker, those that it has left when it was killed before, too.
func (d *Driver) sweep(ctx context.Context) error {
	list, err := d.pods.List(ctx, metav1.ListOptions{LabelSelector: labels.Set(d.own.labels()).String()})
	if err != nil {
		return fault("list the pods of this invoker", err)
	}
	for _, pod := range list.Items {
		if fail := d.pods.Delete(ctx, pod.Name, atOnce()); fail != nil && !apierrors.IsNotFound(fail) {
			err = errors.Join(err, fault("remove pod "+pod.Name, fail))
		}
	}
	if n := len(list.Items); n > 0 {
		d.cfg.Log.Info("removed pods", "pods", n)
	}
	return err
}

// atOnce has a pod removed without waiting for its processes: there is nothing that they should finish.
func atOnce() metav1.DeleteOptions {
	none := int64(0)
	return metav1.DeleteOptions{GracePeriodSeconds: &none}
}
