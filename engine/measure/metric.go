package measure

import (
	"slices"
	"time"
)

// Metric computes one number from a sample: nanoseconds for durations, a plain number otherwise. The second result is
// false when the sample has no such value; it is then left out, never counted as zero.
type Metric struct {
	Name string
	Of   func(s *Sample) (float64, bool)
	// Each are all the numbers of a sample that has several, in milliseconds; Of is then their mean. Statistics are of each,
	// not of the means. nil for one number a sample.
	Each func(s *Sample) []int64
}

// Metrics are all metrics, in the order in which tables show them. The vocabulary of the language names the same ones.
var Metrics = slices.Concat(callMetrics, stageMetrics)

// callMetrics are those that calls of every phase may have.
var callMetrics = []Metric{
	{Name: "response", Of: func(s *Sample) (float64, bool) { return nanos(s.end()-s.Due, s.answered()) }},
	{Name: "latency", Of: func(s *Sample) (float64, bool) { return nanos(s.end()-s.Sent, s.answered()) }},
	{Name: "send_lag", Of: func(s *Sample) (float64, bool) { return nanos(s.Sent-s.Due, s.Level == 0) }},
	{Name: "wait", Of: func(s *Sample) (float64, bool) { return recorded(s, func(r *Record) *int64 { return r.Wait }) }},
	{Name: "init", Of: func(s *Sample) (float64, bool) { return recorded(s, func(r *Record) *int64 { return r.Init }) }},
	{Name: "run", Of: func(s *Sample) (float64, bool) { return recorded(s, (*Record).run) }},
	{Name: "duration", Of: func(s *Sample) (float64, bool) { return recorded(s, func(r *Record) *int64 { return &r.Duration }) }},
	{Name: "span", Of: func(s *Sample) (float64, bool) { return recorded(s, (*Record).span) }},
	{Name: "hop", Of: hop, Each: hops},
	{Name: "overhead", Of: overhead},
	{Name: "stretch", Of: stretch},
	{Name: "ta", Of: func(s *Sample) (float64, bool) { return s.sinceFired() }},
}

// sinceFired is from the start of what started an activation to its own: owperf's TA, AS − TS, where a trigger did.
func (s *Sample) sinceFired() (float64, bool) {
	if s.Level == 0 || s.Record == nil {
		return 0, false
	}
	return float64(s.Record.Start-s.Fired) * float64(time.Millisecond), true
}

// answered reports whether the sample has an end that a latency may be taken from. A call that was accepted only, and
// whose record is not known, has none: its answer came fast because nothing was done yet.
func (s *Sample) answered() bool {
	return s.Level == 0 && (s.Completed > 0 || (s.FirstByte > 0 && s.Outcome != Accepted))
}

// end is when the call was over: the end in the record where the answer came before the work was done.
func (s *Sample) end() time.Duration {
	if s.Completed > 0 {
		return s.Completed
	}
	return s.Done
}

// run is the record's duration without init: OpenWhisk's duration includes it.
func (r *Record) run() *int64 {
	run := r.Duration
	if r.Init != nil {
		run -= *r.Init
	}
	return &run
}

// span is end − start, which for a sequence is more than its duration: that is the sum of its components'.
func (r *Record) span() *int64 {
	span := r.End - r.Start
	return &span
}

// hops are the times from the end of one component of a sequence to the start of the next.
func hops(s *Sample) []int64 {
	if s.Record == nil {
		return nil
	}
	return s.Record.Hops
}

// hop is the mean of a sample's hops.
func hop(s *Sample) (float64, bool) {
	list := hops(s)
	var sum int64
	for _, ms := range list {
		sum += ms
	}
	return float64(sum) * float64(time.Millisecond) / float64(max(1, len(list))), len(list) > 0
}

// overhead is latency − duration: two spans, so no clock is crossed.
func overhead(s *Sample) (float64, bool) {
	if s.Record == nil || !s.answered() {
		return 0, false
	}
	return float64(s.end()-s.Sent) - float64(s.Record.Duration)*float64(time.Millisecond), true
}

// stretch is latency / duration. A duration of 0 ms says only "less than a millisecond", so it gives no ratio.
func stretch(s *Sample) (float64, bool) {
	if s.Record == nil || s.Record.Duration <= 0 || !s.answered() {
		return 0, false
	}
	return float64(s.end()-s.Sent) / (float64(s.Record.Duration) * float64(time.Millisecond)), true
}

func nanos(d time.Duration, ok bool) (float64, bool) { return float64(d), ok }

func recorded(s *Sample, of func(*Record) *int64) (float64, bool) {
	if s.Record == nil {
		return 0, false
	}
	ms := of(s.Record)
	if ms == nil {
		return 0, false
	}
	return float64(*ms) * float64(time.Millisecond), true
}
