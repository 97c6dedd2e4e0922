// Package remote lets an invoker be reached over HTTP: a handler that stands before its containers, and a client that is an
// invoker to the load balancer. An activation is one POST, whose answer is held until the activation is over; the code of
// an action travels once. The other direction, invokers that say that they are there, is a POST to the controller.
package remote

import (
	"net/http"

	"wsk-scenario/engine/standalone/pool"
)

// The routes of an invoker.
const (
	invokePath  = "/v1/invoke"
	preparePath = "/v1/prepare"
	pingPath    = "/ping"
)

// invocation is the body of a POST to invokePath.
type invocation struct {
	Request pool.Request `json:"request"`
	Code    string       `json:"code"`  // names the code; the request has it when the invoker may not
	Early   bool         `json:"early"` // an answer before the log is wanted
}

// report is one line of the answer: first, where that is wanted and the invoker can, the outcome without its log, last the
// whole of it.
type report struct {
	Early   bool         `json:"early,omitempty"`
	Outcome pool.Outcome `json:"outcome"`
}

// statusUnknownCode says that the invoker does not have the code: it is to be sent again with it.
const statusUnknownCode = http.StatusPreconditionRequired

// maxBody is the most bytes of an invocation: 48 MiB of code in base64, a payload and what stands around them.
const maxBody = 80 << 20

func bearer(token string) string { return "Bearer " + token }
