package kubernetes_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"wsk-scenario/engine/standalone/kubernetes"
	"wsk-scenario/engine/standalone/pool"
)

func newDriver(t testing.TB, c *cluster) *kubernetes.Driver {
	t.Helper()
	d, err := kubernetes.New(t.Context(), kubernetes.Config{
		API: kubernetes.API{URL: c.URL}, Namespace: "ns", Pod: "ow-invoker-x4g8p", APIHost: "http://ow", CacheDir: t.TempDir(),
		SearchPath: "/usr/bin:/bin", Log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})),
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// newPool returns a pool of pods, which leaves none.
func newPool(t testing.TB, c *cluster, cfg pool.Config) *pool.Pool {
	t.Helper()
	cfg.Driver, cfg.WorkDir, cfg.CacheDir = newDriver(t, c), t.TempDir(), t.TempDir()
	p, err := pool.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(context.Background()); err != nil {
			t.Errorf("close the pool: %v", err)
		}
		if left := c.actions(); len(left) > 0 {
			t.Errorf("%d pods are left", len(left))
		}
	})
	return p
}

// echo answers with its own number of calls, and writes a line to each stream.
const echo = `#!/bin/sh
n=0
while read line; do
  n=$((n + 1))
  echo "call $n"
  echo "fault $n" >&2
  echo "{\"n\": $n}" >&3
done
`

func action(code string) pool.Action {
	return pool.Action{
		Namespace: "guest", Path: "guest/pkg/my-Test_1", Version: "0.0.1", Key: code, Kind: "native:1", Code: []byte(code),
		Memory: 128, Timeout: time.Minute, LogSize: 1 << 20,
	}
}

func invoke(t testing.TB, p *pool.Pool, a pool.Action) pool.Outcome {
	t.Helper()
	return p.Invoke(t.Context(), pool.Request{
		Action: a, ActivationID: "00112233445566778899aabbccddeeff", Transaction: "tx", Params: json.RawMessage(`{}`),
	})
}

// answers checks how an activation started and what it answered.
func answers(t testing.TB, out pool.Outcome, start pool.Start, want string) {
	t.Helper()
	if out.Status != pool.Success || out.Start != start || string(out.Result) != want {
		t.Fatalf("status %d, start %s, %s, logs %q; want a %s start and %s", out.Status, out.Start, out.Result, out.Logs, start, want)
	}
}

func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("still not: " + what)
		}
	}
}

func TestAPodServesUntilSomebodyRemovesIt(t *testing.T) {
	c := newCluster(t)
	p := newPool(t, c, pool.Config{})
	answers(t, invoke(t, p, action(echo)), pool.Cold, `{"n": 1}`)
	answers(t, invoke(t, p, action(echo)), pool.Warm, `{"n": 2}`)
	first := c.actions()
	if len(first) != 1 {
		t.Fatalf("%d pods; want 1", len(first))
	}
	c.remove(first[0].Name) // returns when the container is gone
	answers(t, invoke(t, p, action(echo)), pool.Cold, `{"n": 1}`)
	if second := c.actions(); len(second) != 1 || second[0].Name == first[0].Name {
		t.Errorf("%d pods after the removal of %s", len(second), first[0].Name)
	}
}

