package pool

import (
	"context"
	"encoding/json"
	"strings"

	"wsk-scenario/engine/standalone/runtime"
)

// Driver starts the containers of a pool: as processes of this machine, or as containers of an engine. It is a Starter, or
// a Prewarmer, or both, and must be safe for use by many goroutines.
type Driver interface {
	// Kinds returns what the driver can run and what it lacks for the rest, sorted as users think of it. The first call may
	// wait until that is found out.
	Kinds() []runtime.Kind
	// Prepare makes what the kind needs beside an action: a compiled launcher, or an image pulled. It may be called often.
	Prepare(ctx context.Context, kind runtime.Kind) error
	// Limits is what the containers are held to.
	Limits() Limits
	// Close ends what Driver itself started. All containers are killed before.
	Close()
}

// Limits is what containers are held to while they run, beside the time of an activation.
type Limits struct {
	Held   []string // of memory, processes (their number) and cpu; empty: nothing
	By     string   // what holds them, such as "control groups, version 1"
	Reason string   // why they are not held to all three; empty when they are
}

// String is what records say: "memory, processes, cpu", or "unlimited".
func (l Limits) String() string {
	if len(l.Held) == 0 {
		return "unlimited"
	}
	return strings.Join(l.Held, ", ")
}

// Starter is a Driver that starts a container with its action in one step.
type Starter interface {
	Driver
	// Start starts a container and loads the code into it; it returns when the container can run, or when ctx ends. A
	// *runtime.Failure is the action's fault, the error of ctx its time limit, every other error the platform's. When there
	// is an error and a container, the container has been killed and is returned for its log alone.
	Start(ctx context.Context, spec Spec) (Container, error)
}

// Prewarmer is a Driver that can start containers before it is known what they will run: stem cells. One that is no
// Starter starts all of them so: as in OpenWhisk, the time until a container is there is waiting, and init begins after it.
type Prewarmer interface {
	Driver
	// Prewarm starts a container of a kind; the code in spec is empty. What Start says of errors holds.
	Prewarm(ctx context.Context, kind runtime.Kind, spec Spec) (Stem, error)
}

// Stem is a container without an action in it.
type Stem interface {
	Container
	// Init loads the code and opens the log of the first activation. What Start says of errors holds; the container has been
	// killed then.
	Init(ctx context.Context, code runtime.Code, logSize int64) error
}

// Pauser is a Container that can be stopped while it has nothing to do.
type Pauser interface {
	Pause() error
	Resume() error
}

// Imager is a Driver that runs actions made of an image, with code or without it, beside those of its kinds.
type Imager interface {
	Driver
	// ImageKind is the kind of an action that is made of an image.
	ImageKind(image string) runtime.Kind
}

// Sharer is a Driver that can have a container of some kinds run several activations at a time, when code.Concurrent asks for
// it. Run, OpenLog and CloseLog are called by many goroutines then.
type Sharer interface {
	Driver
	Concurrent(kind runtime.Kind) bool
}

// LogsLater is a Driver whose containers have their logs elsewhere, so that reading them takes time. As in OpenWhisk who
// waits is answered first, and the container serves nobody before its log is read: a call that follows at once may find
// it busy and start another one. Where the log is a matter of microseconds, that would be made up.
type LogsLater interface {
	Driver
	LogsLater()
}

// Spec is a container to be started.
type Spec struct {
	ID      string // of the container, as the records name it
	Folder  string // exists, is empty and the container's own; the pool removes it after Kill
	Memory  int64  // MB that the container may use
	Code    runtime.Code
	LogSize int64 // bytes kept of the log of the first activation, which Start opens

	// For whom it is started, "guest" and "guest/pkg/name"; empty of a stem cell.
	Namespace, Path string
}

// Container is a started container with an action in it. It serves one activation at a time, unless a Sharer has started it
// for more; only Kill, Alive and PID may be called meanwhile.
type Container interface {
	// PID is the process, as this machine sees it.
	PID() int
	// Alive reports whether the container can take a request. It is asked before every warm one, so it must be cheap.
	Alive() bool
	// OpenLog begins the log of an activation; what was written since the last one belongs to none.
	OpenLog(limit int64)
	// CloseLog ends the log and returns its lines as the records have them. It is called after Run, and may take its time:
	// the answer is out by then, but the container serves nobody else before.
	CloseLog(failed bool) []string
	// Run sends a request and waits for the answer; when ctx ends it kills the container and returns ctx's error. A
	// *runtime.Failure is the action's fault, runtime.ErrGone one that died before it took the request: another container
	// may run it. After any error the container is of no use any more.
	Run(ctx context.Context, a runtime.Activation, params json.RawMessage) (runtime.Answer, error)
	// Kill ends the container and waits until nothing of it is left. It may be called more than once.
	Kill()
}
