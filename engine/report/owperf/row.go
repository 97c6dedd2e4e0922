package owperf

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"time"

	"wsk-scenario/engine/plan"
)

// row is a row by its columns.
type row []column

// column is a named value of a row: a number, a text, a truth, or nil for what is not known.
type column struct {
	name  string
	value any
}

// separator stands between columns.
const separator = ",\t"

func (r row) header(w *bufio.Writer) {
	r.line(w, func(c column) string { return c.name })
}

func (r row) write(w *bufio.Writer) {
	r.line(w, column.text)
}

func (r row) line(w *bufio.Writer, text func(column) string) {
	for i, c := range r {
		if i > 0 {
			w.WriteString(separator)
		}
		w.WriteString(text(c))
	}
	w.WriteByte('\n')
}

// text is a value as JavaScript writes it, numbers with three decimals at most.
func (c column) text() string {
	switch v := c.value.(type) {
	case nil:
		return "undefined"
	case int:
		return strconv.Itoa(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		switch v = math.Floor(v*1000+0.5) / 1000; {
		case math.IsInf(v, 0):
			return map[bool]string{true: "Infinity", false: "-Infinity"}[v > 0]
		case v == 0:
			return "0" // also where it is below
		}
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return fmt.Sprint(c.value)
}

// input are the columns of the options, in order. What owperf's options say beyond a test (files, settling time, quiet) is not
// known of one.
func (t *Test) input() row {
	base, users, apart := &t.Master, t.Master.users, any(nil)
	own := [3]any{}
	if t.Workers != nil {
		base, users, apart = t.Workers, 1+t.Workers.users, true
		own = [3]any{t.Master.activity(), t.Master.waits(), milliseconds(t.Master.delta)}
	}
	return row{
		{"input.activity", base.activity()}, {"input.blocking", base.waits()}, {"input.delta", milliseconds(base.delta)},
		{"input.iterations", some(t.Master.iterations)}, {"input.period", some(milliseconds(t.Master.period))}, {"input.ratio", base.ratio},
		{"input.parameter_size", some(base.size)}, {"input.workers", users},
		{"input.master_activity", own[0]}, {"input.master_blocking", own[1]}, {"input.master_delta", own[2]},
		{"input.warmup", base.warmup}, {"input.delay", base.sleeps()}, {"input.pp_delay", nil}, {"input.burst_timing", nil},
		{"input.setup", true}, {"input.teardown", true}, {"input.config_file", nil},
		{"input.event_trigger", some(t.trigger())}, {"input.test_action", some(base.action)}, {"input.payload_file", some(base.file)},
		{"input.quiet", nil}, {"input.master_apart", apart},
	}
}

// trigger is the one that is fired.
func (t *Test) trigger() string {
	if t.Workers != nil && t.Master.trigger == "" {
		return t.Workers.trigger
	}
	return t.Master.trigger
}

func (c *Clients) activity() string {
	if c.rule {
		return "rule"
	}
	return "action"
}

// waits is what the clients wait for by owperf's words.
func (c *Clients) waits() string {
	if c.blocking == plan.ForRecord {
		return "activation"
	}
	return string(c.blocking)
}

func (c *Clients) sleeps() any {
	if c.delay == nil {
		return nil
	}
	return *c.delay
}

// some is a value that is known when it is not zero.
func some[T comparable](v T) any {
	var none T
	if v == none {
		return nil
	}
	return v
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// delayOf is how long an action is told to sleep, in milliseconds: by the payload, or else by its parameters.
func delayOf(cell *plan.Cell, action string, payload plan.Payload) *float64 {
	sources := []json.RawMessage{payload.JSON, payload.And}
	for _, a := range cell.Actions {
		if a.Name == action {
			sources = append(sources, a.Params)
		}
	}
	for _, source := range sources {
		var told struct {
			Sleep *float64 `json:"sleep"`
		}
		if json.Unmarshal(source, &told) == nil && told.Sleep != nil {
			return told.Sleep
		}
	}
	return nil
}
