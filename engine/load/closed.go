// Package load decides when calls are sent. It knows neither HTTP nor OpenWhisk nor statistics: it calls back at the due
// moment and counts what it issued.
package load

import (
	"context"
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
// With a Burst, each of these is so many calls at once. They are users of their own to the Shooter, which is therefore asked
// for Lanes of them.
//
// All users finish their warm-up before any begins the load. Exactly one of Iterations, PerUser, For and Levels is set.
type Closed struct {
	Users            int           // with Levels, as many as the highest has, whatever is said here
	WarmupIterations int           // warm-up calls of each user
	WarmupFor        time.Duration // or: how long each user warms up
	Iterations       int           // calls in all, shared by the users
	PerUser          int           // calls of each user
	For              time.Duration // how long the users call
	Levels           []Level       // how many users call, and when
	Pace             time.Duration // from one call of a user being due to the next; 0 for back to back
	Burst            int           // calls at once at every moment of the Pace; 0 is 1
	Share            Share         // which of the users are sent for here, and of shared calls how many
	// Missed hears, from many users at a time, of calls of a Pace that were due in a step and were not sent when its time was over,
	// because those before them took too long. It may be nil.
	Missed func(step, calls int)
}

// Lanes is how many calls may be under way at a time: Call.User is below it.
func (c Closed) Lanes() int {
	users := c.Users
	if len(c.Levels) > 0 {
		users = peak(c.Levels)
	}
	return users * max(1, c.Burst)
}

// Run drives shooter until the load is done or ctx ends, and returns how many calls were issued. Due moments count from
// anchor. In-flight calls are waited for in both cases; grace bounds that wait once ctx has ended. The error is the first
// one of Prepare.
func (c Closed) Run(ctx context.Context, anchor time.Time, grace time.Duration, shooter Shooter) (int, error) {
	shots, release := Outlive(ctx, grace)
	defer release()
	users, ctx := errgroup.WithContext(ctx)
	c.Iterations = c.Share.Part(c.Iterations)
	d := &driver{Closed: c, anchor: anchor, shots: shots, shooter: shooter}
	d.barrier = newBarrier(c.Share.Part(c.Lanes()), func() time.Time {
		start, _, _ := c.Share.begin(ctx, 0) // when there will be no load, ctx has ended or will
		return start
	})
	for user := range c.Lanes() {
		if c.Share.Mine(user) {
			users.Go(func() error { return d.user(ctx, user) })
		}
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
	shoot := func(call Call, wait, start time.Time) error {
		if err := d.shooter.Prepare(ctx, user); err != nil {
			return err
		}
		due, ok := await(ctx, wait)
		if !ok {
			return nil
		}
		d.issued.Add(1)
		call.User, call.Seq, call.Due = user, seq, due.Sub(d.anchor)
		if !call.Warmup {
			call.Step = stepAt(d.Levels, due.Sub(start))
		}
		d.shooter.Shoot(d.shots, call)
		seq++
		return nil
	}
	for warm := d.warmup(); warm() && ctx.Err() == nil; {
		if err := shoot(Call{Warmup: true}, time.Time{}, d.anchor); err != nil {
			d.barrier.leave()
			return err
		}
	}
	start := d.barrier.wait(ctx)
	for next := d.load(user, start); ctx.Err() == nil; {
		due, more := next()
		if !more {
			break
		}
		if err := shoot(Call{}, due, start); err != nil {
			return err
		}
	}
	return nil
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

// load returns what says when the user's next call is due, the zero time for whenever the user is ready, and whether there is
// one.
func (d *driver) load(user int, start time.Time) func() (time.Time, bool) {
	if d.For > 0 || len(d.Levels) > 0 {
		return d.present(user, start)
	}
	done := 0
	return func() (due time.Time, more bool) {
		if d.Pace > 0 {
			due = start.Add(time.Duration(done) * d.Pace)
		}
		done++
		if d.PerUser > 0 {
			return due, done <= d.PerUser
		}
		return due, d.shared.Add(1) <= int64(d.Iterations)
	}
}
