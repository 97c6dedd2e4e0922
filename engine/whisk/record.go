package whisk

import "encoding/json"

// Record is an activation record, with the fields that measuring needs.
type Record struct {
	ActivationID string       `json:"activationId"`
	Name         string       `json:"name"`
	Version      string       `json:"version"`
	Start        int64        `json:"start"`    // epoch ms: of init where it ran
	End          int64        `json:"end"`      // epoch ms
	Duration     int64        `json:"duration"` // ms: init and run; for a sequence the sum of its components
	Response     Response     `json:"response"`
	Annotations  []annotation `json:"annotations"`
	Logs         []string     `json:"logs"`
}

// Response is how the activation ended. The body of an invocation has Status and Success, a stored record also StatusCode.
type Response struct {
	Status  string          `json:"status"`
	Success bool            `json:"success"`
	Result  json.RawMessage `json:"result"`
}

type annotation struct {
	Key   string          `json:"key"`
	Value json.RawMessage `json:"value"`
}

// Host is what the standalone adds to a record: where the activation ran and how its container started.
type Host struct {
	Node      string `json:"node"`
	Container string `json:"container"`
	Start     string `json:"start"` // cold, prewarmed or warm
}

// Wait is waitTime in ms, nil when the record has none. It may be negative where the clocks of controller and invoker differ.
func (r *Record) Wait() *int64 { return r.millis("waitTime") }

// Init is initTime in ms, nil when the container was not initialised for this activation.
func (r *Record) Init() *int64 { return r.millis("initTime") }

// Host returns the standalone's own annotation; false on any other OpenWhisk.
func (r *Record) Host() (Host, bool) {
	var host Host
	return host, r.annotation("standalone", &host)
}

// Sequence reports whether the record is that of a sequence, whose components were initialised, not itself.
func (r *Record) Sequence() bool {
	var kind string
	return r.annotation("kind", &kind) && kind == "sequence"
}

// ErrorText is the error of the result in one line; empty when there is none.
func (r *Record) ErrorText() string {
	var failed struct {
		Error json.RawMessage `json:"error"`
	}
	if json.Unmarshal(r.Response.Result, &failed) != nil || failed.Error == nil {
		return ""
	}
	var text string
	if json.Unmarshal(failed.Error, &text) == nil {
		return text
	}
	return string(failed.Error)
}

func (r *Record) millis(key string) *int64 {
	var ms int64
	if !r.annotation(key, &ms) {
		return nil
	}
	return &ms
}

func (r *Record) annotation(key string, into any) bool {
	for _, a := range r.Annotations {
		if a.Key == key {
			return json.Unmarshal(a.Value, into) == nil
		}
	}
	return false
}
