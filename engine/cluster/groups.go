package cluster

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/target"
	"wsk-scenario/engine/whisk"
)

// Groups is an OpenWhisk for each role: a Helm release of its own, bound to the nodes of the role by values of the chart, so that
// nothing on nodes is changed. Each release has a lease and a record of its own. A cell calls the release of its role. It is a
// target.Target.
type Groups struct {
	opts    Options
	list    []*Cluster // in the order of the profile
	current *Cluster   // the one that is called: the first, until a cell asks for another
}

// NewGroups returns the releases that opts name. Nothing is touched before Up.
func NewGroups(opts Options) *Groups {
	if opts.Say == nil {
		opts.Say = func(string) {}
	}
	g := &Groups{opts: opts}
	for _, r := range opts.Kubernetes.Releases {
		own := opts
		own.Kubernetes = opts.Kubernetes.As(r)
		own.ID = opts.ID + "-" + r.Name
		own.Say = func(line string) { opts.Say(r.Name + ": " + line) }
		g.list = append(g.list, New(own))
	}
	g.current = g.list[0]
	return g
}

// Name says in a few words what this is.
func (g *Groups) Name() string {
	var names []string
	for _, r := range g.opts.Kubernetes.Releases {
		names = append(names, r.Name)
	}
	return fmt.Sprintf("OpenWhisk %s in namespace %s of Kubernetes", strings.Join(names, ", "), g.opts.Kubernetes.Namespace)
}

// Up installs the releases where that is asked for, one after the other, and returns how to reach the first. Nothing is changed
// before all leases are held.
func (g *Groups) Up(ctx context.Context) (whisk.Access, error) {
	err := g.connect(ctx)
	if err == nil && g.opts.Kubernetes.Deployment != nil {
		err = g.hold(ctx)
	}
	for _, c := range g.list {
		if err != nil {
			return whisk.Access{}, permitted(err)
		}
		_, err = c.up(ctx)
	}
	return g.current.access, permitted(err)
}

// connect finds the cluster once for all releases.
func (g *Groups) connect(ctx context.Context) error {
	conn, err := connect(ctx, g.opts.Kubernetes, g.opts.Say)
	if err != nil {
		return err
	}
	g.opts.Say("Kubernetes " + conn.version + " at " + conn.config.Host)
	for _, c := range g.list {
		c.conn = conn
	}
	return nil
}

