// Package target owns where a plan runs: what brings an OpenWhisk up, says how to reach it, and takes away again what it
// brought. It creates no entities and measures nothing.
package target

import (
	"context"

	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/whisk"
)

// Target is one place to run. Up is called once, before everything; Down once, after everything, also when Up failed.
type Target interface {
	// Name says in a few words what this is, for people.
	Name() string
	// Up makes the target answer and returns how to reach it.
	Up(ctx context.Context) (whisk.Access, error)
	// Facts are what is known of the target that its own API does not tell. It is called between Up and Down.
	Facts() []Fact
	// Down removes what Up brought.
	Down(ctx context.Context) error
}

// Placer is a Target that runs actions on nodes of the role that they are placed on, and can tell where each ran. It is
// asked between Up and Down.
type Placer interface {
	Target
	// Nodes are all nodes that have a role.
	Nodes() []Node
	// Annotations are what an action on nodes of a role carries; none where the target needs none.
	Annotations(role string) map[string]any
	// NodeOf is the name of the node on which the activation of a record ran; empty when nothing tells. It is asked for
	// every call while load is sent, so it must be cheap.
	NodeOf(record *whisk.Record) string
}

// Window is a Placer that can run actions on nodes of some roles only at a time: a cell opens it before it creates its actions.
type Window interface {
	Placer
	// Place makes the nodes of the roles, of all where none is named, those that run actions, and returns how to reach the target
	// then. After Up it is all of them.
	Place(ctx context.Context, roles []string) (whisk.Access, error)
}

// Node is one node of a target.
type Node struct {
	Name string
	Role string
	Arch string // as Go names it; empty when it is not known
	// Emulated says what of the node is played, such as "0.4 CPU, wifi link"; empty for a real one.
	Emulated string
}

// Local is a Target that may know that its machines are of one architecture.
type Local interface {
	Target
	// Architecture is that of the machines, as Go names it; empty where they are not of one.
	Architecture() string
}

// Architecture is that of a target's machines, as Go names it; empty when the target does not know.
func Architecture(t Target) string {
	if local, ok := t.(Local); ok {
		return local.Architecture()
	}
	return ""
}

// Hosting is a Target that tells how much it can hold, and how strictly. It is asked between Up and Down.
type Hosting interface {
	Target
	// Slots are its invokers; none where it does not know.
	Slots() []Slot
	// Held is what actions are held to; the zero value where it does not know.
	Held() Held
}

// Slot is one invoker and the memory that it gives to all its containers together.
type Slot struct {
	Node, Role string
	MemoryMB   int
}

// Held is what actions are held to.
type Held struct {
	What   []string // of memory, processes and cpu
	By     string   // what holds them
	Reason string   // why not to all three; empty when they are
}

// Known reports whether anything is known of it.
func (h Held) Known() bool { return len(h.What) > 0 || h.Reason != "" }

// Deployer is a target that is installed: a cell may want it otherwise than it is.
type Deployer interface {
	// Deploy makes the target be as d says and returns how to reach it then. It is called between Up and Down.
	Deploy(ctx context.Context, d plan.Deployment) (whisk.Access, error)
}

// Owner is a target that remembers what a run creates on it, so that it can be removed when the run was killed.
type Owner interface {
	// Own is told, before anything is created, how the names of all of it begin.
	Own(ctx context.Context, prefix string) error
}

// Fact is one thing known of a target.
type Fact struct{ Name, Value string }
