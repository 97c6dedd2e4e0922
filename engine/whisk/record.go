package whisk

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// Record is an activation record, with what measuring needs of it.
type Record struct {
	ActivationID string
	Start        int64 // epoch ms: of init where it ran
	End          int64 // epoch ms
	Duration     int64 // ms: init and run; for a sequence the sum of its components
	// Status is how the activation ended. The body of an invocation has it, and a stored record too.
	Status string
	// Result is kept when the call asked for it (Call.Keep), and when the activation failed.
	Result json.RawMessage
	// Name is the entity's: as a stored record has it (Client.Activation), or as it was called.
	Name string
	// Cause is the activation that started it, of a component and of what a rule started; only a stored record has it.
	Cause string
	// Components are the activations that a sequence has started, in their order; empty for everything else.
	Components []string

	wait, init       int64
	hasWait, hasInit bool
	host             Host
	hasHost          bool
	sequence         bool
}

// Host is what the standalone adds to a record: where the activation ran and how its container started.
type Host struct {
	Node      string `json:"node"`
	Container string `json:"container"`
	Start     string `json:"start"` // cold, prewarmed or warm
}

// Wait is waitTime in ms, nil when the record has none. It may be negative where the clocks of controller and invoker differ.
func (r *Record) Wait() *int64 { return some(&r.wait, r.hasWait) }

// Init is initTime in ms, nil when the container was not initialised for this activation.
func (r *Record) Init() *int64 { return some(&r.init, r.hasInit) }

func some(v *int64, has bool) *int64 {
	if !has {
		return nil
	}
	return v
}

// Host returns the standalone's own annotation; false on any other OpenWhisk.
func (r *Record) Host() (Host, bool) { return r.host, r.hasHost }

// Sequence reports whether the record is that of a sequence or a composition, whose components were initialised, not itself.
func (r *Record) Sequence() bool { return r.sequence }

// ErrorText is the error of the result in one line, or the status where that is none of OpenWhisk's; empty when there is neither.
func (r *Record) ErrorText() string {
	var failed struct {
		Error json.RawMessage `json:"error"`
	}
	if json.Unmarshal(r.Result, &failed) != nil || failed.Error == nil {
		if r.Status != "" && r.Class() == PlatformError && r.Status != internal {
			return fmt.Sprintf("the record has the status %q, which OpenWhisk does not have", r.Status)
		}
		return ""
	}
	var text string
	if json.Unmarshal(failed.Error, &text) == nil {
		return text
	}
	return string(failed.Error)
}

// The statuses of an activation that ended well, and of one that the platform failed.
const (
	succeeded = "success"
	internal  = "whisk internal error"
)

// record reads the members of a record.
func (s *scanner) record(r *Record, keep bool) {
	var seen uint8
	var result, logs []byte
	s.object(func(key []byte) {
		switch string(key) {
		case "activationId":
			s.once(&seen, 0)
			text, plain := s.text()
			if !plain {
				s.give()
			}
			if r.ActivationID != string(text) {
				r.ActivationID = string(text)
			}
		case "start":
			s.once(&seen, 1)
			r.Start = s.integer()
		case "end":
			s.once(&seen, 2)
			r.End = s.integer()
		case "duration":
			s.once(&seen, 3)
			r.Duration = s.integer()
		case "response":
			s.once(&seen, 4)
			result = s.response(r)
		case "annotations":
			s.once(&seen, 5)
			s.annotations(r)
		case "logs":
			s.once(&seen, 6)
			logs = s.skip()
		default:
			s.unlike(key, "activationId", "start", "end", "duration", "response", "annotations", "logs")
			s.skip()
		}
	})
	if !s.odd && (keep || r.Status != succeeded) {
		r.Result = bytes.Clone(result)
	}
	if !s.odd {
		r.components(logs)
	}
}

// components takes them from the log of a sequence, which holds nothing else.
func (r *Record) components(logs []byte) {
	if !r.sequence || json.Unmarshal(logs, &r.Components) != nil || len(r.Components) == 0 {
		r.Components = nil
	}
}

// once is odd about a member that was there before.
func (s *scanner) once(seen *uint8, bit int) {
	if *seen&(1<<bit) != 0 {
		s.give()
	}
	*seen |= 1 << bit
}

