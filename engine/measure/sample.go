// Package measure owns what a sample is, how it ended, what is computed from it and whether the books balance. It is all
// arithmetic: no clock is read and nothing is sent here.
package measure

import "time"

// Sample is one request, whatever came of it. Times of the client are nanoseconds of its monotonic clock since the run's
// anchor; times of the platform are as in the activation record.
type Sample struct {
	Cell   int  `json:"cell"`             // index into the plan's cells
	Repeat int  `json:"repeat,omitempty"` // which pass of a repeated run, from 1; 0 when there is one only
	Phase  int  `json:"phase"`            // index into the cell's phases
	Warmup bool `json:"warmup,omitempty"`
	User   int  `json:"user"`
	Seq    int  `json:"seq"`            // ordinal within the user; in an open load, of all calls that were due
	Step   int  `json:"step,omitempty"` // which step of the load, from 0
	// Target is which action or sequence of a mix was called; empty where there is one only.
	Target string `json:"target,omitempty"`

	Due       time.Duration `json:"due"`        // when the schedule meant to send it
	Sent      time.Duration `json:"sent"`       // when it was sent
	FirstByte time.Duration `json:"first_byte"` // 0 when no answer came
	Done      time.Duration `json:"done"`       // when the answer was read, or the call given up
	// Completed is the end in the record, on the client's clock, of a call that was answered before its work was done
	// (non-blocking, or accepted); 0 for all others. It crosses the clocks of client and platform.
	Completed time.Duration `json:"completed,omitempty"`

	Activation  string  `json:"activation,omitempty"`  // x-openwhisk-activation-id of the answer
	Transaction string  `json:"transaction,omitempty"` // the X-Request-ID that was sent
	Outcome     Outcome `json:"outcome"`
	Status      int     `json:"status,omitempty"` // HTTP status; 0 when no answer came
	Error       string  `json:"error,omitempty"`  // short text

	Record *Record `json:"record,omitempty"` // nil when no record was found

	// Level is how an activation was started: 0 is the call itself, 1 a trigger's rule, 2 and more a result that named it, 1
	// more for each result on the way. An activation has the moments of its call, and no answer of its own.
	Level int `json:"level,omitempty"`
	// Fired is when what started the activation began, by its record: epoch ms; 0 of a call.
	Fired int64 `json:"fired,omitempty"`
	// Extracted are the values that the phase takes out of the result.
	Extracted []Extracted `json:"extracted,omitempty"`

	Temperature Temperature `json:"temperature"`
	Proof       string      `json:"proof,omitempty"` // the evidence for Temperature
	Node        string      `json:"node,omitempty"`
	Container   string      `json:"container,omitempty"`
	Place       Place       `json:"place,omitempty"` // how it missed the place that was asked for; empty when it did not
	// Stages are how the container came to be that this call was the first in; nil where nothing tells.
	Stages *Stages `json:"stages,omitempty"`

	RequestBytes  int `json:"request_bytes"`
	ResponseBytes int `json:"response_bytes"`
}

// Extracted are the values of one metric out of a result, several where a list stands there: nanoseconds for durations, bytes
// for sizes, plain numbers otherwise.
type Extracted struct {
	Name   string    `json:"name"`
	Values []float64 `json:"values"`
}

// Record is what a sample keeps of its activation record. Milliseconds, as OpenWhisk counts them.
type Record struct {
	Start    int64  `json:"start"` // epoch ms
	End      int64  `json:"end"`   // epoch ms
	Duration int64  `json:"duration"`
	Wait     *int64 `json:"wait,omitempty"` // waitTime; may be negative where clocks differ
	Init     *int64 `json:"init,omitempty"` // initTime; present only when the container was initialised for it
	// Hops are, of a sequence, how long it took each time that one component followed another, nested ones written out:
	// start(i+1) − end(i). There are none when the records of the components are not all known.
	Hops []int64 `json:"hops,omitempty"`
	// Parts are the components of a sequence, for what they cost.
	Parts []Part `json:"parts,omitempty"`
	// Components are the activations of a sequence whose records are still to be read.
	Components []string `json:"-"`
}

// Part is a component of a sequence.
type Part struct {
	Action   string `json:"action"`   // as the scenario calls it
	Duration int64  `json:"duration"` // ms
}

// Outcome is how a request ended. Every request has exactly one.
type Outcome string

// The outcomes. Each request ends in exactly one of them.
const (
	OK               Outcome = "ok"
	ApplicationError Outcome = "application_error"
	DeveloperError   Outcome = "developer_error"
	PlatformError    Outcome = "platform_error"
	Throttled        Outcome = "throttled"
	Accepted         Outcome = "accepted"
	NoRule           Outcome = "no_rule" // a trigger without an active rule
	Rejected         Outcome = "rejected"
	NoCapacity       Outcome = "no_capacity"
	Timeout          Outcome = "timeout"
	Network          Outcome = "network"
	Unexpected       Outcome = "unexpected" // ended well, and not as the phase expects
	Lost             Outcome = "lost"
)

// Outcomes lists all outcomes in the order in which tables show them.
var Outcomes = []Outcome{OK, ApplicationError, DeveloperError, PlatformError, Throttled, Accepted, NoRule, Rejected, NoCapacity,
	Timeout, Network, Unexpected, Lost}

// IsError reports whether o counts into errors: everything but ok and accepted.
func (o Outcome) IsError() bool { return o != OK && o != Accepted }

// refused reports whether a call with the outcome has surely not come to a container.
func (o Outcome) refused() bool {
	return o == Throttled || o == Rejected || o == NoCapacity || o == NoRule
}

// Temperature is what the container of an activation was when it came.
type Temperature string

// The temperatures. Initialised means that init ran, and that nothing proves whether the container was new.
const (
	Cold        Temperature = "cold"
	Prewarmed   Temperature = "prewarmed"
	Warm        Temperature = "warm"
	Initialised Temperature = "initialised"
	Unknown     Temperature = "unknown"
)
