package cluster

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"wsk-scenario/engine/whisk"
)

// WorkerToken is the variable of the environment in which a worker finds its token.
const WorkerToken = "WSK_SCENARIO_WORKER_TOKEN"

const (
	crewPort   = 8086                         // on the pod's own loopback: nobody else on the cluster reaches it
	crewLabel  = "app.kubernetes.io/instance" // on the pods of a crew: its name
	crewKey    = "token"                      // of its Secret
	indexOfPod = "batch.kubernetes.io/job-completion-index"
)

// containerImage is an image that holds this program, and when it is pulled.
type containerImage struct{ name, pull string }

// ownImage is the image that workers run: the one that the profile names, or that of a release of our own chart.
func (c *Cluster) ownImage() (containerImage, error) {
	if name := c.opts.Kubernetes.Image; name != "" {
		return containerImage{name: name}, nil
	}
	s, err := c.releaseSettings()
	if err != nil {
		return containerImage{}, err
	}
	if name, tag := s.text("image.name"), s.text("image.tag"); name != "" && tag != "" {
		return containerImage{name + ":" + tag, s.text("image.pullPolicy")}, nil
	}
	return containerImage{}, fmt.Errorf("release %s has no image of wsk-scenario: write kubernetes: {image: …} in the profile (make image builds one)", c.opts.Kubernetes.Release)
}

// inside is how OpenWhisk is reached from pods: by its service where that needs no certificate of another name, or where this
// machine itself has nothing but a tunnel.
func (c *Cluster) inside(ctx context.Context) (whisk.Access, error) {
	access := c.access
	if c.opts.Access.Host != "" {
		return access, nil
	}
	service, port, err := c.entrance(ctx)
	if err != nil || service == nil || scheme(port) == "https" && c.forward == nil {
		return access, err
	}
	access.Host = fmt.Sprintf("%s://%s.%s:%d", scheme(port), service.Name, service.Namespace, port.Port)
	return access, nil
}

func crewName() string { return ours + "-workers-" + strings.ToLower(rand.Text()[:8]) }

func crewLabels(name string) map[string]string { return map[string]string{mark: ours, crewLabel: name} }

func crewSecret(name, token string) *corev1.Secret {
	return &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: crewLabels(name)}, StringData: map[string]string{crewKey: token}}
}

// crewJob is a Job of n pods, each with a number of its own, spread over the nodes. A pod that fails is not replaced: what it had
// under way is lost in any case, and the others go on.
func crewJob(name string, nodes map[string]string, image containerImage, n int) *batchv1.Job {
	many, none, indexed := int32(n), int32(0), batchv1.IndexedCompletion
	no, yes, nobody, grace := false, true, int64(65534), int64(5)
	return &batchv1.Job{
		ObjectMeta: metav1.ObjectMeta{Name: name, Labels: crewLabels(name)},
		Spec: batchv1.JobSpec{
			Completions: &many, Parallelism: &many, CompletionMode: &indexed, BackoffLimitPerIndex: &none,
			Template: corev1.PodTemplateSpec{
				ObjectMeta: metav1.ObjectMeta{Labels: crewLabels(name)},
				Spec: corev1.PodSpec{
					RestartPolicy: corev1.RestartPolicyNever, AutomountServiceAccountToken: &no, EnableServiceLinks: &no,
					TerminationGracePeriodSeconds: &grace, NodeSelector: nodes,
					Tolerations: []corev1.Toleration{{Key: invokerLabel, Operator: corev1.TolerationOpExists}},
					TopologySpreadConstraints: []corev1.TopologySpreadConstraint{{
						MaxSkew: 1, TopologyKey: corev1.LabelHostname, WhenUnsatisfiable: corev1.ScheduleAnyway,
						LabelSelector: &metav1.LabelSelector{MatchLabels: crewLabels(name)},
					}},
					Containers: []corev1.Container{{
						Name: "worker", Image: image.name, ImagePullPolicy: corev1.PullPolicy(image.pull),
						Args: []string{"worker", "--listen", "127.0.0.1:" + strconv.Itoa(crewPort), "--index", "$(JOB_COMPLETION_INDEX)"},
						Env: []corev1.EnvVar{
							{Name: "HOME", Value: "/tmp"},
							{Name: WorkerToken, ValueFrom: &corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{
								LocalObjectReference: corev1.LocalObjectReference{Name: name}, Key: crewKey,
							}}},
						},
						SecurityContext: &corev1.SecurityContext{
							RunAsUser: &nobody, RunAsNonRoot: &yes, AllowPrivilegeEscalation: &no, ReadOnlyRootFilesystem: &yes,
							Capabilities: &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}},
						},
					}},
				},
			},
		},
	}
}

// noteCrew writes down that a crew is about to be made.
func (c *Cluster) noteCrew(ctx context.Context, name string) error {
	if err := c.hold(ctx); err != nil {
		return err
	}
	c.changing.Lock()
	defer c.changing.Unlock()
	c.record.Crews = append(c.record.Crews, name)
	return c.record.write(ctx)
}

// dismiss removes a crew, and waits until its pods are gone.
func (c *Cluster) dismiss(ctx context.Context, name string) error {
	foreground := metav1.DeletePropagationForeground
	jobs, secrets := c.conn.client.BatchV1().Jobs(c.opts.Kubernetes.Namespace), c.conn.client.CoreV1().Secrets(c.opts.Kubernetes.Namespace)
	err := c.ended(ctx, "the end of Job "+name, crewGone, func(ctx context.Context) (bool, error) {
		err := jobs.Delete(ctx, name, metav1.DeleteOptions{PropagationPolicy: &foreground})
		return kerrors.IsNotFound(err), ignoreShort(err)
	})
	if gone := secrets.Delete(ctx, name, metav1.DeleteOptions{}); gone != nil && !kerrors.IsNotFound(gone) {
		err = errors.Join(err, gone)
	}
	if err != nil {
		return fmt.Errorf("remove the workers %s: %w", name, err)
	}
	c.changing.Lock()
	defer c.changing.Unlock()
	c.record.Crews = slices.DeleteFunc(c.record.Crews, func(one string) bool { return one == name })
	return c.record.write(ctx)
}

// dismissAll removes the crews that are recorded: those of a run that was killed, and what could not be removed before.
func (c *Cluster) dismissAll(ctx context.Context) error {
	var errs []error
	for _, name := range slices.Clone(c.record.Crews) {
		errs = append(errs, c.dismiss(ctx, name))
	}
	return errors.Join(errs...)
}
