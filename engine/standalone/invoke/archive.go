package invoke

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"wsk-scenario/engine/standalone/pool"
)

// Archive keeps activation records where they outlive the process.
type Archive interface {
	// Append writes records, all or none, and drops those that are too old or too many.
	Append(records [][]byte, now time.Time) error
	// Activations calls each for every record, the oldest first, with when it was written.
	Activations(now time.Time, each func(record []byte, at time.Time) error) error
}

// How the archive is written: in batches, so that many records cost one write to the disk, and behind the activations, so
// that none waits for it. A process that is killed loses the records of the last archiveEvery.
const (
	archiveEvery      = 500 * time.Millisecond
	archiveBatch      = 5000    // records
	archiveBatchBytes = 8 << 20 // and about how many bytes of them, in memory
)

// archivist writes records to an archive, in the background and in their order.
type archivist struct {
	to   Archive
	most int // records that may wait, and
	room int // about how many bytes of them: those beyond are older than what the history keeps
	now  func() time.Time
	log  *slog.Logger

	mu      sync.Mutex
	waiting []*Record
	bytes   int // of those that wait
	lost    int
	stop    chan struct{}
	done    chan struct{}
}

func newArchivist(to Archive, keep *History, now func() time.Time, log *slog.Logger) *archivist {
	a := &archivist{to: to, most: keep.retention.Count, room: keep.maxBytes, now: now, log: log, stop: make(chan struct{}), done: make(chan struct{})}
	go a.write()
	return a
}

// add has a record written.
func (a *archivist) add(r *Record) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.waiting, a.bytes = append(a.waiting, r), a.bytes+r.size()
	for len(a.waiting) > a.most || a.bytes > a.room && len(a.waiting) > 1 {
		a.next()
		a.lost++
	}
}

// next takes the oldest that waits. The caller holds the lock.
func (a *archivist) next() *Record {
	r := a.waiting[0]
	a.waiting[0] = nil
	a.waiting, a.bytes = a.waiting[1:], a.bytes-r.size()
	return r
}

// close writes what waits, and ends.
func (a *archivist) close() {
	close(a.stop)
	<-a.done
}

func (a *archivist) write() {
	defer close(a.done)
	tick := time.NewTicker(archiveEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			a.flush()
		case <-a.stop:
			a.flush()
			return
		}
	}
}

// flush writes all that waits. What cannot be written is lost for the archive, and the log says how much that is.
func (a *archivist) flush() {
	for {
		batch, lost := a.take()
		if lost > 0 {
			a.log.Warn("activation records came faster than they could be written, and are not kept", "records", lost)
		}
		if len(batch) == 0 {
			return
		}
		if err := a.to.Append(batch, a.now()); err != nil {
			a.log.Error("keep activation records", "records", len(batch), "error", err)
		}
	}
}

// take is the next batch, encoded.
func (a *archivist) take() (batch [][]byte, lost int) {
	a.mu.Lock()
	var records []*Record
	for size := 0; len(a.waiting) > 0 && len(records) < archiveBatch && size < archiveBatchBytes; {
		r := a.next()
		records, size = append(records, r), size+r.size()
	}
	lost, a.lost = a.lost, 0
	a.mu.Unlock()
	for _, r := range records {
		batch = append(batch, r.encode())
	}
	return batch, lost
}

// archived is a record as an archive has it.
type archived struct {
	ID          string          `json:"id"`
	Namespace   string          `json:"ns"`
	Path        string          `json:"path"`
	Name        string          `json:"name"`
	Version     string          `json:"version"`
	Cause       string          `json:"cause,omitempty"`
	Start       int64           `json:"start"`
	End         int64           `json:"end,omitempty"`
	Duration    int64           `json:"duration,omitempty"`
	Status      pool.Status     `json:"status,omitempty"`
	Result      json.RawMessage `json:"result"`
	Logs        []string        `json:"logs,omitempty"`
	Annotations json.RawMessage `json:"annotations"`
	Memory      int64           `json:"memory,omitempty"`
	Sequence    bool            `json:"sequence,omitempty"`
	Trigger     bool            `json:"trigger,omitempty"`
}

func (r *Record) encode() []byte {
	var b bytes.Buffer
	to := json.NewEncoder(&b)
	to.SetEscapeHTML(false) // the result stays as it is
	err := to.Encode(archived{
		r.ActivationID, r.Namespace, r.Path, r.Name, r.Version, r.Cause, r.Start, r.End, r.Duration, r.Status,
		r.Result, r.Logs, r.Annotations, r.memory, r.sequence, r.trigger,
	})
	if err != nil { // the raw parts are valid JSON, by the pool and by ourselves
		panic(fmt.Sprintf("encode the record of an activation: %v", err))
	}
	return b.Bytes()
}

func decodeRecord(raw []byte) (*Record, error) {
	var a archived
	if err := json.Unmarshal(raw, &a); err != nil {
		return nil, err
	}
	return &Record{
		ActivationID: a.ID, Namespace: a.Namespace, Path: a.Path, Name: a.Name, Version: a.Version, Cause: a.Cause,
		Start: a.Start, End: a.End, Duration: a.Duration, Status: a.Status,
		Result: a.Result, Logs: a.Logs, Annotations: a.Annotations,
		memory: a.Memory, sequence: a.Sequence, trigger: a.Trigger,
	}, nil
}
