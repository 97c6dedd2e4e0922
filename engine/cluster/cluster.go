// Package cluster owns OpenWhisk on Kubernetes: it installs a Helm release and waits for it with the reasons a person would
// look for, finds out how to reach it, binds roles to nodes, and puts back whatever it changed, also what a killed run has
// changed. It is the only room that imports Helm, and knows nothing of phases or samples. How an invoker of ours starts pods is
// another matter, in standalone/kubernetes.
package cluster

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/target"
	"wsk-scenario/engine/whisk"
)

// Options are what a cluster is used with beside the plan.
type Options struct {
	// Kubernetes is which cluster, and where OpenWhisk is on it.
	Kubernetes plan.Kubernetes
	// Access is what is known of OpenWhisk already: host and credentials that are given are not looked for.
	Access whisk.Access
	// Say is told what happens while one waits; nil for silence.
	Say func(line string)
	// Keep leaves on the cluster what was brought there: Down puts nothing back.
	Keep bool
	// ID is who changes the cluster: in the lease and in the record of what was changed.
	ID string
	// Marks is a folder of this machine in which a run that lives holds a lock named after its ID; empty for none. By it the
	// lease of one that was killed is known without waiting.
	Marks string
}

// Cluster is an OpenWhisk on Kubernetes. It is a target.Target.
type Cluster struct {
	opts   Options
	conn   *connection
	holder *holder
	record *record
	// changing is held while crews are added to the record or taken from it, which phases side by side do.
	changing sync.Mutex
	forward  *forward
	pods     *pods
	starts   *starts // nil where nothing tells how pods of actions come to be
	runsPods bool    // the invokers run actions in pods of their own
	meter    *meter
	nodes    []target.Node // that have a role
	access   whisk.Access
	facts    []target.Fact
	room     room
	began    time.Time
	swept    bool // what a killed run has left on OpenWhisk was looked for
}

// New returns the cluster that opts name. Nothing is touched before Up.
func New(opts Options) *Cluster {
	if opts.Say == nil {
		opts.Say = func(string) {}
	}
	return &Cluster{opts: opts}
}

// Name says in a few words what this is.
func (c *Cluster) Name() string {
	if role := c.opts.Kubernetes.Serves(); role != "" {
		return fmt.Sprintf("OpenWhisk %s for the role %s in namespace %s of Kubernetes", c.opts.Kubernetes.Release, role, c.opts.Kubernetes.Namespace)
	}
	return fmt.Sprintf("OpenWhisk %s in namespace %s of Kubernetes", c.opts.Kubernetes.Release, c.opts.Kubernetes.Namespace)
}

// Up installs the release where one is asked for, waits until OpenWhisk answers an activation, and returns how to reach it.
func (c *Cluster) Up(ctx context.Context) (whisk.Access, error) {
	access, err := c.up(ctx)
	return access, permitted(err)
}

func (c *Cluster) up(ctx context.Context) (whisk.Access, error) {
	c.began = time.Now()
	if err := c.connect(ctx); err != nil {
		return whisk.Access{}, err
	}
	k := c.opts.Kubernetes
	switch {
	case c.windowed():
		if err := c.window(ctx); err != nil {
			return whisk.Access{}, err
		}
	case len(k.Roles) > 0:
		if err := c.roles(ctx); err != nil {
			return whisk.Access{}, err
		}
	}
	if k.Deployment != nil {
		return c.Deploy(ctx, *k.Deployment)
	}
	return c.found(ctx)
}

// windowed reports whether the nodes of roles are told apart by the label window: one release serves all of them.
func (c *Cluster) windowed() bool {
	return len(c.opts.Kubernetes.Roles) > 0 && c.opts.Kubernetes.Serves() == ""
}

// Address is where a release answers.
type Address struct{ Release, Role, Host string }

