package runtime

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"time"
)

// The texts that OpenWhisk puts into the log of an activation.
const (
	truncatedText = "Logs were truncated because the total bytes size exceeds the limit of %d bytes."
	incompleteLog = "The action did not initialize or run as expected. Log data might be missing."
)

// stampLayout is RFC 3339 with nine digits of seconds: in UTC exactly 30 characters, the width OpenWhisk pads to.
const stampLayout = "2006-01-02T15:04:05.000000000Z07:00"

// journal is the log of one process. Lines belong to the activation that is open when they are read; what comes while
// none is open belongs to none and is dropped. Where several are open nobody can tell whose a line is, and as in OpenWhisk
// the first that ends gets all that came since the last one ended.
type journal struct {
	mu        sync.Mutex
	open      int // activations
	limit     int
	kept      int // bytes of text kept for the next activation that ends
	truncated bool
	lines     []string
}

// begin opens the log of an activation. A limit of 0 keeps nothing, as in OpenWhisk.
func (j *journal) begin(limit int64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.open == 0 {
		j.empty()
	}
	j.open++
	j.limit = int(limit)
}

func (j *journal) empty() { j.kept, j.truncated, j.lines = 0, false, nil }

// end closes the log of an activation and returns its lines. One that failed gets OpenWhisk's remark.
func (j *journal) end(failed bool) []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	defer j.empty()
	j.open--
	if j.limit <= 0 {
		return nil
	}
	now := time.Now()
	if j.truncated {
		j.lines = append(j.lines, stamp(now, "stderr", fmt.Sprintf(truncatedText, j.limit)))
	}
	if failed {
		j.lines = append(j.lines, stamp(now, "stderr", incompleteLog))
	}
	return j.lines
}

// How many lines a log may have: one for each lineLeast bytes of its limit, but linesLeast in any case. A line without text
// takes room, too. OpenWhisk counts what Docker writes around each, some 80 bytes.
const (
	lineLeast  = 64
	linesLeast = 1000
)

// add takes one line. The caller holds the lock.
func (j *journal) add(now time.Time, stream string, text []byte) {
	switch {
	case j.open == 0 || j.limit <= 0 || j.truncated:
		return
	case len(j.lines) >= max(j.limit/lineLeast, linesLeast):
		j.truncated = true
		return
	case j.kept+len(text) > j.limit:
		// The part that still fits is kept: a single long line would otherwise leave nothing to read.
		text, j.truncated = text[:j.limit-j.kept], true
		if len(text) == 0 {
			return
		}
	}
	j.kept += len(text)
	j.lines = append(j.lines, stamp(now, stream, strings.ToValidUTF8(string(text), "\uFFFD")))
}

func stamp(t time.Time, stream, text string) string {
	return t.UTC().Format(stampLayout) + " " + stream + ": " + text
}

// lineSplitter cuts a stream into lines.
type lineSplitter struct {
	stream  string
	partial []byte // the beginning of a line whose end has not come
}

// partialKept bounds a line without an end; the longest log limit is 10 MB, and no line may need more.
const partialKept = 16 << 20

// write cuts data into lines. The caller holds the journal's lock.
func (l *lineSplitter) write(j *journal, now time.Time, data []byte) {
	for {
		line, rest, found := bytes.Cut(data, []byte{'\n'})
		if !found {
			room := max(0, partialKept-len(l.partial))
			l.partial = append(l.partial, line[:min(len(line), room)]...)
			return
		}
		if len(l.partial) > 0 {
			line = append(l.partial, line...)
			l.partial = l.partial[:0]
		}
		j.add(now, l.stream, bytes.TrimSuffix(line, []byte{'\r'}))
		data = rest
	}
}

// flush ends a line that has no end.
func (l *lineSplitter) flush(j *journal, now time.Time) {
	if len(l.partial) > 0 {
		j.add(now, l.stream, l.partial)
	}
	l.partial = nil
}
