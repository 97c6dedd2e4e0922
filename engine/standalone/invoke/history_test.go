package invoke

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

func noon() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

func filled(h *History, n int, result string) {
	for i := range n {
		h.add(&Record{ActivationID: fmt.Sprint(i), Start: int64(i), Result: json.RawMessage(result)}, noon())
	}
}

func TestHistoryKeepsTheLatest(t *testing.T) {
	const kilobyte = 1000
	large := strings.Repeat("x", kilobyte)
	for _, c := range []struct {
		name               string
		maxCount, maxBytes int
		n                  int
		result             string
		want               int
	}{
		{"as many as there are", 10, 1 << 20, 7, "{}", 7},
		{"no more than the count", 10, 1 << 20, 1000, "{}", 10},
		{"no more than the bytes", 1000, 10 * (kilobyte + 512), 500, large, 10},
		{"one that is larger than all bytes together", 10, 100, 3, large, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHistory(Retention{Count: c.maxCount}, c.maxBytes, noon)
			filled(h, c.n, c.result)
			list := h.List(Filter{})
			if len(list) != c.want || list[0].ActivationID != fmt.Sprint(c.n-1) {
				t.Errorf("got %d records from %s on, want %d from %d on", len(list), list[0].ActivationID, c.want, c.n-1)
			}
			if held := len(h.order); held > 2*c.want+1 {
				t.Errorf("got %d places held for %d records, want the front given back", held, c.want)
			}
			if _, err := h.Get("", fmt.Sprint(c.n-c.want)); err != nil {
				t.Errorf("the oldest that is kept: %v", err)
			}
			if r, err := h.Get("", fmt.Sprint(c.n-c.want-1)); err == nil {
				t.Errorf("got record %s, want it dropped", r.ActivationID)
			}
		})
	}
}

func TestListsAreByStart(t *testing.T) {
	h := newHistory(Retention{Count: 10}, 1<<20, noon)
	for i, start := range []int64{5, 1, 9, 5, 3} { // in the order they ended
		h.add(&Record{ActivationID: fmt.Sprint(i), Start: start}, noon())
	}
	var got []string
	for _, r := range h.List(Filter{}) {
		got = append(got, r.ActivationID)
	}
	if want := "2 3 0 4 1"; strings.Join(got, " ") != want {
		t.Errorf("got %v, want %s: by start, and of equal ones the one that ended last first", got, want)
	}
}

func TestRecordsHaveAnAge(t *testing.T) {
	now := noon()
	h := newHistory(Retention{Age: time.Minute}, 1<<20, func() time.Time { return now })
	h.add(&Record{ActivationID: "old"}, now)
	now = now.Add(time.Minute)
	if _, err := h.Get("", "old"); err != nil {
		t.Errorf("at its age: %v", err)
	}
	now = now.Add(time.Millisecond)
	if _, err := h.Get("", "old"); err == nil || len(h.List(Filter{})) > 0 {
		t.Error("got a record beyond its age")
	}
	h.add(&Record{ActivationID: "new"}, now)
	if len(h.byID) != 1 {
		t.Errorf("got %d records held, want the old one given back", len(h.byID))
	}
}