// Addresses are the one of the release; without a role where it serves all.
func (c *Cluster) Addresses() []Address {
	return []Address{{c.opts.Kubernetes.Release, c.opts.Kubernetes.Serves(), c.access.Host}}
}

// window opens the label window on the nodes of all roles, where it shall be while nothing else is asked for.
func (c *Cluster) window(ctx context.Context) error {
	if err := c.hold(ctx); err != nil {
		return err
	}
	if err := c.roles(ctx); err != nil {
		return err
	}
	return c.place(ctx, keysOf(c.opts.Kubernetes.Roles))
}

// Deploy makes the release be as d says: it installs it, upgrades it, or leaves it when it is so already. One that does not
// become ready is rolled back.
func (c *Cluster) Deploy(ctx context.Context, d plan.Deployment) (whisk.Access, error) {
	if err := c.hold(ctx); err != nil {
		return whisk.Access{}, err
	}
	c.opts.Keep = c.opts.Keep || d.Keep
	if err := c.deploy(ctx, d); err != nil {
		return whisk.Access{}, err
	}
	return c.found(ctx)
}

// found finds out how the release is reached.
func (c *Cluster) found(ctx context.Context) (whisk.Access, error) {
	c.forward.close()
	c.forward = nil
	if err := c.watchPods(ctx); err != nil {
		return whisk.Access{}, err
	}
	if err := c.discover(ctx); err != nil {
		return whisk.Access{}, err
	}
	if err := c.watchStarts(ctx); err != nil {
		return whisk.Access{}, err
	}
	return c.access, c.gatherFacts(ctx)
}

// Remove undoes whatever is recorded for the release, also what was to stay and what a killed run has left.
func (c *Cluster) Remove(ctx context.Context) error {
	if err := c.connect(ctx); err != nil {
		return err
	}
	there, err := c.namespaceExists(ctx)
	if err != nil || !there {
		c.opts.Say("there is no namespace " + c.opts.Kubernetes.Namespace + ": nothing to put back")
		return err
	}
	if err := c.hold(ctx); err != nil {
		return permitted(err)
	}
	err = c.undo(ctx)
	return permitted(errors.Join(err, c.holder.release(ctx)))
}

// undo puts back all that is recorded.
func (c *Cluster) undo(ctx context.Context) error {
	if c.record.empty() {
		c.opts.Say("nothing is recorded to be put back")
	}
	err := c.putBack(ctx, true)
	c.forward.close()
	return err
}

// connect finds the cluster and asks it for its version, once.
func (c *Cluster) connect(ctx context.Context) error {
	if c.conn != nil {
		return nil
	}
	conn, err := connect(ctx, c.opts.Kubernetes, c.opts.Say)
	if err != nil {
		return err
	}
	c.conn = conn
	c.opts.Say("Kubernetes " + conn.version + " at " + conn.config.Host)
	return nil
}

// hold takes the lease of the release, so that nobody else changes it or its nodes, and reads what a killed run has left.
func (c *Cluster) hold(ctx context.Context) error {
	if c.holder != nil {
		return nil
	}
	if err := c.namespace(ctx); err != nil {
		return err
	}
	holder, err := take(ctx, c.conn.client, c.opts)
	if err != nil {
		return err
	}
	c.holder = holder
	c.record = newRecord(c.conn.client, c.opts.Kubernetes)
	return c.record.read(ctx)
}

// Facts are what is known of the cluster that OpenWhisk's own API does not tell.
func (c *Cluster) Facts() []target.Fact { return c.facts }

// Down puts back what was changed, as the record says: labels, then the release, then the namespace. What is there to stay
// stays.
func (c *Cluster) Down(ctx context.Context) error {
	if c.conn == nil {
		return nil // it was never reached
	}
	var err error
	if c.holder != nil && !c.opts.Keep {
		err = c.putBack(ctx, false)
	}
	c.forward.close()
	c.pods.close()
	c.starts.close()
	return errors.Join(err, c.holder.release(ctx))
}
