package standalone

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"

	"wsk-scenario/engine/standalone/balancer"
	"wsk-scenario/engine/standalone/entity"
	"wsk-scenario/engine/standalone/link"
	"wsk-scenario/engine/standalone/metrics"
	"wsk-scenario/engine/standalone/pool"
	"wsk-scenario/engine/standalone/remote"
	kinds "wsk-scenario/engine/standalone/runtime"
)

// Link is an emulated network, and Outage when it is down.
type (
	Link   = link.Link
	Outage = link.Outage
)

// Node is one emulated node: an invoker with containers of its own. All nodes are this one machine.
type Node struct {
	Name   string  // in the records
	Role   string  // such as edge; a resource that actions can ask for
	Arch   string  // as the node shall be labelled; this machine's when empty. A resource, too
	CPUs   float64 // processors that its containers share; all of this machine when 0
	Memory int64   // MB of its containers together; that of the server when 0
	Link   Link    // the network to it; none when zero
}

// emulated says what of the node is played, and what of that the containers are really held to.
func (n Node) emulated(l pool.Limits) string {
	cpus, memory := "all CPUs of this machine", fmt.Sprintf("%d MB for containers", n.Memory)
	if n.CPUs > 0 {
		cpus = fmt.Sprintf("%g CPU", n.CPUs)
		if !slices.Contains(l.Held, "cpu") {
			cpus += " asked for and not limited"
		}
	}
	if !slices.Contains(l.Held, "memory") {
		memory += " by count alone"
	}
	text := cpus + ", " + memory
	if n.Arch != "" && n.Arch != runtime.GOARCH {
		text += ", labelled " + n.Arch + " and runs " + runtime.GOARCH
	}
	if !n.Link.None() {
		text += ", " + n.Link.String()
	}
	return text
}

// Emulated says what of a node is played, such as "0.4 CPU, 1000 MB for containers"; nothing when no nodes are described.
func (s *Server) Emulated(name string) string { return s.invokers.emulated[name] }

// tags are the resources of the node.
func (n Node) tags() (tags []string) {
	if n.Role != "" {
		tags = append(tags, n.Role)
	}
	return append(tags, cmp.Or(n.Arch, runtime.GOARCH))
}

// nodes are those that are described, or the one that is always there.
func (c Config) nodes() []Node {
	if len(c.Nodes) == 0 {
		return []Node{{Name: node, Memory: c.UserMemory}}
	}
	nodes := make([]Node, len(c.Nodes))
	for i, n := range c.Nodes {
		n.Memory = cmp.Or(n.Memory, c.UserMemory)
		nodes[i] = n
	}
	return nodes
}

// bound is what the containers of a node are held to all together. Who described no node is held to nothing but the count
// of containers.
func (c Config) bound(n Node) pool.Bound {
	if len(c.Nodes) == 0 {
		return pool.Bound{}
	}
	return pool.Bound{CPUs: n.CPUs, Memory: n.Memory}
}

// checkNodes says what is wrong with the nodes.
func (c Config) checkNodes() error {
	if c.InvokerToken != "" && len(c.Nodes) > 0 {
		return errors.New("nodes are described, but the invokers are other processes: each says what its node is")
	}
	names := map[string]bool{}
	for _, n := range c.Nodes {
		if err := entity.CheckName(n.Name); err != nil {
			return fmt.Errorf("node %q: %w", n.Name, err)
		}
		if names[n.Name] {
			return fmt.Errorf("node %s: another one has this name", n.Name)
		}
		if n.Memory < 0 || n.CPUs < 0 {
			return fmt.Errorf("node %s: memory and CPUs must not be negative", n.Name)
		}
		if err := n.Link.Check(); err != nil {
			return fmt.Errorf("node %s: %w", n.Name, err)
		}
		names[n.Name] = true
	}
	return nil
}

// fleet is the invokers of the server, each with the containers of one node.
type fleet struct {
	*balancer.Balancer
	nodes    []Node
	pools    []*pool.Pool      // of each node
	far      []*farNode        // those behind a link
	registry *remote.Registry  // of the invokers that are other processes; nil when they are in this one
	imager   bool              // their containers can be of any image
	emulated map[string]string // what of each node is played, by name; none of the one that nobody described
}

// newFleet makes a container pool for each node.
func newFleet(ctx context.Context, cfg Config, apiHost string) (fleet, error) {
	f := fleet{emulated: map[string]string{}, imager: cfg.Docker != nil || cfg.Kubernetes != nil}
	if cfg.InvokerToken != "" {
		f.Balancer = balancer.New()
		f.registry = remote.NewRegistry(ctx, f.Balancer, cfg.InvokerToken, cfg.Log)
		return f, nil
	}
	var offers []balancer.Offer
	for _, n := range cfg.nodes() {
		p, err := cfg.pool(ctx, n, apiHost)
		if err != nil {
			return fleet{}, errors.Join(fmt.Errorf("make the container pool of node %s: %w", n.Name, err), f.Close(ctx))
		}
		f.nodes, f.pools = append(f.nodes, n), append(f.pools, p)
		invoker, err := f.reach(ctx, cfg, n, p)
		if err != nil {
			return fleet{}, errors.Join(fmt.Errorf("reach node %s: %w", n.Name, err), f.Close(ctx))
		}
		if len(cfg.Nodes) > 0 {
			f.emulated[n.Name] = n.emulated(p.Limits())
		}
		offers = append(offers, balancer.Offer{
			Node: n.Name, Tags: n.tags(), Memory: n.Memory, Invoker: invoker, Emulated: f.emulated[n.Name],
		})
	}
	f.Balancer = balancer.New(offers...)
	return f, nil
}

// Kinds are what the nodes can run. Those in this process are all the same machine.
func (f fleet) Kinds() []kinds.Kind {
	if f.registry != nil {
		return f.registry.Kinds()
	}
	return f.pools[0].Kinds()
}

// images reports whether an invoker runs actions that are made of an image.
func (f fleet) images() bool { return f.imager || f.registry != nil && f.registry.Images() }

// Limits are what containers are held to, on every node in this process alike.
func (f fleet) Limits() pool.Limits {
	if f.registry != nil {
		return pool.Limits{Reason: "each invoker holds its own, and its records say to what"}
	}
	return f.pools[0].Limits()
}

// Prepare makes ready, on every node, what actions of a kind need beside their code.
func (f fleet) Prepare(ctx context.Context, kind string) error {
	if f.registry != nil {
		return f.registry.Prepare(ctx, kind)
	}
	for _, p := range f.pools {
		if err := p.Prepare(ctx, kind); err != nil {
			return err
		}
	}
	return nil
}

// measured is how the nodes are at this moment.
func (f fleet) measured() (list []metrics.Node) {
	for i, p := range f.pools {
		list = append(list, f.nodes[i].measured(p))
	}
	return list
}

// measured is how a node is at this moment.
func (n Node) measured(p *pool.Pool) metrics.Node {
	return metrics.Node{Name: n.Name, Capacity: n.Memory, Waiting: p.Waiting(), Containers: p.Containers()}
}

// Close ends every container.
func (f fleet) Close(ctx context.Context) (err error) {
	if f.registry != nil {
		f.registry.Close()
	}
	for _, n := range f.far {
		err = errors.Join(err, n.close(ctx))
	}
	for _, p := range f.pools {
		err = errors.Join(err, p.Close(ctx))
	}
	return err
}
