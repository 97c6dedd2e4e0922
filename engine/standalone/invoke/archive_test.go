package invoke

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"
)

// shelf is an archive in memory that takes nothing before it is opened.
type shelf struct {
	open    chan struct{}
	asked   chan struct{} // is closed when it is asked for the first time
	once    sync.Once
	batches [][]string // ids
}

func (s *shelf) Append(records [][]byte, _ time.Time) error {
	s.once.Do(func() { close(s.asked) })
	<-s.open
	var ids []string
	for _, raw := range records {
		r, err := decodeRecord(raw)
		if err != nil {
			return err
		}
		ids = append(ids, r.ActivationID)
	}
	s.batches = append(s.batches, ids)
	return nil
}

func (s *shelf) Activations(time.Time, func([]byte, time.Time) error) error { return nil }

// TestRecordsThatWaitForASlowDiskAreBounded has records come while none can be written: the oldest of those that wait make
// room for the latest, by number and by bytes, and the log tells how many.
func TestRecordsThatWaitForASlowDiskAreBounded(t *testing.T) {
	large := json.RawMessage(`"` + strings.Repeat("x", 1<<20) + `"`)
	for _, row := range []struct {
		name        string
		most, room  int
		result      json.RawMessage
		come, stay  int
		manyBatches bool
	}{
		{"all of a few", 100, 1 << 30, json.RawMessage("1"), 50, 50, false},
		{"as many as may be", 10, 1 << 30, json.RawMessage("1"), 50, 10, false},
		{"as many as there is room for", 100, 5 << 20, large, 15, 4, false},
		{"one that there is no room for", 100, 1000, large, 3, 1, false},
		{"large ones, in several batches", 100, 1 << 30, large, 12, 12, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			to := &shelf{open: make(chan struct{}), asked: make(chan struct{})}
			var log strings.Builder
			history := newHistory(Retention{Count: row.most}, row.room, noon)
			a := newArchivist(to, history, noon, slog.New(slog.NewTextHandler(&log, nil)))
			record := func(id string, result json.RawMessage) *Record {
				return &Record{ActivationID: id, Result: result, Annotations: json.RawMessage("[]")}
			}
			a.add(record("first", json.RawMessage("1")))
			<-to.asked // the rest comes while it is being written
			for i := range row.come {
				a.add(record(fmt.Sprint(i), row.result))
			}
			close(to.open)
			a.close()
			var got []string
			for _, b := range to.batches[1:] {
				got = append(got, b...)
			}
			if len(got) != row.stay || got[0] != fmt.Sprint(row.come-row.stay) || got[len(got)-1] != fmt.Sprint(row.come-1) {
				t.Errorf("got the records %v, want the last %d of %d", got, row.stay, row.come)
			}
			if many := len(to.batches) > 2; many != row.manyBatches {
				t.Errorf("got %d batches, want several: %v", len(to.batches)-1, row.manyBatches)
			}
			want := ""
			if lost := row.come - row.stay; lost > 0 {
				want = fmt.Sprintf("records=%d", lost)
			}
			if !strings.Contains(log.String(), want) || want == "" && log.String() != "" {
				t.Errorf("the log says %q, want %q", log.String(), want)
			}
		})
	}
}
