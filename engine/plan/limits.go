package plan

import (
	"time"

	"wsk-scenario/dsl"
	"wsk-scenario/dsl/syntax"
)

// Limits are what a profile says of the limits of the embedded OpenWhisk, beside those of invocations. A zero field is its
// default. Sizes are in bytes where their names do not say otherwise.
type Limits struct {
	FiresPerMinute int   `json:"fires_per_minute,omitempty"`
	SequenceLength int   `json:"sequence_length,omitempty"`
	Payload        int64 `json:"payload,omitempty"`
	Result         int64 `json:"result,omitempty"`
	Parameters     int64 `json:"parameters,omitempty"`
	Code           int64 `json:"code,omitempty"`
	TimeMS         Range `json:"time_ms,omitzero"`
	MemoryMB       Range `json:"memory_mb,omitzero"`
	LogsMB         Range `json:"logs_mb,omitzero"`
	Concurrency    Range `json:"concurrency,omitzero"`
}

// Range is the ends of a range and what holds where nothing is said; nil is the default.
type Range struct {
	Min *int64 `json:"min,omitempty"`
	Std *int64 `json:"std,omitempty"`
	Max *int64 `json:"max,omitempty"`
}

// Over puts what the range says over what holds without it.
func (r Range) Over(low, std, high *int64) {
	for _, end := range []struct{ said, to *int64 }{{r.Min, low}, {r.Std, std}, {r.Max, high}} {
		if end.said != nil {
			*end.to = *end.said
		}
	}
}

func limits(l *dsl.EmbeddedLimits) Limits {
	return Limits{
		FiresPerMinute: literal(l.FiresPerMinute), SequenceLength: literal(l.SequenceLength),
		Payload: int64(literal(l.Payload)), Result: int64(literal(l.Result)),
		Parameters: int64(literal(l.Parameters)), Code: int64(literal(l.Code)),
		TimeMS:      ranged(l.Time.Min, l.Time.Std, l.Time.Max, time.Millisecond),
		MemoryMB:    ranged(l.Memory.Min, l.Memory.Std, l.Memory.Max, syntax.MB),
		LogsMB:      ranged(l.Logs.Min, l.Logs.Std, l.Logs.Max, syntax.MB),
		Concurrency: ranged(l.Concurrency.Min, l.Concurrency.Std, l.Concurrency.Max, 1),
	}
}

// ranged is a range in a unit.
func ranged[T time.Duration | syntax.Bytes | int](low, std, high syntax.Val[T], unit T) (r Range) {
	for _, end := range []struct {
		from syntax.Val[T]
		to   **int64
	}{{low, &r.Min}, {std, &r.Std}, {high, &r.Max}} {
		if n, ok := end.from.Literal(); ok {
			count := int64(n / unit)
			*end.to = &count
		}
	}
	return r
}
