package docker

import (
	"bytes"
	"sync"
	"time"

	"github.com/moby/moby/api/pkg/stdcopy"
	"github.com/moby/moby/client"

	"wsk-scenario/engine/standalone/runtime"
)

// sentinel is the line that a runtime writes on both streams when an activation has ended.
const sentinel = "XXX_THE_END_OF_A_WHISK_ACTIVATION_XXX"

// What OpenWhisk says of a log whose end did not come, and how long it waits for it.
const (
	missingLog   = "There was an issue while collecting your logs. Data might be missing."
	sentinelTime = 2 * time.Second
)

// output reads what a container writes, until it ends.
type output struct {
	log  runtime.Log
	end  chan struct{} // closed when the container writes no more
	conn client.HijackedResponse
	work sync.WaitGroup

	mu      sync.Mutex
	limit   int64
	missing int           // streams without a sentinel since the log was opened
	whole   chan struct{} // closed when it is 0
}

// follow reads the two streams of a container out of one connection. Close it.
func follow(conn client.HijackedResponse) *output {
	o := &output{conn: conn, end: make(chan struct{}), whole: make(chan struct{})}
	o.work.Go(func() {
		defer close(o.end)
		out, err := &lines{stream: "stdout", to: o}, &lines{stream: "stderr", to: o}
		_, _ = stdcopy.StdCopy(out, err, conn.Reader) // how it ended does not matter
		out.flush()
		err.flush()
	})
	return o
}

// ended reports whether the container writes no more.
func (o *output) ended() bool {
	select {
	case <-o.end:
		return true
	default:
		return false
	}
}

// close ends the reading.
func (o *output) close() {
	o.conn.Close()
	o.work.Wait()
}

// streams is how many a container has: each gets a sentinel.
const streams = 2

// OpenLog begins the log of an activation; what was written since the last one belongs to none.
func (c *Container) OpenLog(limit int64) {
	o := c.output
	o.mu.Lock()
	o.limit, o.missing, o.whole = limit, streams, make(chan struct{})
	o.mu.Unlock()
	o.log.Begin(limit)
}

// CloseLog waits for the sentinels and returns the lines before them. A log of which nothing is kept is not waited for, and
// as in OpenWhisk neither is that of a container that may run several activations.
func (c *Container) CloseLog(failed bool) []string {
	o := c.output
	o.mu.Lock()
	whole, limit := o.whole, o.limit
	o.mu.Unlock()
	if limit > 0 && !c.shared {
		timer := time.NewTimer(sentinelTime)
		defer timer.Stop()
		select {
		case <-whole:
		case <-o.end:
		case <-timer.C:
			o.log.Add("stderr", []byte(missingLog))
		}
	}
	return o.log.End(failed)
}

// line files one line, or notes that it is a sentinel. Text that the action did not end stands before it.
func (o *output) line(stream string, text []byte) {
	text = bytes.TrimSuffix(text, []byte{'\r'})
	before, is := bytes.CutSuffix(text, []byte(sentinel))
	if len(before) > 0 || !is {
		o.log.Add(stream, before)
	}
	if !is {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.missing--; o.missing == 0 {
		close(o.whole)
	}
}

// lineMost bounds a line without an end: the longest log limit is 10 MB.
const lineMost = 16 << 20

// lines cuts one stream into lines.
type lines struct {
	stream  string
	to      *output
	partial []byte // the beginning of a line whose end has not come
}

func (l *lines) Write(data []byte) (int, error) {
	n := len(data)
	for {
		head, rest, found := bytes.Cut(data, []byte{'\n'})
		if !found {
			l.partial = append(l.partial, head[:min(len(head), max(0, lineMost-len(l.partial)))]...)
			return n, nil
		}
		if len(l.partial) > 0 {
			head = append(l.partial, head...)
			l.partial = l.partial[:0]
		}
		l.to.line(l.stream, head)
		data = rest
	}
}

// flush ends a line that has no end.
func (l *lines) flush() {
	if len(l.partial) > 0 {
		l.to.line(l.stream, l.partial)
	}
	l.partial = nil
}
