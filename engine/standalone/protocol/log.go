package protocol

import (
	"bytes"
	"sync"
	"time"

	"wsk-scenario/engine/standalone/runtime"
)

// Sentinel is the line that a runtime writes on both streams when an activation has ended.
const Sentinel = "XXX_THE_END_OF_A_WHISK_ACTIVATION_XXX"

// What OpenWhisk says of a log whose end did not come, and how long it waits for it.
const (
	missingLog   = "There was an issue while collecting your logs. Data might be missing."
	sentinelTime = 2 * time.Second
)

// streams is how many a container has: each gets a sentinel.
const streams = 2

// Log is the log of one container. Whoever reads its streams files their lines here.
type Log struct {
	log runtime.Log

	mu      sync.Mutex
	limit   int64
	missing int           // streams without a sentinel since the log was opened
	whole   chan struct{} // closed when it is 0
}

// Open begins the log of an activation; what was written since the last one belongs to none.
func (l *Log) Open(limit int64) {
	l.mu.Lock()
	l.limit, l.missing, l.whole = limit, streams, make(chan struct{})
	l.mu.Unlock()
	l.log.Begin(limit)
}

// Close waits for the sentinels, or until the container writes no more, and returns the lines before them. A log of which
// nothing is kept is not waited for, and as in OpenWhisk neither is that of a container that may run several activations: it
// is shared.
func (l *Log) Close(failed, shared bool, end <-chan struct{}) []string {
	l.mu.Lock()
	whole, limit := l.whole, l.limit
	l.mu.Unlock()
	if limit > 0 && !shared {
		timer := time.NewTimer(sentinelTime)
		defer timer.Stop()
		select {
		case <-whole:
		case <-end:
		case <-timer.C:
			l.log.Add("stderr", []byte(missingLog))
		}
	}
	return l.log.End(failed)
}

// Line files one line, or notes that it is a sentinel. Text that the action did not end stands before it.
func (l *Log) Line(stream string, text []byte) {
	text = bytes.TrimSuffix(text, []byte{'\r'})
	before, is := bytes.CutSuffix(text, []byte(Sentinel))
	if len(before) > 0 || !is {
		l.log.Add(stream, before)
	}
	if !is {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.missing--; l.missing == 0 {
		close(l.whole)
	}
}
