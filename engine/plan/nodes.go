package plan

import (
	"maps"
	"slices"

	"wsk-scenario/dsl"
	"wsk-scenario/dsl/diag"
	"wsk-scenario/dsl/syntax"
)

// Node is an emulated node of the embedded OpenWhisk: an invoker with containers of its own.
type Node struct {
	Name     string  `json:"name"`
	Role     string  `json:"role"`
	Arch     string  `json:"arch,omitempty"`      // a label; this machine's when empty
	CPUs     float64 `json:"cpus,omitempty"`      // 0: all of this machine
	MemoryMB int     `json:"memory_mb,omitempty"` // 0: that of the server
	Link     Link    `json:"link,omitzero"`       // between it and the controller
}

// usualNodes are the nodes when a scenario places actions and no profile says on what: one for each role of which the
// language's own examples speak, the edge one with what a small board has beside a server.
var usualNodes = []Node{
	{Name: "cloud", Role: "cloud"},
	{Name: "edge", Role: "edge", CPUs: 0.4, MemoryMB: 1000, Link: named("wifi")},
}

// nodes are those that a profile describes.
func nodes(p *dsl.Profile) (list []Node) {
	for _, e := range p.Nodes.Entries {
		n := Node{Name: e.Key.Value, Role: literal(e.Value.Role), Arch: literal(e.Value.Arch)}
		n.CPUs, _ = e.Value.CPUs.Literal()
		memory, _ := e.Value.Memory.Literal()
		n.MemoryMB = int(memory / syntax.MB)
		n.Link = link(e.Value.Link)
		list = append(list, n)
	}
	return list
}

// nodes decides which nodes the embedded OpenWhisk plays, and checks that they have the roles that are asked for. What
// another OpenWhisk has shows when it is there.
func (b *builder) nodes(p *Plan) []Node {
	if p.Cluster != nil && p.Cluster.Kubernetes != nil {
		b.bound(p.Cluster.Kubernetes, p.Roles())
		b.oneRelease(p.Cluster.Kubernetes, p.Cells)
		return nil
	}
	if p.Cluster != nil && p.Cluster.APIHost != "" {
		return nil
	}
	var list []Node
	if p.Cluster != nil {
		list = p.Cluster.Nodes
	}
	asked := p.Roles()
	if len(list) == 0 && len(asked) > 0 {
		list = usualNodes
	}
	for _, role := range asked {
		if !slices.ContainsFunc(list, func(n Node) bool { return n.Role == role.Value }) {
			b.noSuchRole(role, list)
		}
	}
	return list
}

// bound checks that the profile of a cluster binds nodes to the roles that are asked for.
func (b *builder) bound(k *Kubernetes, asked []diag.Text) {
	for _, role := range asked {
		if _, ok := k.Roles[role.Value]; ok {
			continue
		}
		d := b.diags.Errorf(role.Range, "the profile binds no nodes to the role %q", role.Value)
		if d.Hint = diag.Suggest(role.Value, slices.Sorted(maps.Keys(k.Roles))); d.Hint == "" {
			d.Hint = "add it to the profile, such as roles: {" + role.Value + ": {nodes: {kubernetes.io/arch: arm64}}}"
		}
	}
}

func (b *builder) noSuchRole(role diag.Text, nodes []Node) {
	var roles []string
	for _, n := range nodes {
		roles = append(roles, n.Role)
	}
	d := b.diags.Errorf(role.Range, "no node has the role %q", role.Value)
	if d.Hint = diag.Suggest(role.Value, roles); d.Hint == "" {
		d.Hint = "describe one in a cluster profile, such as nodes: {pi: {role: " + role.Value + "}}"
	}
}

// Roles are those that are asked for, each once, with the first place that does so.
func (p *Plan) Roles() (list []diag.Text) {
	add := func(role string, at diag.Range) {
		if role != "" && !slices.ContainsFunc(list, func(t diag.Text) bool { return t.Value == role }) {
			list = append(list, diag.Text{Value: role, Range: at})
		}
	}
	for _, r := range p.Require.Roles {
		add(r.Role, r.Range)
	}
	for _, c := range p.Cells {
		for _, a := range c.Actions {
			add(a.Role, a.RoleAt)
		}
	}
	return list
}

// Placed is where the scenario first asks that something run on nodes of a role; false when it asks for nothing.
func (p *Plan) Placed() (role diag.Text, asked bool) {
	if list := p.Roles(); len(list) > 0 {
		return list[0], true
	}
	return role, false
}

// Roles is where invocations of targets must run: the roles of all actions that they start, each once; empty when none is
// placed.
func (c *Cell) Roles(targets ...string) (roles []string) {
	for _, name := range c.calls(targets) {
		for _, a := range c.Actions {
			if a.Role != "" && slices.Contains(a.Names(), name) && !slices.Contains(roles, a.Role) {
				roles = append(roles, a.Role)
			}
		}
	}
	return roles
}
