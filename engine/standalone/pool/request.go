// Package pool is the invoker: it keeps the containers, reuses warm ones, starts new ones while memory lasts, evicts the
// oldest idle one when it does not, and queues otherwise. It knows nothing of HTTP or of stored documents.
package pool

import (
	"encoding/json"
	"time"
)

// Action is what the invoker must know of an action to run it.
type Action struct {
	Namespace, Path string // "guest", "guest/pkg/name"
	Version         string
	// Key is the identity of document and revision: a warm container serves only requests of the same Key.
	Key         string
	Kind        string // concrete, such as nodejs:20
	Image       string // of an action that is made of one; the kind is blackbox then
	Main        string
	Code        []byte // as stored: source text, or base64 when Binary
	Binary      bool
	Memory      int64 // MB
	Timeout     time.Duration
	Concurrency int64             // activations that one container may run at a time; those of most kinds run one
	Instances   int64             // containers that the action may have at a time; as many as fit when 0
	LogSize     int64             // bytes kept of one activation's log
	Env         map[string]string // init parameters
}

// Request is one activation to run.
type Request struct {
	Action       Action
	ActivationID string
	Transaction  string
	APIKey       string          // empty unless the action may have it
	Params       json.RawMessage `json:",omitempty"`
	// Answered, when not nil, is told the outcome as soon as the answer is there and before the log is read, where that
	// takes its time (see LogsLater) and one is kept. It is called at most once, and not at all when no container took the
	// request.
	Answered func(Outcome) `json:"-"`
}

// Status is how an activation ended; the numbers are OpenWhisk's statusCode.
type Status int

// The four ends of an activation.
const (
	Success          Status = 0
	ApplicationError Status = 1
	DeveloperError   Status = 2
	WhiskError       Status = 3
)

// Outcome is what became of a request. Times are the invoker's clock.
type Outcome struct {
	Status             Status
	Result             json.RawMessage // always valid JSON: the result, or {"error": …}
	TimedOut           bool
	InitStart, InitEnd time.Time // zero when the container was warm
	RunStart, RunEnd   time.Time // zero when init failed
	Logs               []string  // "<RFC3339 time padded to 30> stdout: text"
	Container          string    // the container's id
	Start              Start     // how the container came to serve this request
	Limits             string    // what the container is held to, such as "memory, processes, cpu", or "unlimited"
	Lost               bool      // the invoker went away, and nobody knows what became of the request
}

// Start is how a container came to serve a request.
type Start string

// The three ways: a container started for the request, one that waited with its runtime but without the action, and one
// that has served the action before.
const (
	Cold      Start = "cold"
	Prewarmed Start = "prewarmed"
	Warm      Start = "warm"
)