// hold takes the leases of all releases, always in the same order, so that no two runs wait for each other.
func (g *Groups) hold(ctx context.Context) error {
	for _, c := range g.list {
		if err := c.hold(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Addresses are where the releases answer.
func (g *Groups) Addresses() (list []Address) {
	for _, c := range g.list {
		list = append(list, c.Addresses()...)
	}
	return list
}

// Place makes the release of a role the one that is called; of no role, the first.
func (g *Groups) Place(_ context.Context, roles []string) (whisk.Access, error) {
	if len(roles) > 1 {
		return whisk.Access{}, fmt.Errorf("the roles %s have a release each, and a cell calls one", strings.Join(roles, " and "))
	}
	g.current = g.list[0]
	if len(roles) == 1 {
		i := slices.IndexFunc(g.list, func(c *Cluster) bool { return c.opts.Kubernetes.Serves() == roles[0] })
		if i < 0 {
			return whisk.Access{}, fmt.Errorf("no release serves the role %s%s", roles[0], nearest(roles[0], keysOf(g.opts.Kubernetes.Roles)))
		}
		g.current = g.list[i]
	}
	g.opts.Say(fmt.Sprintf("%s is called, on nodes of role %s", g.current.opts.Kubernetes.Release, g.current.opts.Kubernetes.Serves()))
	return g.current.access, nil
}

// Deploy makes the release that d is of be as d says, and the one that is called.
func (g *Groups) Deploy(ctx context.Context, d plan.Deployment) (whisk.Access, error) {
	i := slices.IndexFunc(g.list, func(c *Cluster) bool { return c.opts.Kubernetes.Release == d.Release })
	if i < 0 {
		return whisk.Access{}, fmt.Errorf("no role has the release %q", d.Release)
	}
	g.current = g.list[i]
	return g.current.Deploy(ctx, d)
}

// Own writes down, for each release, how the names begin of what a run is about to create.
func (g *Groups) Own(ctx context.Context, prefix string) error {
	for _, c := range g.list {
		if err := c.Own(ctx, prefix); err != nil {
			return err
		}
	}
	return nil
}

// Nodes are those that have a role.
func (g *Groups) Nodes() []target.Node { return g.list[0].Nodes() }

// Annotations are none: the release that is called places the actions.
func (g *Groups) Annotations(string) map[string]any { return nil }

// NodeOf is the node on which Kubernetes has put the pod, of the release that is called, that ran an activation.
func (g *Groups) NodeOf(record *whisk.Record) string { return g.current.NodeOf(record) }

// Hire starts workers that call the release that is called.
func (g *Groups) Hire(ctx context.Context, role, token string, n int) (target.Crew, error) {
	return g.current.Hire(ctx, role, token, n)
}

// StartOf is how the pod came to be that an activation of the release that is called initialised.
func (g *Groups) StartOf(record *whisk.Record, sent, done time.Time) (start target.Start, more bool) {
	return g.current.StartOf(record, sent, done)
}

// Steps says what makes waits for new pods come out in steps: the releases are of one chart.
func (g *Groups) Steps() string { return g.list[0].Steps() }

// CanRemoveContainers says of which release the pods of actions cannot be removed, and why.
func (g *Groups) CanRemoveContainers(ctx context.Context) error {
	for _, c := range g.list {
		if err := c.CanRemoveContainers(ctx); err != nil {
			return err
		}
	}
	return nil
}

// RemoveContainers deletes the pods of an action of the release that is called.
func (g *Groups) RemoveContainers(ctx context.Context, action string) error {
	return g.current.RemoveContainers(ctx, action)
}

// UsageEvery is that of one release: the nodes are the same.
func (g *Groups) UsageEvery() time.Duration { return g.list[0].UsageEvery() }

// Usage is what the nodes with a role use.
func (g *Groups) Usage(ctx context.Context) ([]target.Usage, error) { return g.list[0].Usage(ctx) }

// Facts are those of every release; what is true of all of them is told once.
func (g *Groups) Facts() (facts []target.Fact) {
	facts = append(facts, target.Fact{Name: "target", Value: g.Name()})
	for _, c := range g.list {
		for _, f := range c.Facts() {
			switch {
			case f.Name == "target":
			case g.all(f):
				if !slices.Contains(facts, f) {
					facts = append(facts, f)
				}
			default:
				facts = append(facts, target.Fact{Name: f.Name + ", role " + c.opts.Kubernetes.Serves(), Value: f.Value})
			}
		}
	}
	return facts
}

// all reports whether a fact is true of every release.
func (g *Groups) all(f target.Fact) bool {
	return !slices.ContainsFunc(g.list, func(c *Cluster) bool { return !slices.Contains(c.Facts(), f) })
}

// Down puts back what was changed, release by release.
func (g *Groups) Down(ctx context.Context) error {
	var errs []error
	for _, c := range g.list {
		errs = append(errs, c.Down(ctx))
	}
	return errors.Join(errs...)
}

// Remove undoes whatever is recorded for the releases, also what was to stay and what a killed run has left.
func (g *Groups) Remove(ctx context.Context) error {
	if err := g.connect(ctx); err != nil {
		return err
	}
	first := g.list[0]
	there, err := first.namespaceExists(ctx)
	if err != nil || !there {
		g.opts.Say("there is no namespace " + g.opts.Kubernetes.Namespace + ": nothing to put back")
		return err
	}
	errs := []error{g.hold(ctx)}
	for _, c := range g.list {
		if errs[0] == nil {
			errs = append(errs, c.undo(ctx))
		}
		errs = append(errs, c.holder.release(ctx))
	}
	return permitted(errors.Join(errs...))
}

// Others are the releases of the namespace that no role of the profile has, and of which something is recorded.
func (g *Groups) Others(ctx context.Context) ([]string, error) { return g.list[0].Others(ctx) }
