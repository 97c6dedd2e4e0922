package target

import (
	"context"
	"net"

	"wsk-scenario/engine/whisk"
)

// Workplace is a Target that can send load from its own nodes. It is asked between Up and Down.
type Workplace interface {
	Target
	// Hire starts n workers on nodes of a role, each of which is told the token, and returns when all of them run.
	Hire(ctx context.Context, role, token string, n int) (Crew, error)
}

// Crew are workers on nodes of a target, by their numbers from 0.
type Crew interface {
	// Access is how OpenWhisk is reached from there.
	Access() whisk.Access
	// Node is where a worker runs.
	Node(worker int) string
	// Dial connects to the port on which a worker waits to be called. It may be called many times.
	Dial(ctx context.Context, worker int) (net.Conn, error)
	// Worker is the process of one.
	Worker(worker int) Worker
	// Dismiss ends them all and removes whatever Hire has made.
	Dismiss(ctx context.Context) error
}

// Worker is a process that sends a part of a load.
type Worker interface {
	Ended() <-chan struct{}         // closed when it has ended
	Status() error                  // how, after that
	Stop(ctx context.Context) error // makes it end
}
