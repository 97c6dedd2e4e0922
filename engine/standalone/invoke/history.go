package invoke

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"wsk-scenario/engine/standalone/entity"
)

// Retention is how much is kept; the oldest records are dropped beyond it. A zero field means its default.
type Retention struct {
	Count int           // records; 200 000 when 0
	Age   time.Duration // since their end; 7 days when 0
}

// The defaults of Retention, and what bounds the memory whatever it says.
const (
	maxRecords     = 200_000
	maxRecordBytes = 512 << 20
	maxAge         = 7 * 24 * time.Hour
)

// WithDefaults fills in what is not set.
func (r Retention) WithDefaults() Retention {
	return Retention{cmp.Or(r.Count, maxRecords), cmp.Or(r.Age, maxAge)}
}

// History keeps the latest activation records in bounded memory. It is safe for use by many goroutines.
type History struct {
	retention Retention
	maxBytes  int
	now       func() time.Time

	mu    sync.RWMutex
	byID  map[string]*entry
	order []*entry // by the time of completion; nil before first
	first int
	bytes int
}

// entry is a record and the moment from which it can be read.
type entry struct {
	record  *Record
	visible time.Time
}

func newHistory(keep Retention, maxBytes int, now func() time.Time) *History {
	return &History{retention: keep.WithDefaults(), maxBytes: maxBytes, now: now, byID: map[string]*entry{}}
}

// readable reports whether an entry can be read at a moment: not yet, or no more.
func (h *History) readable(e *entry, now time.Time) bool {
	return !e.visible.After(now) && now.Sub(e.visible) <= h.retention.Age
}

func (h *History) add(r *Record, visible time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	e := &entry{r, visible}
	h.byID[r.ActivationID] = e
	h.order = append(h.order, e)
	h.bytes += r.size()
	for len(h.byID) > h.retention.Count || len(h.byID) > 1 && (h.bytes > h.maxBytes || h.aged(visible)) {
		h.dropOldest()
	}
}

// aged reports whether the first record is too old at a moment.
func (h *History) aged(now time.Time) bool {
	return now.Sub(h.order[h.first].visible) > h.retention.Age
}

// dropOldest forgets the first record. The front of order is given back once it is half of it, so that dropping costs
// the same however many records there are.
func (h *History) dropOldest() {
	e := h.order[h.first]
	h.order[h.first] = nil
	h.first++
	h.bytes -= e.record.size()
	delete(h.byID, e.record.ActivationID)
	if h.first > len(h.order)/2 {
		h.order = append([]*entry(nil), h.order[h.first:]...)
		h.first = 0
	}
}

// Get returns the record of an activation of a namespace once it can be read.
func (h *History) Get(namespace, id string) (*Record, error) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	e := h.byID[id]
	if e == nil || e.record.Namespace != namespace || !h.readable(e, h.now()) {
		return nil, entity.Faultf(entity.Missing, entity.NotThere)
	}
	return e.record, nil
}

// Held is how many records are kept, and about what they take in memory.
func (h *History) Held() (records, bytes int) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return len(h.byID), h.bytes
}

// Filter selects records. The zero value of a field selects all.
type Filter struct {
	Namespace   string
	Path        string // [pkg/]name
	Since, Upto int64  // epoch ms of the start, both inclusive
}

func (f Filter) matches(r *Record) bool {
	return (f.Namespace == "" || r.Namespace == f.Namespace) && (f.Path == "" || r.Path == f.Path) &&
		r.Start >= f.Since && (f.Upto == 0 || r.Start <= f.Upto)
}

// List returns the records that can be read and match, the one started last first.
func (h *History) List(f Filter) []*Record {
	list := h.matching(f)
	// Completion is nearly the order of the starts; the stable sort settles the rest.
	slices.Reverse(list)
	slices.SortStableFunc(list, func(a, b *Record) int { return cmp.Compare(b.Start, a.Start) })
	return list
}

func (h *History) matching(f Filter) []*Record {
	now := h.now()
	h.mu.RLock()
	defer h.mu.RUnlock()
	var list []*Record
	for _, e := range h.order[h.first:] {
		if f.matches(e.record) && h.readable(e, now) {
			list = append(list, e.record)
		}
	}
	return list
}
