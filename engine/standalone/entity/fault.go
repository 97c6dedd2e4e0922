// Package entity owns the documents of the standalone OpenWhisk: actions and packages, their names, limits and merge
// rules, and the store that versions them. It knows nothing of HTTP and of running anything.
package entity

import (
	"errors"
	"fmt"
)

// Reason is why a request about a document cannot be served.
type Reason int

// The reasons. Whoever speaks a protocol turns them into its own status.
const (
	Malformed   Reason = iota + 1 // the request makes no sense
	Missing                       // the document is not there
	Conflict                      // the document is there, and may not be
	TooLarge                      // something is over its size limit
	Forbidden                     // the document belongs to somebody else
	Throttled                     // a limit of the namespace is used up
	Unavailable                   // nobody is there to serve it
)

// Texts that several rooms use; clients match on them.
const (
	NotThere      = "The requested resource does not exist."
	OtherKind     = "Resource by this name exists but is not in this collection."
	AlreadyExists = "resource already exists"
	Reserved      = "Request defines parameters that are not allowed (e.g., reserved properties)."
	SequenceLong  = "Too many actions in the sequence."
	ComponentGone = "Sequence component does not exist."
)

// Fault is a fault of the request, in the words that OpenWhisk's clients know.
type Fault struct {
	Reason Reason
	Text   string
}

// Error is the fault's text.
func (f *Fault) Error() string { return f.Text }

// Faultf makes a fault.
func Faultf(r Reason, format string, args ...any) *Fault {
	return &Fault{Reason: r, Text: fmt.Sprintf(format, args...)}
}

// IsForbidden reports whether err says that something belongs to somebody else.
func IsForbidden(err error) bool {
	var fault *Fault
	return errors.As(err, &fault) && fault.Reason == Forbidden
}

// tooBig is the fault of a part that is over its limit.
func tooBig(part string, size, limit int) *Fault {
	return Faultf(TooLarge, "%s larger than allowed: %d > %d bytes.", part, size, limit)
}
