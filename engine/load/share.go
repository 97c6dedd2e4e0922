package load

import (
	"context"
	"time"
)

// Share is the part of a load that one of several processes sends: every Of-th user, every Of-th call, from the one with the
// number Index on. All of them together send what one alone would. The zero value is the whole load.
//
//	calls     0  1  2  3  4  5  6  7
//	0 of 3    │        │        │
//	1 of 3       │        │        │
//	2 of 3          │        │
type Share struct {
	Index, Of int
	// Barrier waits for the others when this process is ready, and returns when the load begins; before is how many calls this one
	// has made ahead of it, all how many any has. It is false when there will be no load.
	Barrier func(ctx context.Context, before int) (start time.Time, all int, ok bool)
}

// Mine reports whether the user or call with a number belongs to the share.
func (s Share) Mine(number int) bool { return s.Of <= 1 || number%s.Of == s.Index }

// Part is how many of so many belong to the share.
func (s Share) Part(total int) int {
	if s.Of <= 1 {
		return total
	}
	return (total - s.Index + s.Of - 1) / s.Of
}

// nth is the number of the share's own n-th.
func (s Share) nth(n int) int {
	if s.Of <= 1 {
		return n
	}
	return n*s.Of + s.Index
}

// first reports whether what is done once for all falls to this share.
func (s Share) first() bool { return s.Of <= 1 || s.Index == 0 }

// begin waits for the others.
func (s Share) begin(ctx context.Context, before int) (time.Time, int, bool) {
	if s.Barrier == nil {
		return time.Now(), before, true
	}
	return s.Barrier(ctx, before)
}
