package entity

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"
)

// Limits are what one activation of an action may use, in the units of OpenWhisk's documents.
type Limits struct {
	Timeout     int64 `json:"timeout"`     // ms
	Memory      int64 `json:"memory"`      // MB
	Logs        int64 `json:"logs"`        // MB
	Concurrency int64 `json:"concurrency"` // activations in one container at a time
	// Instances is how many containers the action may have at a time on an invoker; as many as fit when 0.
	Instances int64 `json:"instances,omitempty"`
}

// TimeLimit is the time limit as a duration.
func (l Limits) TimeLimit() time.Duration { return time.Duration(l.Timeout) * time.Millisecond }

// LogBytes is the log limit in bytes.
func (l Limits) LogBytes() int64 { return l.Logs << 20 }

// Bounds is the range in which the limits of an action must lie, and how large things may be, in bytes.
type Bounds struct {
	Min, Default, Max Limits
	Code              int // of an action's code, as stored
	Parameters        int // of the parameters, and of the annotations, of one document
	Payload           int // of the arguments of an invocation
	Result            int // of a result; of one that is longer the beginning is told
}

// DefaultBounds are OpenWhisk's own.
var DefaultBounds = Bounds{
	Min:     Limits{Timeout: 100, Memory: 128, Logs: 0, Concurrency: 1},
	Default: Limits{Timeout: 60_000, Memory: 256, Logs: 10, Concurrency: 1},
	Max:     Limits{Timeout: 300_000, Memory: 512, Logs: 10, Concurrency: 1},
	Code:    48 << 20, Parameters: 1 << 20, Payload: 1 << 20, Result: 1 << 20,
}

// Check says which bounds contradict each other.
func (b Bounds) Check() error {
	for _, f := range []struct {
		name           string
		min, std, most int64
	}{
		{"time", b.Min.Timeout, b.Default.Timeout, b.Max.Timeout}, {"memory", b.Min.Memory, b.Default.Memory, b.Max.Memory},
		{"logs", b.Min.Logs, b.Default.Logs, b.Max.Logs},
		{"concurrency", b.Min.Concurrency, b.Default.Concurrency, b.Max.Concurrency},
	} {
		if f.min < 0 || f.min > f.std || f.std > f.most {
			return fmt.Errorf("the limits of %s must not go down from min %d over std %d to max %d", f.name, f.min, f.std, f.most)
		}
	}
	if b.Min.Timeout < 1 || b.Min.Memory < 1 || b.Min.Concurrency < 1 || min(b.Code, b.Parameters, b.Payload, b.Result) < 1 {
		return errors.New("the limits of time, memory, concurrency and sizes must be more than 0")
	}
	return nil
}

// LimitsPut are the limits of a PUT: only those that were sent.
type LimitsPut struct {
	Timeout     *int64 `json:"timeout"`
	Memory      *int64 `json:"memory"`
	Logs        *int64 `json:"logs"`
	Concurrency *int64 `json:"concurrency"`
	Instances   *int64 `json:"instances"`
}

// UnmarshalJSON reads limits, and says in the words of OpenWhisk what is no limit.
func (p *LimitsPut) UnmarshalJSON(data []byte) error {
	var sent map[string]json.RawMessage
	if err := json.Unmarshal(data, &sent); err != nil {
		return errors.New("limits malformed")
	}
	for _, f := range []struct {
		key, name string
		to        **int64
	}{{"timeout", "time", &p.Timeout}, {"memory", "memory", &p.Memory}, {"logs", "log", &p.Logs}, {"concurrency", "concurrency", &p.Concurrency}, {"instances", "instances", &p.Instances}} {
		value, is := sent[f.key]
		if !is || string(value) == "null" {
			continue
		}
		var number float64
		switch err := json.Unmarshal(value, &number); {
		case err != nil:
			return fmt.Errorf("%s limit malformed", f.name)
		case number != math.Trunc(number) || math.Abs(number) > math.MaxInt32:
			return fmt.Errorf("%s limit must be whole number", f.name)
		}
		whole := int64(number)
		*f.to = &whole
	}
	return nil
}

// over lays what was sent over the limits that hold without it.
func (p *LimitsPut) over(l Limits) Limits {
	if p == nil {
		return l
	}
	for _, f := range []struct {
		from *int64
		to   *int64
	}{{p.Timeout, &l.Timeout}, {p.Memory, &l.Memory}, {p.Logs, &l.Logs}, {p.Concurrency, &l.Concurrency}, {p.Instances, &l.Instances}} {
		if f.from != nil {
			*f.to = *f.from
		}
	}
	return l
}

// check says which limit lies outside the bounds, in the words of OpenWhisk.
func (b Bounds) check(l Limits) error {
	for _, f := range []struct {
		name, unit      string
		value, min, max int64
	}{
		{"duration", " milliseconds", l.Timeout, b.Min.Timeout, b.Max.Timeout},
		{"memory size", " MB", l.Memory, b.Min.Memory, b.Max.Memory},
		{"log size", " MB", l.Logs, b.Min.Logs, b.Max.Logs},
		{"concurrency", "", l.Concurrency, b.Min.Concurrency, b.Max.Concurrency},
		{"instances", "", l.Instances, 0, math.MaxInt64},
	} {
		if f.value < f.min {
			return Faultf(Malformed, "%s %d%s below allowed threshold of %d%s", f.name, f.value, f.unit, f.min, f.unit)
		}
		if f.value > f.max {
			return Faultf(Malformed, "%s %d%s exceeds allowed threshold of %d%s", f.name, f.value, f.unit, f.max, f.unit)
		}
	}
	return nil
}

// badContent is the fault of a body that reads well and makes no sense.
func badContent(format string, args ...any) *Fault {
	return Faultf(Malformed, "The request content was malformed:\n"+format, args...)
}

// checkSizes says which list of a document is too large.
func (b Bounds) checkSizes(parameters, annotations Parameters) error {
	if size := parameters.size(); size > b.Parameters {
		return tooBig("parameters", size, b.Parameters)
	}
	if size := annotations.size(); size > b.Parameters {
		return tooBig("annotations", size, b.Parameters)
	}
	return nil
}