func TestAPodIsAsOpenWhiskMakesIt(t *testing.T) {
	c := newCluster(t)
	invoke(t, newPool(t, c, pool.Config{}), action(echo))
	pod := c.actions()[0]
	if pod.Name != "wskvm1-1-guest-mytest-1" {
		t.Errorf("the name is %s", pod.Name)
	}
	if diff := cmp.Diff(map[string]string{
		"name": pod.Name, "user-action-pod": "true", "invoker": "invoker-vm-1", "release": "ow",
		"openwhisk/action": "my-Test_1", "openwhisk/namespace": "guest",
	}, pod.Labels); diff != "" {
		t.Errorf("labels: %s", diff)
	}
	owner := []metav1.OwnerReference{{APIVersion: "v1", Kind: "Pod", Name: "ow-invoker-x4g8p", UID: "uid-of-the-invoker"}}
	if diff := cmp.Diff(owner, pod.OwnerReferences); diff != "" {
		t.Errorf("owner: %s", diff)
	}
	container := pod.Spec.Containers[0]
	for _, r := range []corev1.ResourceList{container.Resources.Limits, container.Resources.Requests} {
		if len(r) != 1 || r.Memory().Value() != 128<<20 {
			t.Errorf("resources are %v; want 128 Mi of memory", r)
		}
	}
	term := pod.Spec.Affinity.NodeAffinity.RequiredDuringSchedulingIgnoredDuringExecution.NodeSelectorTerms[0].MatchFields[0]
	if term.Key != "metadata.name" || !slices.Equal(term.Values, []string{"vm-1"}) {
		t.Errorf("it is bound to %v", term)
	}
	if len(pod.Spec.Volumes) != 1 || len(container.VolumeMounts) != 1 || container.VolumeMounts[0].MountPath != "/usr" || container.Image != "localhost/own:1" ||
		container.ImagePullPolicy != corev1.PullNever || strings.Join(container.Args, " ") != "runtime --family native --result 1048576" {
		t.Errorf("it has not what the invoker's pod has: %+v", pod.Spec)
	}
	if *pod.Spec.AutomountServiceAccountToken {
		t.Error("an action has rights on the cluster")
	}
}

func TestThePodOfAStemCellSaysWhatItRunsOnceItDoes(t *testing.T) {
	c := newCluster(t)
	p := newPool(t, c, pool.Config{Stems: []pool.Stems{{Kind: "native:default", Memory: 128, Count: 1}}})
	eventually(t, "a stem cell stands", func() bool {
		all := p.Containers()
		return len(all) == 1 && all[0].State == pool.Stemmed
	})
	if pod := c.actions()[0]; pod.Name != "wskvm1-1-prewarm-native1" || pod.Labels["openwhisk/action"] != "" {
		t.Errorf("a stem cell is %s, %v", pod.Name, pod.Labels)
	}
	answers(t, invoke(t, p, action(echo)), pool.Prewarmed, `{"n": 1}`)
	if !slices.ContainsFunc(c.actions(), func(pod *corev1.Pod) bool {
		return pod.Name == "wskvm1-1-prewarm-native1" && pod.Labels["openwhisk/action"] == "my-Test_1"
	}) {
		t.Errorf("the pod of the action is not labelled with it")
	}
}

func TestALogComesOverTheAPIServer(t *testing.T) {
	p := newPool(t, newCluster(t), pool.Config{})
	for n, want := range []string{"stdout: call 1, stdout: fault 1", "stdout: call 2, stdout: fault 2"} {
		var texts []string
		for _, line := range invoke(t, p, action(echo)).Logs {
			texts = append(texts, line[31:])
		}
		slices.Sort(texts) // two streams have no order
		if text := strings.Join(texts, ", "); text != want {
			t.Errorf("the log of call %d is %q; want %q", n+1, text, want)
		}
	}
}

func TestHowPodsThatDoNotRunEnd(t *testing.T) {
	waiting := func(reason string) func(*corev1.Pod) *corev1.PodStatus {
		return func(*corev1.Pod) *corev1.PodStatus {
			return &corev1.PodStatus{Phase: corev1.PodPending, ContainerStatuses: []corev1.ContainerStatus{
				{State: corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: reason, Message: "it is not there"}}},
			}}
		}
	}
	for _, row := range []struct {
		name, image string
		refuse      func(*corev1.Pod) *corev1.PodStatus
		status      pool.Status
		want        string
	}{
		{"a kind without its image", "", waiting("ErrImageNeverPull"), pool.WhiskError, "start a pod of localhost/own:1: ErrImageNeverPull: it is not there"},
		{"an action without its image", "mine:1", waiting("ErrImagePull"), pool.DeveloperError, "Failed to pull container image 'mine:1'. ErrImagePull: it is not there"},
		{"an image that cannot be run", "mine:1", waiting("CreateContainerError"), pool.DeveloperError, "Failed to run container with image 'mine:1'. CreateContainerError: it is not there"},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := newCluster(t)
			c.refuse = row.refuse
			a := action(echo)
			if row.image != "" {
				a.Kind, a.Image = "blackbox", row.image
			}
			out := invoke(t, newPool(t, c, pool.Config{}), a)
			if out.Status != row.status || !strings.Contains(string(out.Result), row.want) {
				t.Errorf("status %d, %s; want %d and %q", out.Status, out.Result, row.status, row.want)
			}
			if left := c.actions(); len(left) > 0 {
				t.Errorf("%d pods are left", len(left))
			}
		})
	}
}

