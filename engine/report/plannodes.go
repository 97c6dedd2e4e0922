package report

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/report/content"
)

// releases say which Helm release serves which role, where each has its own.
func (d *document) releases(p *plan.Plan) error {
	if p.Cluster == nil || p.Cluster.Kubernetes == nil || len(p.Cluster.Kubernetes.Releases) == 0 {
		return nil
	}
	k := p.Cluster.Kubernetes
	cells := map[string]int{}
	for i := range p.Cells {
		cells[k.Serving(&p.Cells[i]).Name]++
	}
	g := &grid{columns: []column{{title: "release", key: true}, {title: "role"}, {title: "its nodes have"}, {title: "cells", number: true}}}
	for _, r := range k.Releases {
		var labels []string
		for _, key := range slices.Sorted(maps.Keys(k.Roles[r.Role])) {
			labels = append(labels, key+"="+k.Roles[r.Role][key])
		}
		g.add(r.Name, r.Role, strings.Join(labels, ", "), strconv.Itoa(cells[r.Name]))
	}
	return d.table("Releases in namespace "+k.Namespace, g)
}

// nodes are the emulated nodes that a plan has.
func (d *document) nodes(p *plan.Plan) error {
	if len(p.Nodes) == 0 {
		return nil
	}
	g := &grid{columns: []column{{title: "node", key: true}, {title: "role"}, {title: "CPUs", number: true, optional: true},
		{title: "memory", number: true, optional: true}, {title: "arch", optional: true}, {title: "link", optional: true}}}
	for _, n := range p.Nodes {
		cpus, memory := content.Absent, content.Absent
		if n.CPUs > 0 {
			cpus = strconv.FormatFloat(n.CPUs, 'g', -1, 64)
		}
		if n.MemoryMB > 0 {
			memory = strconv.Itoa(n.MemoryMB) + "MB"
		}
		link := n.Link.Name
		if link == "" && n.Link != (plan.Link{}) {
			link = "own"
		}
		g.add(n.Name, n.Role, cpus, memory, cmp.Or(n.Arch, content.Absent), cmp.Or(link, content.Absent))
	}
	return d.table("Emulated nodes", g)
}
