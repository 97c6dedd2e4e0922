package kubernetes_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes/scheme"

	"wsk-scenario/engine/standalone/protocol"
	"wsk-scenario/engine/standalone/proxy"
)

// cluster is as much of a Kubernetes as a driver asks for: an API server, over HTTP, whose pods are action proxies in this process,
// each on an address of its own.
type cluster struct {
	t testing.TB
	*httptest.Server

	mu         sync.Mutex
	version    int
	pods       map[string]*pod
	watchers   map[chan event]bool
	unanswered int // pods that are made while who asks for them gets no answer
	// refuse says how a new pod shall come to nothing; it may be nil.
	refuse func(*corev1.Pod) *corev1.PodStatus
}

type event struct {
	Type   string      `json:"type"`
	Object *corev1.Pod `json:"object"`
}

// pod is one that runs, or will not.
type pod struct {
	object *corev1.Pod
	log    *transcript
	stop   func()
}

// addresses are of the loopback network, one for each pod of the process.
var addresses = func() func() string {
	var mu sync.Mutex
	n := 0
	return func() string {
		mu.Lock()
		defer mu.Unlock()
		n++
		return fmt.Sprintf("127.77.%d.%d", n/250, n%250+1)
	}
}()

// newCluster has one pod: that of the invoker.
func newCluster(t testing.TB) *cluster {
	c := &cluster{t: t, pods: map[string]*pod{}, watchers: map[chan event]bool{}}
	c.pods["ow-invoker-x4g8p"] = &pod{stop: func() {}, object: &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: "ow-invoker-x4g8p", UID: "uid-of-the-invoker", Labels: map[string]string{"name": "ow-invoker", "release": "ow"}},
		Spec: corev1.PodSpec{
			NodeName:    "vm-1",
			Tolerations: []corev1.Toleration{{Key: "openwhisk-role", Operator: corev1.TolerationOpExists}},
			Volumes: []corev1.Volume{
				{Name: "tmp"}, {Name: "host-0", VolumeSource: corev1.VolumeSource{HostPath: &corev1.HostPathVolumeSource{Path: "/usr"}}},
			},
			Containers: []corev1.Container{{
				Name: "invoker", Image: "localhost/own:1", ImagePullPolicy: corev1.PullNever,
				VolumeMounts: []corev1.VolumeMount{{Name: "tmp", MountPath: "/tmp"}, {Name: "host-0", MountPath: "/usr", ReadOnly: true}},
			}},
		},
	}}
	mux := http.NewServeMux()
	const all, one = "/api/v1/namespaces/ns/pods", "/api/v1/namespaces/ns/pods/{name}"
	mux.HandleFunc("GET "+all, c.list)
	mux.HandleFunc("POST "+all, c.create)
	mux.HandleFunc("GET "+one, c.get)
	mux.HandleFunc("PATCH "+one, c.patch)
	mux.HandleFunc("DELETE "+one, c.delete)
	mux.HandleFunc("GET "+one+"/log", c.logs)
	c.Server = httptest.NewServer(mux)
	t.Cleanup(func() {
		c.CloseClientConnections()
		c.Close()
		for _, name := range c.names() {
			c.remove(name)
		}
	})
	return c
}

func (c *cluster) names() (list []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for name := range maps.Keys(c.pods) {
		list = append(list, name)
	}
	return list
}

// actions are the pods that a driver has made.
func (c *cluster) actions() (list []*corev1.Pod) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, p := range c.pods {
		if p.object.Labels["user-action-pod"] == "true" {
			list = append(list, p.object.DeepCopy())
		}
	}
	return list
}

func (c *cluster) list(w http.ResponseWriter, r *http.Request) {
	selector, err := labels.Parse(r.FormValue("labelSelector"))
	if err != nil {
		c.t.Error(err)
	}
	if r.FormValue("sendInitialEvents") == "true" {
		deny(w, http.StatusUnprocessableEntity, metav1.StatusReasonInvalid)
		return
	}
	if r.FormValue("watch") != "" {
		c.watch(w, r, selector)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	list := corev1.PodList{TypeMeta: metav1.TypeMeta{Kind: "PodList", APIVersion: "v1"}}
	list.ResourceVersion = fmt.Sprint(c.version)
	for _, p := range c.pods {
		if selector.Matches(labels.Set(p.object.Labels)) {
			list.Items = append(list.Items, *p.object)
		}
	}
	reply(w, http.StatusOK, list)
}

func (c *cluster) watch(w http.ResponseWriter, r *http.Request, selector labels.Selector) {
	events := make(chan event, 1000)
	c.mu.Lock()
	c.watchers[events] = true
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		delete(c.watchers, events)
		c.mu.Unlock()
	}()
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusOK)
	_ = http.NewResponseController(w).Flush()
	for {
		select {
		case e := <-events:
			if !selector.Matches(labels.Set(e.Object.Labels)) {
				continue
			}
			_ = json.NewEncoder(w).Encode(e)
			_ = http.NewResponseController(w).Flush()
		case <-r.Context().Done():
			return
		}
	}
}

// tell passes on what became of a pod. The caller holds the lock.
func (c *cluster) tell(what string, object *corev1.Pod) {
	c.version++
	object.ResourceVersion = fmt.Sprint(c.version)
	for w := range c.watchers {
		w <- event{what, object.DeepCopy()}
	}
}