func TestAPodThatItsNodeRefusesIsReplaced(t *testing.T) {
	c := newCluster(t)
	refused := 0
	c.refuse = func(*corev1.Pod) *corev1.PodStatus {
		if refused++; refused > 2 {
			return nil
		}
		return &corev1.PodStatus{Phase: corev1.PodFailed, Reason: "OutOfmemory"}
	}
	answers(t, invoke(t, newPool(t, c, pool.Config{}), action(echo)), pool.Cold, `{"n": 1}`)
	if pods := c.actions(); len(pods) != 1 || pods[0].Name != "wskvm1-3-guest-mytest-1" {
		t.Errorf("%d pods are there; want the third one", len(pods))
	}
}

func TestAPodThatWasMadeUnheardIsRemoved(t *testing.T) {
	c := newCluster(t)
	c.unanswered = 2
	answers(t, invoke(t, newPool(t, c, pool.Config{}), action(echo)), pool.Cold, `{"n": 1}`)
	eventually(t, "those that nobody knows of are removed", func() bool { return len(c.actions()) == 1 })
	if pods := c.actions(); pods[0].Name != "wskvm1-3-guest-mytest-1" {
		t.Errorf("%s is left; want the third one", pods[0].Name)
	}
}

func TestAnInvokerOfAStatefulSetHasItsNumber(t *testing.T) {
	for label, value := range map[string]string{
		"apps.kubernetes.io/pod-index":       "3",
		"statefulset.kubernetes.io/pod-name": "ow-invoker-3", // all that Kubernetes told before 1.28
	} {
		c := newCluster(t)
		c.pods["ow-invoker-x4g8p"].object.Labels[label] = value
		invoke(t, newPool(t, c, pool.Config{}), action(echo))
		if pod := c.actions()[0]; pod.Name != "wsk3-1-guest-mytest-1" || pod.Labels["invoker"] != "invoker3" {
			t.Errorf("by the label %s the pod is %s, %v", label, pod.Name, pod.Labels)
		}
	}
}

func TestAnActivationThatTakesTooLongEndsWithItsPod(t *testing.T) {
	c := newCluster(t)
	a := action("#!/bin/sh\nread line\nsleep 600\n")
	a.Timeout, a.LogSize = 200*time.Millisecond, 0
	out := invoke(t, newPool(t, c, pool.Config{}), a)
	if out.Status != pool.DeveloperError || !out.TimedOut {
		t.Errorf("status %d, %s", out.Status, out.Result)
	}
	if left := c.actions(); len(left) > 0 {
		t.Errorf("%d pods are left", len(left))
	}
}

func TestWhatAKilledInvokerHasLeftIsRemovedAndNothingElse(t *testing.T) {
	c := newCluster(t)
	for name, invoker := range map[string]string{"wskvm1-1-guest-old": "invoker-vm-1", "wskpi1-1-guest-old": "invoker-pi-1"} {
		c.pods[name] = &pod{stop: func() {}, object: &corev1.Pod{ObjectMeta: metav1.ObjectMeta{
			Name: name, Labels: map[string]string{"user-action-pod": "true", "invoker": invoker, "release": "ow"},
		}}}
	}
	newDriver(t, c).Close()
	if left := c.actions(); len(left) != 1 || left[0].Name != "wskpi1-1-guest-old" {
		t.Errorf("%d pods are left; want that of the other invoker", len(left))
	}
}
