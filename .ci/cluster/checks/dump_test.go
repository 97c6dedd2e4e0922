package checks

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// busy are the kinds whose objects the cluster changes by itself, or is about to.
var busy = []string{"events", "events.events.k8s.io", "endpoints", "componentstatuses"}

// settled is a dump of a cluster in which nothing changes any more: what a test before has removed takes with it, a moment later,
// what it owned.
func (s *session) settled(t *testing.T) (now map[string]string) {
	t.Helper()
	until(t, "nothing changes in the cluster", func() (string, bool) {
		before := now
		now = s.dump(t)
		return cmp.Diff(before, now), cmp.Equal(before, now)
	})
	return now
}

// dump is every object of the cluster as text, by kind, namespace and name, without what the cluster changes by itself: the
// versions of objects, heartbeats, and what kubelets report of their nodes.
func (s *session) dump(t *testing.T) map[string]string {
	t.Helper()
	kinds := strings.Fields(s.kubectl(t, "", "api-resources", "--verbs=list", "-o", "name"))
	kinds = slices.DeleteFunc(kinds, func(kind string) bool { return slices.Contains(busy, kind) })
	var list struct{ Items []map[string]any }
	text := s.kubectl(t, "", "get", strings.Join(kinds, ","), "-A", "-o", "json", "--chunk-size=0")
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		t.Fatalf("read the dump: %v\n%.300s", err, text)
	}
	all := map[string]string{}
	for _, o := range list.Items {
		meta := o["metadata"].(map[string]any)
		delete(meta, "managedFields")
		delete(meta, "resourceVersion")
		switch o["kind"] {
		case "Node":
			delete(o, "status")
		case "Lease":
			delete(o["spec"].(map[string]any), "renewTime")
		}
		text, err := json.MarshalIndent(o, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		all[fmt.Sprint(o["kind"], " ", meta["namespace"], "/", meta["name"])] = string(text)
	}
	return all
}

// isAsBefore fails when the cluster is not, to the byte, as a dump says. What a deleted object owned goes a moment after it.
func (s *session) isAsBefore(t *testing.T, before map[string]string) {
	t.Helper()
	after := s.dump(t)
	for deadline := time.Now().Add(patience); !cmp.Equal(before, after) && time.Now().Before(deadline); after = s.dump(t) {
	}
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("the cluster is not as it was:\n%s", diff)
	}
}
