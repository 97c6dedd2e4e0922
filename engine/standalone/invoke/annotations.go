package invoke

import (
	"encoding/json"
	"strconv"

	"wsk-scenario/engine/standalone/balancer"
	"wsk-scenario/engine/standalone/entity"
	"wsk-scenario/engine/standalone/pool"
)

// annotations writes the annotations of a record straight as JSON: they are written for every invocation and read for
// few, and only by others.
type annotations struct{ buf []byte }

// list closes the list. The annotations must not be added to any more.
func (a *annotations) list() json.RawMessage { return append(a.buf, ']') }

// key opens one annotation. All our keys are plain words.
func (a *annotations) key(key string) {
	if a.buf == nil {
		a.buf = append(make([]byte, 0, 512), '[')
	} else {
		a.buf = append(a.buf, ',')
	}
	a.buf = append(a.buf, `{"key":"`...)
	a.buf = append(a.buf, key...)
	a.buf = append(a.buf, `","value":`...)
}

func (a *annotations) raw(key, value string) {
	a.key(key)
	a.buf = append(a.buf, value...)
	a.buf = append(a.buf, '}')
}

func (a *annotations) text(key, value string) {
	a.key(key)
	a.buf = append(a.buf, quote(value)...)
	a.buf = append(a.buf, '}')
}

func (a *annotations) integer(key string, value int64) { a.raw(key, strconv.FormatInt(value, 10)) }

func (a *annotations) boolean(key string, value bool) { a.raw(key, strconv.FormatBool(value)) }

// common are the annotations of actions and sequences alike.
func (a *annotations) common(path, kind string, l entity.Limits) {
	a.text("path", path)
	a.text("kind", kind)
	a.key("limits")
	for _, f := range []struct {
		label string
		value int64
	}{{`{"timeout":`, l.Timeout}, {`,"memory":`, l.Memory}, {`,"logs":`, l.Logs}, {`,"concurrency":`, l.Concurrency}, {`,"instances":`, l.Instances}} {
		if f.label == `,"instances":` && f.value == 0 {
			continue
		}
		a.buf = append(a.buf, f.label...)
		a.buf = strconv.AppendInt(a.buf, f.value, 10)
	}
	a.buf = append(a.buf, "}}"...)
}

// standalone is the one annotation that OpenWhisk does not have: which container served on which node, what of that is
// emulated, whether the container was started for this activation, and what it was held to. It makes cold a fact and not
// a guess from waitTime.
func (a *annotations) standalone(seat *balancer.Seat, o pool.Outcome) {
	a.key("standalone")
	a.buf = append(a.buf, `{"node":`...)
	a.buf = append(a.buf, quote(seat.Node())...)
	if emulated := seat.Emulated(); emulated != "" {
		a.buf = append(a.buf, `,"emulated":`...)
		a.buf = append(a.buf, quote(emulated)...)
	}
	a.buf = append(a.buf, `,"container":`...)
	a.buf = append(a.buf, quote(o.Container)...)
	a.buf = append(a.buf, `,"start":"`...)
	a.buf = append(a.buf, o.Start...)
	a.buf = append(a.buf, `","limits":`...)
	a.buf = append(a.buf, quote(o.Limits)...)
	a.buf = append(a.buf, "}}"...)
}
