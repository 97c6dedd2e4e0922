package plan

import (
	"strings"
	"testing"
	"time"

	"wsk-scenario/dsl"
)

// placed is the plan of a scenario with a placement and something more, on a profile.
func placed(t *testing.T, placement, more, profile string) (*Plan, string) {
	t.Helper()
	var p *dsl.Profile
	if profile != "" {
		read, faults := dsl.ReadProfile("here.yaml", []byte(profile), dsl.ProfileOptions{})
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		p = read
	}
	text := "name: placed\nactions: {hello: {code: build_test.go, kind: \"nodejs:default\"}}\n" +
		"phases: [{name: p, invoke: hello, load: {iterations: 1}}]\n" + placement + more
	s, faults := dsl.Read("placed.yaml", []byte(text), dsl.Options{Profile: p})
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	plan, faults := Build(s, Options{Seed: 1, Profile: p})
	if len(faults) > 0 {
		return plan, faults[0].Range.String() + ": " + faults[0].Summary + "; " + faults[0].Hint
	}
	return plan, ""
}

func TestNodesOfThePlan(t *testing.T) {
	const two = "cluster: two\nnodes: {vm: {role: cloud}, pi: {role: edge, cpus: 0.5, memory: 1GB, arch: arm64}}\n"
	for _, row := range []struct {
		name, placement, more, profile string
		nodes                          string // by name and role
		fault                          string
	}{
		{name: "nothing is placed, and there is no profile"},
		{name: "a placement has the usual nodes", placement: "placement: edge\n", nodes: "cloud:cloud edge:edge"},
		{name: "so has a role that is required", more: "require: {roles: [cloud]}\n", nodes: "cloud:cloud edge:edge"},
		{name: "a profile without nodes changes nothing in that", placement: "placement: {hello: cloud}\n", profile: "cluster: x\nmemory: 512MB\n", nodes: "cloud:cloud edge:edge"},
		{name: "the nodes of a profile are there in any case", profile: two, nodes: "vm:cloud pi:edge"},
		{name: "and take the place of the usual ones", placement: "placement: edge\n", profile: two, nodes: "vm:cloud pi:edge"},
		{name: "a role that no node has", placement: "placement: egde\n", nodes: "cloud:cloud edge:edge",
			fault: `placed.yaml:4:12: no node has the role "egde"; did you mean "edge"?`},
		{name: "one that is required", more: "require: {roles: [fog]}\n", profile: two, nodes: "vm:cloud pi:edge",
			fault: `placed.yaml:4:19: no node has the role "fog"; known are cloud and edge`},
		{name: "a running OpenWhisk has its own", placement: "placement: fog\n", profile: "cluster: x\nopenwhisk: {apihost: \"http://h\"}\n"},
	} {
		t.Run(row.name, func(t *testing.T) {
			p, fault := placed(t, row.placement, row.more, row.profile)
			var got []string
			for _, n := range p.Nodes {
				got = append(got, n.Name+":"+n.Role)
			}
			if nodes := strings.Join(got, " "); nodes != row.nodes || !strings.Contains(fault, row.fault) || row.fault == "" && fault != "" {
				t.Errorf("nodes %q, fault %q; want %q, %q", nodes, fault, row.nodes, row.fault)
			}
		})
	}
}

func TestLinksOfNodes(t *testing.T) {
	for written, want := range map[string]Link{
		"wifi":                     {Name: "wifi", Delay: 1500 * time.Microsecond, Jitter: time.Millisecond, BitRate: 50_000_000},
		"{like: lte, delay: 60ms}": {Name: "lte", Delay: 60 * time.Millisecond, Jitter: 8 * time.Millisecond, BitRate: 20_000_000},
		"{like: lte, delay: 2ms}":  {Name: "lte", Delay: 2 * time.Millisecond, Jitter: 2 * time.Millisecond, BitRate: 20_000_000},
		"{rate: 1.5Mbit/s}":        {BitRate: 1_500_000},
		"{delay: 5ms, outage: {every: 1m, last: 3s}}": {Delay: 5 * time.Millisecond, OutageEvery: time.Minute, OutageLast: 3 * time.Second},
	} {
		p, fault := placed(t, "", "", "cluster: x\nnodes: {pi: {role: edge, link: "+written+"}}\n")
		if fault != "" || p.Nodes[0].Link != want {
			t.Errorf("%s: got %+v, want %+v %s", written, p.Nodes[0].Link, want, fault)
		}
	}
	for name, l := range links {
		if l.Delay < l.Jitter || l.BitRate == 0 {
			t.Errorf("%s: %+v", name, l)
		}
	}
}

func TestTheRolesOfACall(t *testing.T) {
	c := &Cell{
		Actions:   []Action{{Name: "a", Role: "edge"}, {Name: "b"}, {Name: "c", Role: "cloud"}},
		Sequences: []Sequence{{Name: "s", Actions: []string{"a", "b", "a", "c"}}},
	}
	for called, want := range map[string]string{"a": "edge", "b": "", "s": "edge cloud"} {
		if got := strings.Join(c.Roles(called), " "); got != want {
			t.Errorf("%s runs on %q, want %q", called, got, want)
		}
	}
}
