// Package target owns where a plan runs: what brings an OpenWhisk up, says how to reach it, and takes away again what it
// brought. It creates no entities and measures nothing.
package target

import (
	"context"

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

// Fact is one thing known of a target.
type Fact struct{ Name, Value string }
