package report

import (
	"cmp"
	"strconv"

	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/report/content"
)

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
