package cluster

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/release"
	corev1 "k8s.io/api/core/v1"

	"wsk-scenario/engine/target"
)

func TestSizesAreReadAsOpenWhiskWritesThem(t *testing.T) {
	for text, want := range map[string]int{"2048m": 2048, "2g": 2048, "512 MB": 512, "256MiB": 256, "": 0, "m": 0, "12": 0, "1t": 0, "-1m": 0, "lots": 0} {
		if got := megabytes(text); got != want {
			t.Errorf("%q is %d MB; want %d", text, got, want)
		}
	}
}

func TestWhatActionsAreHeldToIsToldByTheChartAlone(t *testing.T) {
	for _, row := range []struct {
		name, chart, impl string
		what              []string
		known             bool
	}{
		{"pods of OpenWhisk's chart", "openwhisk", "kubernetes", []string{"memory"}, true},
		{"containers of a Docker Engine, which nobody asks", "openwhisk", "docker", nil, false},
		{"pods of our own", "standalone", "kubernetes", []string{"memory"}, true},
		{"processes of our own", "standalone", "process", nil, true},
		{"a chart that is not known", "other", "kubernetes", nil, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			var r room
			r.release(&release.Release{
				Chart: &chart.Chart{Metadata: &chart.Metadata{Name: row.chart}},
				Config: map[string]any{
					"whisk":   map[string]any{"containerPool": map[string]any{"userMemory": "1g"}},
					"invoker": map[string]any{"containerFactory": map[string]any{"impl": row.impl}},
				},
			})
			if got := r.held; got.Known() != row.known || cmp.Diff(row.what, got.What) != "" {
				t.Errorf("held to %v by %q: %s", got.What, got.By, got.Reason)
			}
			r.invoker(corev1.Pod{Spec: corev1.PodSpec{NodeName: "pi"}}, []target.Node{{Name: "vm", Role: "cloud"}, {Name: "pi", Role: "edge"}})
			if diff := cmp.Diff([]target.Slot{{Node: "pi", Role: "edge", MemoryMB: 1024}}, r.slots); diff != "" {
				t.Error(diff)
			}
		})
	}
}
