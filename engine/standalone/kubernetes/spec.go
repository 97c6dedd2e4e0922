package kubernetes

import (
	"maps"
	"strconv"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"wsk-scenario/engine/standalone/pool"
	"wsk-scenario/engine/standalone/protocol"
	"wsk-scenario/engine/standalone/runtime"
)

// containerName is OpenWhisk's.
const containerName = "user-action"

// pod is how a container of the kind shall be. It has what OpenWhisk gives it, and what of the invoker's own pod it needs to
// be on the same node.
func (d *Driver) pod(name string, kind runtime.Kind, s pool.Spec) *corev1.Pod {
	labels := d.own.labels()
	labels[nameLabel] = name
	if s.Path != "" {
		maps.Copy(labels, actionLabels(s.Namespace, s.Path))
	}
	no, none := false, int64(1)
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{
			Name: name, Labels: labels,
			// With the invoker's pod go those that it has started, whatever became of the invoker.
			OwnerReferences: []metav1.OwnerReference{{APIVersion: "v1", Kind: "Pod", Name: d.own.Name, UID: d.own.UID}},
		},
		Spec: corev1.PodSpec{
			Affinity:                      onNode(d.own.Spec.NodeName),
			Tolerations:                   d.own.Spec.Tolerations,
			ImagePullSecrets:              d.own.Spec.ImagePullSecrets,
			Volumes:                       d.volumes(kind),
			Containers:                    []corev1.Container{d.container(kind, s)},
			RestartPolicy:                 corev1.RestartPolicyNever,
			AutomountServiceAccountToken:  &no, // actions have no rights on the cluster
			EnableServiceLinks:            &no,
			TerminationGracePeriodSeconds: &none, // of one that somebody else removes
		},
	}
}

// onNode is a node and no other. The scheduler still decides whether there is room.
func onNode(name string) *corev1.Affinity {
	return &corev1.Affinity{NodeAffinity: &corev1.NodeAffinity{
		RequiredDuringSchedulingIgnoredDuringExecution: &corev1.NodeSelector{NodeSelectorTerms: []corev1.NodeSelectorTerm{{
			MatchFields: []corev1.NodeSelectorRequirement{{Key: "metadata.name", Operator: corev1.NodeSelectorOpIn, Values: []string{name}}},
		}}},
	}}
}

func (d *Driver) container(kind runtime.Kind, s pool.Spec) corev1.Container {
	memory := corev1.ResourceList{corev1.ResourceMemory: *resource.NewQuantity(s.Memory<<20, resource.BinarySI)}
	c := corev1.Container{
		Name: containerName, Image: kind.Image, ImagePullPolicy: corev1.PullIfNotPresent,
		Ports:     []corev1.ContainerPort{{Name: "action", ContainerPort: protocol.Port}},
		Env:       []corev1.EnvVar{{Name: "__OW_API_HOST", Value: d.cfg.APIHost}},
		Resources: corev1.ResourceRequirements{Requests: memory, Limits: memory},
		SecurityContext: &corev1.SecurityContext{
			Capabilities: &corev1.Capabilities{Drop: []corev1.Capability{"NET_RAW", "NET_ADMIN"}},
		},
	}
	if d.Concurrent(kind) {
		c.Env = append(c.Env, corev1.EnvVar{Name: "__OW_ALLOW_CONCURRENT", Value: "true"})
	}
	if !d.ownImage(kind) {
		return c
	}
	c.ImagePullPolicy = d.own.container.ImagePullPolicy
	c.Args = []string{"runtime", "--family", kind.Family, "--result", strconv.Itoa(d.cfg.Result)}
	c.Env = append(c.Env, corev1.EnvVar{Name: "HOME", Value: "/tmp"}, corev1.EnvVar{Name: "PATH", Value: d.cfg.SearchPath})
	volumes := map[string]bool{}
	for _, v := range d.volumes(kind) {
		volumes[v.Name] = true
	}
	for _, m := range d.own.container.VolumeMounts {
		if volumes[m.Name] {
			c.VolumeMounts = append(c.VolumeMounts, m)
		}
	}
	return c
}

// ownImage reports whether containers of the kind are of the invoker's own image.
func (d *Driver) ownImage(kind runtime.Kind) bool {
	return kind.Image == d.own.container.Image && kind.Name != protocol.Blackbox
}

// volumes are the folders of the node that the invoker has: the languages are in them.
func (d *Driver) volumes(kind runtime.Kind) (list []corev1.Volume) {
	if !d.ownImage(kind) {
		return nil
	}
	for _, v := range d.own.Spec.Volumes {
		if v.HostPath != nil {
			list = append(list, v)
		}
	}
	return list
}
