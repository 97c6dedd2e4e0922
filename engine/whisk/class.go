package whisk

import "net/http"

// Class is how a call ended, as the answer shows it.
type Class string

// The classes of answers.
const (
	OK               Class = "ok"
	ApplicationError Class = "application_error"
	DeveloperError   Class = "developer_error"
	PlatformError    Class = "platform_error"
	Throttled        Class = "throttled"
	Accepted         Class = "accepted"
	NoRule           Class = "no_rule" // of a trigger
	Rejected         Class = "rejected"
	NoCapacity       Class = "no_capacity"
	Timeout          Class = "timeout"
	Network          Class = "network"
)

// Class is the class of the activation, by the status in its record.
func (r *Record) Class() Class {
	switch r.Status {
	case succeeded:
		return OK
	case "application error":
		return ApplicationError
	case "action developer error":
		return DeveloperError
	}
	return PlatformError
}

// classOf classes an answer without a record by its HTTP status. With a result only, 502 is an error of the action; which
// of the two kinds only its record can tell, so the stored record decides where it is read.
func classOf(status int) Class {
	switch {
	case status == http.StatusAccepted:
		return Accepted
	case status >= 200 && status < 300:
		return OK
	case status == http.StatusTooManyRequests:
		return Throttled
	case status == http.StatusServiceUnavailable:
		return NoCapacity
	case status == http.StatusBadGateway:
		return ApplicationError
	case status >= 400 && status < 500:
		return Rejected
	}
	return PlatformError
}
