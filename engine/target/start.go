package target

import (
	"context"
	"time"

	"wsk-scenario/engine/whisk"
)

// Watcher is a Target that sees the containers of actions come. It is asked between Up and Down.
type Watcher interface {
	Target
	// StartOf is how the container came to be in which an activation was the first: that of a call which this machine sent at one
	// moment and that was over at another. more reports whether more of it may become known in a moment.
	StartOf(record *whisk.Record, sent, done time.Time) (start Start, more bool)
	// Steps says what of the platform makes waits for new containers come out in steps; empty where nothing does.
	Steps() string
}

// Start is how a container came to be. Its moments are those at which one was told, by the clock of this machine; the zero time
// where nothing told of it. None comes after one that follows it.
type Start struct {
	// Temperature is cold when the container was created during the call, prewarmed when it was there before; empty where that
	// cannot be told.
	Temperature string
	Container   string // its name; empty where it may have been any of several

	Requested, Scheduled, Pulling, Pulled, Created, Started, Ready time.Time
}

// Remover is a Target that can take away the containers of actions, so that the next call of one starts cold.
type Remover interface {
	Target
	// CanRemoveContainers says why it cannot; nil when it can. It is asked between Up and Down, before anything is created.
	CanRemoveContainers(ctx context.Context) error
	// RemoveContainers takes away all containers of an action of this name, and returns when they are gone.
	RemoveContainers(ctx context.Context, action string) error
}