// unlike is odd about a key that encoding/json would take for one of ours: of other case, or with an escape.
func (s *scanner) unlike(key []byte, ours ...string) {
	for _, b := range key {
		if b == '\\' || b >= 0x80 {
			s.give()
			return
		}
	}
	for _, name := range ours {
		if len(key) == len(name) && strings.EqualFold(string(key), name) {
			s.give()
			return
		}
	}
}

func (s *scanner) response(r *Record) (result []byte) {
	var seen uint8
	s.object(func(key []byte) {
		switch string(key) {
		case "status":
			s.once(&seen, 0)
			r.Status = s.known()
		case "result":
			s.once(&seen, 1)
			result = s.skip()
		default:
			s.unlike(key, "status", "result")
			s.skip()
		}
	})
	return result
}

// annotations takes those that count; of a key that comes twice, the first.
func (s *scanner) annotations(r *Record) {
	var found uint8
	s.array(func() {
		var key, value []byte
		var seen uint8
		s.object(func(name []byte) {
			switch string(name) {
			case "key":
				s.once(&seen, 0)
				var plain bool
				if key, plain = s.text(); !plain {
					s.give()
				}
			case "value":
				s.once(&seen, 1)
				value = s.skip()
			default:
				s.unlike(name, "key", "value")
				s.skip()
			}
		})
		s.annotation(r, key, value, &found)
	})
}

func (s *scanner) annotation(r *Record, key, value []byte, found *uint8) {
	inner := scanner{in: value, words: s.words}
	switch string(key) {
	case "waitTime":
		s.once(found, 0)
		r.wait, r.hasWait = inner.integer(), true
	case "initTime":
		s.once(found, 1)
		r.init, r.hasInit = inner.integer(), true
	case "kind":
		s.once(found, 2)
		r.sequence = inner.known() == "sequence" || r.sequence
	case "conductor":
		s.once(found, 4)
		r.sequence = string(value) == "true" || r.sequence
	case "standalone":
		s.once(found, 3)
		inner.host(&r.host)
		r.hasHost = true
	}
	if inner.odd {
		s.give()
	}
}

func (s *scanner) host(h *Host) {
	var seen uint8
	s.object(func(key []byte) {
		switch string(key) {
		case "node":
			s.once(&seen, 0)
			h.Node = s.known()
		case "container":
			s.once(&seen, 1)
			h.Container = s.known()
		case "start":
			s.once(&seen, 2)
			h.Start = s.known()
		default:
			s.unlike(key, "node", "container", "start")
			s.skip()
		}
	})
}

// parse reads a record whatever it looks like, with encoding/json.
func (r *Record) parse(body []byte) error {
	var long struct {
		ActivationID string `json:"activationId"`
		Start        int64  `json:"start"`
		End          int64  `json:"end"`
		Duration     int64  `json:"duration"`
		Response     struct {
			Status string          `json:"status"`
			Result json.RawMessage `json:"result"`
		} `json:"response"`
		Logs        json.RawMessage `json:"logs"`
		Annotations []struct {
			Key   string          `json:"key"`
			Value json.RawMessage `json:"value"`
		} `json:"annotations"`
	}
	if err := json.Unmarshal(body, &long); err != nil {
		return err
	}
	*r = Record{ActivationID: long.ActivationID, Start: long.Start, End: long.End, Duration: long.Duration,
		Status: long.Response.Status, Result: long.Response.Result}
	first := func(key string, into any) bool {
		for _, a := range long.Annotations {
			if a.Key == key {
				return json.Unmarshal(a.Value, into) == nil
			}
		}
		return false
	}
	var kind string
	r.hasWait, r.hasInit = first("waitTime", &r.wait), first("initTime", &r.init)
	var conductor json.RawMessage
	r.sequence = first("kind", &kind) && kind == "sequence" || first("conductor", &conductor) && string(conductor) == "true"
	r.hasHost = first("standalone", &r.host)
	r.components(long.Logs)
	return nil
}

// UnmarshalJSON reads a stored record.
func (r *Record) UnmarshalJSON(body []byte) error {
	var named struct {
		Name  string `json:"name"`
		Cause string `json:"cause"`
	}
	if err := json.Unmarshal(body, &named); err != nil {
		return err
	}
	err := r.parse(body)
	r.Name, r.Cause = named.Name, named.Cause
	return err
}
