package cluster

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/target"
)

// tree is a mapping of mappings: keys one after the other, and the value at the last.
func tree(value any, keys ...string) map[string]any {
	for i := len(keys) - 1; i >= 0; i-- {
		value = map[string]any{keys[i]: value}
	}
	return value.(map[string]any)
}

// with are mappings laid over each other.
func with(all ...map[string]any) map[string]any {
	merged := map[string]any{}
	for _, one := range all {
		merge(merged, one)
	}
	return merged
}

func TestAReleaseIsBoundToTheNodesOfItsRole(t *testing.T) {
	own, err := loader.Load(ownChart)
	if err != nil {
		t.Fatal(err)
	}
	named := func(name string, values map[string]any) *chart.Chart {
		return &chart.Chart{Metadata: &chart.Metadata{Name: name}, Values: values}
	}
	whisk := named("openwhisk", with(tree("", "invoker", "options"), tree("kubernetes", "invoker", "containerFactory", "impl"),
		tree(true, "affinity", "enabled"), tree("invoker", "affinity", "invokerNodeLabel")))
	const bound = "-Dwhisk.kubernetes.user-pod-node-affinity.enabled=true -Dwhisk.kubernetes.user-pod-node-affinity.key=hardware " +
		"-Dwhisk.kubernetes.user-pod-node-affinity.value=edge"
	edge := map[string]string{"hardware": "edge"}
	for _, row := range []struct {
		name   string
		chart  *chart.Chart
		values map[string]any
		labels map[string]string
		said   bool
		want   map[string]any
		fault  string
	}{
		{name: "ours by the nodes of its invokers", chart: own, labels: edge, want: tree("edge", "affinity", "nodes", "hardware")},
		{name: "ours by several labels", chart: own, labels: map[string]string{"hardware": "edge", "room": "1"},
			want: with(tree("edge", "affinity", "nodes", "hardware"), tree("1", "affinity", "nodes", "room"))},
		{name: "ours as the profile says", chart: own, labels: edge, values: tree("7", "affinity", "nodes", "room"), want: tree("7", "affinity", "nodes", "room")},
		{name: "OpenWhisk's by the affinity of its action pods", chart: whisk, labels: edge,
			want: with(tree(false, "affinity", "enabled"), tree(bound, "invoker", "options"))},
		{name: "beside other options", chart: whisk, labels: edge, values: with(tree("-Da=b", "invoker", "options"), tree(true, "affinity", "enabled")),
			want: with(tree(true, "affinity", "enabled"), tree("-Da=b "+bound, "invoker", "options"))},
		{name: "or as they say already", chart: whisk, labels: edge, values: tree("-Dwhisk.kubernetes.user-pod-node-affinity.key=x", "invoker", "options"),
			want: with(tree(false, "affinity", "enabled"), tree("-Dwhisk.kubernetes.user-pod-node-affinity.key=x", "invoker", "options"))},
		{name: "OpenWhisk's knows one label", chart: whisk, labels: map[string]string{"hardware": "edge", "room": "1"},
			fault: "OpenWhisk binds the pods of its actions to one label, and the role has 2"},
		{name: "nor is anything bound by it in Docker", chart: whisk, labels: edge, values: tree("docker", "invoker", "containerFactory", "impl"),
			fault: "invoker.containerFactory.impl: with docker"},
		{name: "a chart that nobody knows", chart: named("tiny", nil), labels: edge, fault: "how the chart tiny does that is not known"},
		{name: "of which the profile says it", chart: named("tiny", nil), labels: edge, said: true, want: map[string]any{}},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := with(row.values)
			err := bind(row.chart, got, row.labels, row.said)
			if row.fault != "" {
				if err == nil || !strings.Contains(err.Error(), row.fault) {
					t.Errorf("error %v; want %s", err, row.fault)
				}
				return
			}
			if diff := cmp.Diff(row.want, got); diff != "" || err != nil {
				t.Errorf("error %v, %s", err, diff)
			}
		})
	}
}

// grouped is a profile with a release for each of two roles.
func grouped(chart string) plan.Kubernetes {
	return plan.Kubernetes{
		Release: "ow", Namespace: "faas", Roles: map[string]map[string]string{"cloud": {"hardware": "cloud"}, "edge": {"hardware": "edge"}},
		Releases:   []plan.Release{{Role: "cloud", Name: "ow-cloud"}, {Role: "edge", Name: "ow-edge"}},
		Deployment: &plan.Deployment{Chart: chart, Range: diag.Range{File: "p.yaml", Start: diag.Pos{Line: 2, Column: 3}}},
	}
}

func TestTheManifestsOfEachReleaseAreBoundToItsNodes(t *testing.T) {
	k := grouped(ownChart)
	for _, r := range k.Releases {
		text, err := Manifests(t.Context(), k, *k.As(r).Deployment)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"# release " + r.Name + " for the role " + r.Role + " in namespace faas", "nodeSelector:\n        hardware: " + r.Role + "\n", r.Name + "-invoker"} {
			if !strings.Contains(text, want) {
				t.Errorf("the manifests of %s lack %q:\n%s", r.Name, want, text)
			}
		}
	}
}

func TestAChartThatBindsNothingIsAFaultBeforeAnythingIsTouched(t *testing.T) {
	folder, err := chartutil.Create("tiny", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	k := grouped(folder)
	faults, _ := Check(k, *k.As(k.Releases[1]).Deployment)
	if len(faults) != 1 || !strings.Contains(faults[0].Summary, "bind release ow-edge to the nodes of role edge: how the chart tiny does that is not known") || faults[0].Range.Start.Line != 2 {
		t.Errorf("faults %v", faults)
	}
	if faults, _ := Check(k, *k.Deployment); len(faults) > 0 {
		t.Errorf("of no role: faults %v", faults)
	}
}

func TestFactsOfAllReleasesAreToldOnce(t *testing.T) {
	g := NewGroups(Options{Kubernetes: grouped(ownChart)})
	for i, c := range g.list {
		c.facts = []target.Fact{{Name: "target", Value: c.Name()}, {Name: "Kubernetes", Value: "v1"}, {Name: "release", Value: g.opts.Kubernetes.Releases[i].Name}}
	}
	want := []target.Fact{{Name: "target", Value: "OpenWhisk ow-cloud, ow-edge in namespace faas of Kubernetes"}, {Name: "Kubernetes", Value: "v1"},
		{Name: "release, role cloud", Value: "ow-cloud"}, {Name: "release, role edge", Value: "ow-edge"}}
	if diff := cmp.Diff(want, g.Facts()); diff != "" {
		t.Error(diff)
	}
}

func TestTwoRolesAtOnceHaveNoRelease(t *testing.T) {
	g := NewGroups(Options{Kubernetes: grouped(ownChart)})
	for asked, want := range map[string]string{"cloud edge": "the roles cloud and edge have a release each", "egde": "no release serves the role egde, did you mean edge?"} {
		if _, err := g.Place(t.Context(), strings.Fields(asked)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v; want %s", asked, err, want)
		}
	}
}
