package whisk

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"
)

// listing serves records that started at some moments, the last one first, as OpenWhisk lists them.
func listing(t *testing.T, starts []int64, obeys bool) *Client {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		number := func(key string) int64 {
			n, err := strconv.ParseInt(r.URL.Query().Get(key), 10, 64)
			if err != nil || r.URL.Query().Get("docs") != "true" {
				t.Errorf("query %s", r.URL.RawQuery)
			}
			return n
		}
		since, upto, skip, limit := number("since"), number("upto"), number("skip"), number("limit")
		if limit > 200 {
			t.Errorf("%d records are asked for at a time", limit)
		}
		rows := []map[string]any{}
		for i := len(starts) - 1; i >= 0; i-- {
			in := starts[i] >= since && starts[i] <= upto
			if obeys && !in {
				continue
			}
			if skip--; skip < 0 && int64(len(rows)) < limit {
				rows = append(rows, map[string]any{"activationId": fmt.Sprint("a", i), "name": "hello", "start": starts[i], "cause": "c"})
			}
		}
		_ = json.NewEncoder(w).Encode(rows)
	}))
	t.Cleanup(server.Close)
	client, err := New(Access{Host: server.URL, Auth: "u:k"}, 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

func TestAListIsReadToItsEndPageByPage(t *testing.T) {
	for _, row := range []struct {
		name    string
		n       int
		perTime int // how many started in the same millisecond
	}{
		{"none", 0, 1}, {"less than a page", 24, 1}, {"a page", 25, 1}, {"many pages", 3000, 1},
		{"several in a millisecond", 3000, 7}, {"pages of one millisecond", 3000, 1500},
	} {
		starts := make([]int64, row.n+2)
		for i := range starts {
			starts[i] = 1000 + int64(i/row.perTime)
		}
		if row.n+1 > 0 { // the first and the last are out of the window
			starts[0], starts[row.n+1] = 10, 1_000_000
		}
		client := listing(t, starts, true)
		seen := map[string]bool{}
		err := client.Each(t.Context(), Window{time.UnixMilli(1000), time.UnixMilli(900_000)}, func(page []Record) bool {
			for _, r := range page {
				seen[r.ActivationID] = true
				if r.Cause != "c" || r.Name != "hello" {
					t.Fatalf("%+v", r)
				}
			}
			return true
		})
		if err != nil || len(seen) != row.n {
			t.Errorf("%s: %d of %d records, %v", row.name, len(seen), row.n, err)
		}
	}
}

func TestAListEndsWhereItsReaderHasEnough(t *testing.T) {
	pages := 0
	err := listing(t, make([]int64, 1000), true).Each(t.Context(), Window{time.UnixMilli(0), time.UnixMilli(5)}, func([]Record) bool { pages++; return pages < 2 })
	if err != nil || pages != 2 {
		t.Errorf("%d pages, %v", pages, err)
	}
}

// A server that knows no window would send the same page for ever.
func TestAListThatDoesNotKeepToItsWindowIsAnError(t *testing.T) {
	starts := make([]int64, 100)
	for i := range starts {
		starts[i] = int64(i)
	}
	if err := listing(t, starts, false).Each(t.Context(), Window{time.UnixMilli(0), time.UnixMilli(5)}, func([]Record) bool { return true }); err == nil {
		t.Error("no error")
	}
}
