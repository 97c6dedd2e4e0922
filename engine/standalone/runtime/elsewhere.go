package runtime

import (
	"encoding/json"
	"time"
)

// Log is the log of a container that is no process of ours: whoever reads its streams files the lines here, and they
// belong to the activation that is open then. It may be used by many goroutines.
type Log struct{ journal journal }

// Begin opens the log of an activation, of which limit bytes are kept; 0 keeps nothing.
func (l *Log) Begin(limit int64) { l.journal.begin(limit) }

// Add files one line of the stream, without its end.
func (l *Log) Add(stream string, line []byte) {
	l.journal.mu.Lock()
	defer l.journal.mu.Unlock()
	l.journal.add(time.Now(), stream, line)
}

// End closes the log and returns its lines as the records have them.
func (l *Log) End(failed bool) []string { return l.journal.end(failed) }

// Request is the activation as OpenWhisk's invoker posts it to a container's /run. value must be valid JSON.
func (a Activation) Request(value json.RawMessage) ([]byte, error) { return a.line(value) }
