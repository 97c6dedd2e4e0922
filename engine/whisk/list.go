package whisk

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"time"
)

// How a list is read: OpenWhisk gives no more than 200 records at a time, and each holds a result of up to a megabyte and logs.
const (
	mostListed  = 200
	firstListed = 25
	largePage   = 2 << 20 // bytes; after one as large as this the next asks for half as many records
)

// Window is the time in which activations started, both ends included, to the millisecond.
type Window struct{ Since, Upto time.Time }

// Each reads the records of the caller's namespace that started in a window, page by page, the last one first, until some
// returns false. A record may come twice where others are stored meanwhile, and a list may lack what a read by id finds.
func (c *Client) Each(ctx context.Context, in Window, some func([]Record) bool) error {
	upto, skip, limit := in.Upto.UnixMilli(), 0, firstListed
	for {
		page, size, err := c.page(ctx, in.Since.UnixMilli(), upto, skip, limit)
		if err != nil || len(page) == 0 || !some(page) || len(page) < limit {
			return err
		}
		oldest, same := last(page)
		if oldest > upto {
			return errors.New("read the list of activations: it holds what has started later than was asked for")
		}
		if oldest == upto { // the whole page is of one millisecond
			skip += same
		} else {
			upto, skip = oldest, same
		}
		if limit = min(2*limit, mostListed); size > largePage {
			limit = max(1, len(page)/2)
		}
	}
}

// last is the earliest start of a page, and how many records have it.
func last(page []Record) (oldest int64, same int) {
	oldest = page[0].Start
	for i := range page {
		switch start := page[i].Start; {
		case start < oldest:
			oldest, same = start, 1
		case start == oldest:
			same++
		}
	}
	return oldest, same
}

// page reads one page of the list, and tells its size in bytes.
func (c *Client) page(ctx context.Context, since, upto int64, skip, limit int) (page []Record, size int, err error) {
	from := c.base.JoinPath("namespaces", "_", "activations")
	from.RawQuery = url.Values{
		"docs": {"true"}, "since": {strconv.FormatInt(since, 10)}, "upto": {strconv.FormatInt(upto, 10)},
		"skip": {strconv.Itoa(skip)}, "limit": {strconv.Itoa(limit)},
	}.Encode()
	size, err = c.sized(ctx, from, &page)
	return page, size, err
}
