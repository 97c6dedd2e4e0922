// Package load decides when calls are sent. It knows neither HTTP nor OpenWhisk nor statistics: it calls back at the due
// moment and counts what it issued.
package load

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// Call is one call that is due.
type Call struct {
	User   int           // who calls, from 0
	Seq    int           // the user's ordinal, from 0, warm-up included; of an open load, that of the call among all
	Step   int           // which step of the load the call belongs to, from 0
	Warmup bool          // sent before the load, kept out of statistics
	Due    time.Duration // since the driver's anchor
}

// Shooter makes the calls. Both methods are called by many users at a time, but for one user one after the other.
type Shooter interface {
	// Prepare makes ready what the user's next call needs, before its due moment, so that it is not measured. An error
	// ends the phase: a call that could not be prepared is not issued.
	Prepare(ctx context.Context, user int) error
	// Shoot makes the call and returns when it is over. Its context outlives the end of the load: what was issued is
	// brought to its end.
	Shoot(ctx context.Context, call Call)
}

// Closed is a closed model: Users call back to back, each when its last call is over.
//
//	user 0  ──w──w──│──c──c──c──c
//	user 1  ──w──w──│───c───c──c──c
//	            barrier      load
//
// With a Pace, a user's calls are due at fixed moments after the barrier. One that cannot be sent because the last is still
// under way is sent right after it, and stays due when it was: what the wait did to it is not left out.
//
//	user 0  │c   c   c───c   c      due every Pace; the third call takes too long
//
// All users finish their warm-up before any begins the load. Exactly one of Iterations, PerUser and For is set.
type Closed struct {
	Users            int
	WarmupIterations int           // warm-up calls of each user
	WarmupFor        time.Duration // or: how long each user warms up
	Iterations       int           // calls in all, shared by the users
	PerUser          int           // calls of each user
	For              time.Duration // how long the users call
	Pace             time.Duration // from one call of a user being due to the next; 0 for back to back
}

// Run drives shooter until the load is done or ctx ends, and returns how many calls were issued. Due moments count from
// anchor. In-flight calls are waited for in both cases; grace bounds that wait once ctx has ended. The error is the first
// one of Prepare.
func (c Closed) Run(ctx context.Context, anchor time.Time, grace time.Duration, shooter Shooter) (int, error) {
	shots, release := Outlive(ctx, grace)
	defer release()
	d := &driver{Closed: c, anchor: anchor, shots: shots, shooter: shooter, barrier: newBarrier(c.Users)}
	users, ctx := errgroup.WithContext(ctx)
	for user := range c.Users {
		users.Go(func() error { return d.user(ctx, user) })
	}
	err := users.Wait()
	return int(d.issued.Load()), err
}

// driver is one run of a closed load.
type driver struct {
	Closed
	anchor  time.Time
	shots   context.Context // of the calls; the one place where a context is kept, for the length of Run
	shooter Shooter
	barrier *barrier
	shared  atomic.Int64 // calls taken from Iterations
	issued  atomic.Int64
}

func (d *driver) user(ctx context.Context, user int) error {
	seq := 0
	shoot := func(warmup bool, wait time.Time) error {
		if err := d.shooter.Prepare(ctx, user); err != nil {
			return err
		}
		due, ok := await(ctx, wait)
		if !ok {
			return nil
		}
		d.issued.Add(1)
		d.shooter.Shoot(d.shots, Call{User: user, Seq: seq, Warmup: warmup, Due: due.Sub(d.anchor)})
		seq++
		return nil
	}
	for warm := d.warmup(); warm() && ctx.Err() == nil; {
		if err := shoot(true, time.Time{}); err != nil {
			d.barrier.leave()
			return err
		}
	}
	start := d.barrier.wait(ctx)
	for more, n := d.load(start), 0; ctx.Err() == nil && more(); n++ {
		if err := shoot(false, d.due(start, n)); err != nil {
			return err
		}
	}
	return nil
}

// due is the moment at which call n of a user's load is due; the zero time when it is whenever the user is ready.
func (d *driver) due(start time.Time, n int) time.Time {
	if d.Pace == 0 {
		return time.Time{}
	}
	return start.Add(time.Duration(n) * d.Pace)
}

// await returns at the moment due, at once when that is over, with the moment from which the call counts. A call that is
// not due at any moment counts from now. It is false when ctx ended first.
func await(ctx context.Context, due time.Time) (time.Time, bool) {
	if due.IsZero() {
		return time.Now(), true
	}
	timer := time.NewTimer(time.Until(due))
	defer timer.Stop()
	select {
	case <-timer.C:
		return due, true
	case <-ctx.Done():
		return due, false
	}
}

// warmup returns what says whether another warm-up call is due.
func (d *driver) warmup() func() bool {
	begin, done := time.Now(), 0
	return func() bool {
		done++
		return done <= d.WarmupIterations || time.Since(begin) < d.WarmupFor
	}
}

// load returns what says whether the user has another call to make.
func (d *driver) load(start time.Time) func() bool {
	done := 0
	return func() bool {
		done++
		switch {
		case d.For > 0:
			return time.Since(start) < d.For && time.Duration(done-1)*d.Pace < d.For
		case d.PerUser > 0:
			return done <= d.PerUser
		}
		return d.shared.Add(1) <= int64(d.Iterations)
	}
}

// barrier lets everybody through when the last one has come.
type barrier struct {
	mu      sync.Mutex
	missing int
	open    chan struct{}
	opened  time.Time
}

func newBarrier(n int) *barrier { return &barrier{missing: n, open: make(chan struct{})} }

// wait returns the moment at which the barrier opened; the same for all.
func (b *barrier) wait(ctx context.Context) time.Time {
	b.leave()
	select {
	case <-b.open:
	case <-ctx.Done():
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.opened
}

// leave counts one as come, without waiting.
func (b *barrier) leave() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.missing--
	if b.missing == 0 {
		b.opened = time.Now()
		close(b.open)
	}
}