func (c *cluster) create(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	decoded, _, err := scheme.Codecs.UniversalDeserializer().Decode(body, nil, nil)
	object, is := decoded.(*corev1.Pod)
	if err != nil || !is {
		c.t.Errorf("a pod is made of %q: %v", body, err)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pods[object.Name] != nil {
		deny(w, http.StatusConflict, metav1.StatusReasonAlreadyExists)
		return
	}
	p := &pod{object: object, log: newTranscript(), stop: func() {}}
	c.pods[object.Name] = p
	object.UID, object.Namespace = types.UID(fmt.Sprint("uid-", c.version)), "ns"
	object.Kind, object.APIVersion = "Pod", "v1"
	object.Status.Phase = corev1.PodPending
	c.tell("ADDED", object)
	if c.unanswered > 0 {
		c.unanswered--
		panic(http.ErrAbortHandler)
	}
	reply(w, http.StatusCreated, object)
	if c.refuse != nil {
		if status := c.refuse(object); status != nil {
			object.Status = *status
			c.tell("MODIFIED", object)
			return
		}
	}
	c.run(p)
}

// run starts what plays the container of a pod. The caller holds the lock.
func (c *cluster) run(p *pod) {
	address := addresses()
	listener, err := net.Listen("tcp", net.JoinHostPort(address, fmt.Sprint(protocol.Port)))
	if err != nil {
		c.t.Error(err)
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		defer p.log.Close()
		err := proxy.Serve(ctx, listener, proxy.Config{Family: "native", CacheDir: c.t.TempDir(), SearchPath: "/usr/bin:/bin", Out: p.log, Err: p.log})
		if err != nil {
			c.t.Error(err)
		}
	}()
	p.stop = func() { cancel(); <-ended }
	p.object.Spec.NodeName = "vm-1"
	p.object.Status = corev1.PodStatus{
		Phase: corev1.PodRunning, PodIP: address,
		ContainerStatuses: []corev1.ContainerStatus{{Name: "user-action", State: corev1.ContainerState{Running: &corev1.ContainerStateRunning{}}}},
	}
	c.tell("MODIFIED", p.object)
}

func (c *cluster) get(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if p := c.pods[r.PathValue("name")]; p != nil {
		reply(w, http.StatusOK, p.object)
		return
	}
	deny(w, http.StatusNotFound, metav1.StatusReasonNotFound)
}

func (c *cluster) patch(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.pods[r.PathValue("name")]
	if p == nil {
		deny(w, http.StatusNotFound, metav1.StatusReasonNotFound)
		return
	}
	if err := json.NewDecoder(r.Body).Decode(p.object); err != nil { // a merge patch adds to the maps that are there
		c.t.Error(err)
	}
	c.tell("MODIFIED", p.object)
	reply(w, http.StatusOK, p.object)
}

func (c *cluster) delete(w http.ResponseWriter, r *http.Request) {
	if !c.remove(r.PathValue("name")) {
		deny(w, http.StatusNotFound, metav1.StatusReasonNotFound)
		return
	}
	reply(w, http.StatusOK, metav1.Status{TypeMeta: metav1.TypeMeta{Kind: "Status", APIVersion: "v1"}, Status: metav1.StatusSuccess})
}

// remove ends a pod as if somebody had deleted it, and reports whether there was one.
func (c *cluster) remove(name string) bool {
	c.mu.Lock()
	p := c.pods[name]
	if p != nil {
		delete(c.pods, name)
		c.tell("DELETED", p.object)
	}
	c.mu.Unlock()
	if p != nil {
		p.stop()
	}
	return p != nil
}

func (c *cluster) logs(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	p := c.pods[r.PathValue("name")]
	c.mu.Unlock()
	if p == nil {
		deny(w, http.StatusNotFound, metav1.StatusReasonNotFound)
		return
	}
	if r.FormValue("follow") != "true" || r.FormValue("timestamps") != "true" {
		c.t.Errorf("the log is asked for by %s", r.URL)
	}
	p.log.follow(r.Context(), w)
}

func reply(w http.ResponseWriter, status int, object any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(object)
}

func deny(w http.ResponseWriter, status int, reason metav1.StatusReason) {
	reply(w, status, metav1.Status{
		TypeMeta: metav1.TypeMeta{Kind: "Status", APIVersion: "v1"}, Status: metav1.StatusFailure, Reason: reason, Code: int32(status),
	})
}

// transcript is what a container has written, each line with its time, as kubelets keep it.
type transcript struct {
	mu    sync.Mutex
	text  bytes.Buffer
	more  chan struct{} // closed when there is more
	ended bool
}

func newTranscript() *transcript { return &transcript{more: make(chan struct{})} }

func (t *transcript) change(how func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	how()
	close(t.more)
	t.more = make(chan struct{})
}

func (t *transcript) Write(text []byte) (int, error) {
	t.change(func() {
		for line := range strings.Lines(string(text)) {
			fmt.Fprintf(&t.text, "%s %s", time.Now().UTC().Format(time.RFC3339Nano), line)
		}
	})
	return len(text), nil
}

func (t *transcript) Close() { t.change(func() { t.ended = true }) }

func (t *transcript) follow(ctx context.Context, w http.ResponseWriter) {
	for sent := 0; ; {
		t.mu.Lock()
		text, more, ended := t.text.Bytes()[sent:], t.more, t.ended
		t.mu.Unlock()
		n, _ := io.Copy(w, bytes.NewReader(text))
		sent += int(n)
		_ = http.NewResponseController(w).Flush()
		if ended {
			return
		}
		select {
		case <-more:
		case <-ctx.Done():
			return
		}
	}
}
