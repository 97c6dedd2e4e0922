package api

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"wsk-scenario/engine/standalone/entity"
	"wsk-scenario/engine/standalone/invoke"
)

// The sizes of a list: how many rows without a limit, and with any.
const (
	defaultRows = 30
	maxRows     = 200
)

// query reads the parameters of a request and keeps the first fault, so that each caller checks once.
type query struct {
	values url.Values
	fault  string
}

func (x *exchange) query() *query {
	if x.r.URL.RawQuery == "" {
		return &query{}
	}
	return &query{values: x.r.URL.Query()}
}

// ok reports whether all that was read made sense; otherwise the request has been answered.
func (q *query) ok(x *exchange) bool {
	if q.fault != "" {
		x.fail(http.StatusBadRequest, q.fault)
	}
	return q.fault == ""
}

func (q *query) wrong(key, format string, args ...any) {
	if q.fault == "" {
		q.fault = fmt.Sprintf("The query parameter '%s' was malformed:\n", key) + fmt.Sprintf(format, args...)
	}
}

func (q *query) flag(key string, missing bool) bool {
	if !q.values.Has(key) {
		return missing
	}
	value := q.values.Get(key)
	switch strings.ToLower(value) {
	case "true", "yes", "on", "1":
		return true
	case "false", "no", "off", "0":
		return false
	}
	q.wrong(key, "'%s' is not a valid Boolean value", value)
	return missing
}

// wait is how long a blocking call is held.
func (q *query) wait() time.Duration {
	if !q.values.Has("timeout") {
		return MaxWait
	}
	ms, err := strconv.ParseInt(q.values.Get("timeout"), 10, 64)
	if err != nil || ms < 1 || ms > MaxWait.Milliseconds() {
		q.wrong("timeout", "Timeout must be number of milliseconds up to %d.", MaxWait.Milliseconds())
	}
	return time.Duration(ms) * time.Millisecond
}

// page is the part of a list that was asked for.
type page struct {
	skip, limit int
	count       bool // only how many there are
}

func (q *query) page(collection string) page {
	p := page{limit: q.integer("limit", collection, defaultRows), skip: q.integer("skip", collection, 0)}
	if p.limit < 0 || p.limit > maxRows {
		q.wrong("limit", "The value '%d' is not in the range of 0 to %d for %s.", p.limit, maxRows, collection)
	}
	if p.limit == 0 {
		p.limit = maxRows
	}
	if p.skip < 0 {
		q.wrong("skip", "The value '%d' is not greater than or equal to 0 for %s.", p.skip, collection)
	}
	p.count = q.flag("count", false)
	return p
}

func (q *query) integer(key, collection string, missing int) int {
	if !q.values.Has(key) {
		return missing
	}
	n, err := strconv.ParseInt(q.values.Get(key), 10, 32)
	if err != nil {
		q.wrong(key, "The value '%s' is not an integer for %s.", q.values.Get(key), collection)
		return missing
	}
	return int(n)
}

// list answers with a page of rows, or with their count.
func list[T any](x *exchange, collection string, p page, rows []T, show func(T) any) {
	rows = rows[min(p.skip, len(rows)):]
	if p.count {
		x.answer(http.StatusOK, map[string]int{collection: len(rows)})
		return
	}
	stream(x, rows[:min(p.limit, len(rows))], show)
}

// filter selects activation records.
func (q *query) filter() invoke.Filter {
	f := invoke.Filter{Path: strings.TrimSpace(q.values.Get("name")), Since: q.epoch("since"), Upto: q.epoch("upto")}
	if f.Path == "" { // an empty name filters nothing
		return f
	}
	parts := strings.Split(f.Path, "/")
	for _, part := range parts {
		if len(parts) > 2 || entity.CheckName(part) != nil {
			q.wrong("name", "Parameter may be a 'simple' name or 'package-name/simple' name: %s", f.Path)
		}
	}
	return f
}

func (q *query) epoch(key string) int64 {
	if !q.values.Has(key) {
		return 0
	}
	ms, err := strconv.ParseInt(q.values.Get(key), 10, 64)
	if err != nil {
		q.wrong(key, "Parameter is not a valid value for epoch seconds: %s", q.values.Get(key))
	}
	return ms
}
