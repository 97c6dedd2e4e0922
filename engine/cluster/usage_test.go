package cluster

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"

	"wsk-scenario/engine/target"
)

// apiServer answers paths with JSON, "forbidden" with 403, and all other paths with 404.
func apiServer(t *testing.T, answers map[string]string) *Cluster {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer, known := answers[r.URL.Path]
		code := http.StatusOK
		switch {
		case !known:
			code, answer = http.StatusNotFound, "{}"
		case answer == "forbidden":
			code, answer = http.StatusForbidden, `{"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "Forbidden", "code": 403}`
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(code)
		_, _ = w.Write([]byte(answer))
	}))
	t.Cleanup(server.Close)
	client, err := kubernetes.NewForConfig(&rest.Config{Host: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	return &Cluster{conn: &connection{client: client}, nodes: []target.Node{{Name: "pi-1", Role: "edge"}}}
}

func TestWhatNodesUseIsReadFromWhereItCanBe(t *testing.T) {
	const (
		nodes   = "/api/v1/nodes"
		metrics = "/apis/metrics.k8s.io/v1beta1/nodes"
		kubelet = "/api/v1/nodes/pi-1/proxy/stats/summary"
		both    = `{"kind": "NodeList", "apiVersion": "v1", "items": [{"metadata": {"name": "pi-1"}, "status": {"capacity": {"cpu": "4", "memory": "8Gi"}}}, {"metadata": {"name": "other"}}]}`
		told    = `{"items": [{"metadata": {"name": "pi-1"}, "timestamp": "2026-11-25T20:00:00Z", "window": "15s", "usage": {"cpu": "250m", "memory": "512Mi"}}, {"metadata": {"name": "other"}, "usage": {"cpu": "1", "memory": "1Mi"}}]}`
		summary = `{"node": {"cpu": {"time": "2026-11-25T20:00:00Z", "usageNanoCores": 250000000}, "memory": {"workingSetBytes": 536870912}}}`
	)
	for _, row := range []struct {
		name    string
		answers map[string]string
		source  string // of the one reading; empty for none
		fault   string
	}{
		{"from the metrics API", map[string]string{nodes: both, metrics: told}, "the metrics API, averages over 15s", ""},
		{"from the kubelet where there is none", map[string]string{nodes: both, kubelet: summary}, "its kubelet", ""},
		{"from the kubelet where it may not be asked", map[string]string{nodes: both, metrics: "forbidden", kubelet: summary}, "its kubelet", ""},
		{"a kubelet that has not counted yet", map[string]string{nodes: both, kubelet: `{"node": {}}`}, "", ""},
		{"nothing where the rights do not suffice", map[string]string{nodes: both, kubelet: "forbidden"}, "", "right get on nodes/proxy"},
		{"nothing of a node whose kubelet does not answer", map[string]string{nodes: both}, "", "what node pi-1 uses: "},
		{"nothing where the nodes may not be listed", map[string]string{nodes: "forbidden"}, "", "what the nodes use: "},
	} {
		t.Run(row.name, func(t *testing.T) {
			list, err := apiServer(t, row.answers).Usage(t.Context())
			if text := fmtError(err); !strings.Contains(text, row.fault) || (row.fault == "") != (err == nil) {
				t.Errorf("the error is %q", text)
			}
			if row.source == "" {
				if len(list) != 0 {
					t.Errorf("it was read: %+v", list)
				}
				return
			}
			if len(list) != 1 || !strings.HasPrefix(list[0].Source, row.source) {
				t.Fatalf("it was read: %+v", list)
			}
			if u := list[0]; u.Node != "pi-1" || u.CPU != .25 || u.Memory != 512<<20 || u.CPUs != 4 || u.MemoryTotal != 8<<30 || u.At.IsZero() {
				t.Errorf("%+v", u)
			}
		})
	}
}

// fmtError is the text of an error, empty when there is none.
func fmtError(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
