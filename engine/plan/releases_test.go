package plan

import (
	"strings"
	"testing"

	"wsk-scenario/dsl"
)

func TestEachCellNeedsTheReleaseOfItsRole(t *testing.T) {
	const two = "cluster: two\nopenwhisk: {release: ow}\nplacement: releases\nroles: {cloud: {nodes: {hardware: cloud}}, edge: {nodes: {hardware: edge}, set: {port: 2}}}\n"
	const chart = "deployment: {chart: ./chart, set: {port: 1}}\n"
	const label = "cluster: one\nroles: {cloud: {nodes: {hardware: cloud}}, edge: {nodes: {hardware: edge}}}\n" + chart
	const both = "matrix: {node: [cloud, edge]}\nplacement: ${{ matrix.node }}\n"
	for _, row := range []struct {
		name, placement, more, profile string
		needs                          string // of each cell: the release, and the last port that is set
		calls                          string // the releases that any cell calls
		fault                          string
	}{
		{name: "one release serves all by default", placement: both, profile: label, needs: " 1,  1"},
		{name: "each cell has that of its role, with its own values", placement: both, profile: two + chart, needs: "ow-cloud 1, ow-edge 2", calls: "ow-cloud ow-edge"},
		{name: "what is not placed has the first", profile: two + chart, needs: "ow-cloud 1", calls: "ow-cloud"},
		{name: "the values of the scenario win", placement: "placement: edge\n", more: "deployment: {set: {port: 3}}\n", profile: two + chart, needs: "ow-edge 3", calls: "ow-edge"},
		{name: "so they do where the profile installs nothing", placement: "placement: edge\n", more: "deployment: {chart: ./chart}\n", profile: two, needs: "ow-edge 2", calls: "ow-edge"},
		{name: "releases that are there need nothing", placement: both, profile: two, needs: "-, -", calls: "ow-cloud ow-edge"},
		{name: "a role that is not there", placement: "placement: egde\n", profile: two, needs: "-", calls: "ow-cloud",
			fault: `placed.yaml:4:12: the profile binds no nodes to the role "egde"; did you mean "edge"?`},
	} {
		t.Run(row.name, func(t *testing.T) {
			p, fault := placed(t, row.placement, row.more, row.profile)
			if !strings.Contains(fault, row.fault) || row.fault == "" && fault != "" {
				t.Errorf("fault %q; want %q", fault, row.fault)
			}
			var needs, calls []string
			for _, c := range p.Cells {
				need := "-"
				if d := c.Deployment; d != nil {
					need = d.Release + " " + Text(d.Set[len(d.Set)-1].Value)
				}
				needs = append(needs, need)
			}
			for _, r := range p.Cluster.Kubernetes.Calls(p.Cells).Releases {
				calls = append(calls, r.Name)
			}
			if got := strings.Join(needs, ", "); got != row.needs {
				t.Errorf("the cells need %s; want %s", got, row.needs)
			}
			if got := strings.Join(calls, " "); got != row.calls {
				t.Errorf("the cells call %s; want %s", got, row.calls)
			}
		})
	}
}

func TestACellThatAsksForTwoRolesIsRefusedWhereEachHasARelease(t *testing.T) {
	profile := func(placement string) *dsl.Profile {
		p, faults := dsl.ReadProfile("here.yaml", []byte("cluster: two\nplacement: "+placement+"\nroles: {cloud: {nodes: {hardware: cloud}}, edge: {nodes: {hardware: edge}}}\n"), dsl.ProfileOptions{})
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		return p
	}
	const text = `name: apart
matrix: {n: [1, 2]}
actions: {a: {code: build_test.go, kind: "nodejs:default"}, b: {code: build_test.go, kind: "nodejs:default"}}
placement: {a: cloud, b: edge}
phases: [{name: p, invoke: a, load: {iterations: 1}}, {name: q, invoke: b, load: {iterations: 1}}]
`
	for placement, want := range map[string]string{
		"label": "",
		"releases": `apart.yaml:4:26: the roles "cloud" and "edge" are asked for in one cell, and the profile has a release for each role; ` +
			"a cell calls one release, here openwhisk-cloud: place all of it on one role, or write placement: label in the profile",
	} {
		p := profile(placement)
		s, faults := dsl.Read("apart.yaml", []byte(text), dsl.Options{Profile: p})
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		_, faults = Build(s, Options{Seed: 1, Profile: p})
		var got []string
		for _, f := range faults {
			got = append(got, f.Range.String()+": "+f.Summary+"; "+f.Hint)
		}
		if strings.Join(got, "\n") != want {
			t.Errorf("placement: %s: faults %q; want %q", placement, got, want)
		}
	}
}
