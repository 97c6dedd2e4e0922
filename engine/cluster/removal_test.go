package cluster

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

// podServer has pods, which are gone when they were deleted; the lives are told of it, unless the watch is broken.
type podServer struct {
	mu      sync.Mutex
	pods    map[string]*corev1.Pod
	deleted []string
	graces  []int64
	broken  bool
	asked   func() // when what was deleted is looked for once more; nil where it is gone then
	lives   *lives
}

func (s *podServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	if r.Method == http.MethodDelete {
		var options metav1.DeleteOptions
		_ = json.NewDecoder(r.Body).Decode(&options)
		name := path.Base(r.URL.Path)
		s.deleted, s.graces = append(s.deleted, name), append(s.graces, *options.GracePeriodSeconds)
		if pod := s.pods[name]; s.asked == nil {
			delete(s.pods, name)
			if !s.broken {
				defer func() { go s.lives.podHandler().OnDelete(pod) }()
			}
		}
		_, _ = w.Write([]byte(`{"kind": "Status", "apiVersion": "v1", "status": "Success"}`))
		return
	}
	if len(s.deleted) > 0 && s.asked != nil {
		s.asked()
	}
	list := corev1.PodList{TypeMeta: metav1.TypeMeta{Kind: "PodList", APIVersion: "v1"}}
	for _, pod := range s.pods {
		list.Items = append(list.Items, *pod)
	}
	_ = json.NewEncoder(w).Encode(list)
}

func TestRemovingContainersEndsWhenThePodsOfTheActionAreGone(t *testing.T) {
	const action = "wsks-abc-0.0-hello"
	for _, row := range []struct {
		name          string
		broken, stuck bool
	}{
		{"as the watch tells", false, false},
		{"as the API server says where the watch tells nothing", true, false},
		{"not while they are there", false, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			l := newLives(false)
			s := &podServer{pods: map[string]*corev1.Pod{}, broken: row.broken, lives: l}
			for _, pod := range []*corev1.Pod{
				podOf(coldPod, "", "vm", true, true), podOf("pod-7", action, "vm", true, true),
				podOf("wskow-invoker-00-2-prewarm-nodejs20", "", "vm", true, true), podOf("pod-8", "wsks-abc-0.1-hello", "vm", true, true),
			} {
				s.pods[pod.Name] = pod
				l.podHandler().OnAdd(pod, false)
			}
			server := httptest.NewServer(s)
			t.Cleanup(server.Close)
			client, err := kubernetes.NewForConfig(&rest.Config{Host: server.URL, ContentConfig: rest.ContentConfig{ContentType: "application/json"}})
			if err != nil {
				t.Fatal(err)
			}
			c := &Cluster{conn: &connection{client: client}, starts: &starts{lives: l, namespace: "openwhisk"}}
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if row.stuck {
				s.asked = cancel
			}
			err = c.RemoveContainers(ctx, action)
			if row.stuck {
				if err == nil || !strings.Contains(err.Error(), "context canceled") {
					t.Errorf("the removal ended with %v while the pods are there", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			slices.Sort(s.deleted)
			if want := []string{"pod-7", coldPod}; !slices.Equal(s.deleted, want) || slices.Contains(s.graces, 0) {
				t.Errorf("deleted %v with %v s of grace, want %v with some", s.deleted, s.graces, want)
			}
		})
	}
}

func TestPodsOfActionsAreNotRemovedWhereThereAreNone(t *testing.T) {
	c := New(Options{})
	if err := c.CanRemoveContainers(t.Context()); err == nil || !strings.Contains(err.Error(), "invoker.containerFactory.impl is not kubernetes") {
		t.Errorf("got %v", err)
	}
	c.runsPods = true
	if err := c.CanRemoveContainers(t.Context()); err == nil || !strings.Contains(err.Error(), "there is no right to watch pods") {
		t.Errorf("got %v", err)
	}
}
