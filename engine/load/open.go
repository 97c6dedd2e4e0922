package load

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"wsk-scenario/engine/loop"
)

// OpenShooter makes the calls of an open load and hears of those that were not made.
type OpenShooter interface {
	Shooter
	// Drop tells that a call was due while MaxInFlight others were under way. It is called by one goroutine.
	Drop(call Call)
}

// Open is an open model: calls are due by the schedule, whether or not others are over.
//
//	due     │   │   │   │   │
//	user 0  │c  │c──│───│   │c
//	user 1  │   │   │c──│───│─     sent while user 0 is still waiting
//	        │   │   │   │x  │      dropped: MaxInFlight is 2
//
// One goroutine waits for the moments and hands each call to an idle user, the one that was busy last; users are made as
// they are needed and kept. A user is prepared before it is idle, so no preparation lies between a moment and its call.
type Open struct {
	Schedule    Schedule
	MaxInFlight int        // no more users than these
	Spare       int        // users made before the load begins; at least one
	Share       Share      // which of the calls are sent here, and how many of the users
	Timing      Timing     // Best when nil
	Loop        *loop.Loop // the users are its tasks, and it waits for the moments; nil for a goroutine each, and Timing

	WarmupIterations int           // warm-up calls, one after the other, before the load
	WarmupFor        time.Duration // or: how long they go on
}

// Issue is what an open load did.
type Issue struct {
	Issued  int // calls made, warm-up included
	Dropped int // calls that were due and not made
	Users   int // how many were needed
	Timing  string
}

// Run drives shooter until the schedule is over or ctx ends. Due moments count from anchor; Seq is the ordinal of the call
// in the load, dropped ones included, after those of the warm-up. What is in flight is waited for as Closed does. How late
// calls are sent is recorded in lag.
func (o Open) Run(ctx context.Context, anchor time.Time, grace time.Duration, lag *Lag, shooter OpenShooter) (Issue, error) {
	shots, release := Outlive(ctx, grace)
	defer release()
	all := users{shooter: shooter, shots: shots, lag: lag, limit: max(1, o.Share.Part(o.MaxInFlight)), share: o.Share}
	if o.Loop != nil {
		return o.drive(ctx, anchor, o.Loop, &tasks{users: all, loop: o.Loop, ctx: ctx}, all)
	}
	timing := o.Timing
	if timing == nil {
		timing = Best
	}
	group, ctx := errgroup.WithContext(ctx)
	waiter, err := timing(ctx)
	if err != nil {
		return Issue{}, err
	}
	defer waiter.Close()
	return o.drive(ctx, anchor, waiter, &goroutines{users: all, group: group, ctx: ctx}, all)
}

// drive warms up, sends, and waits for what is under way.
func (o Open) drive(ctx context.Context, anchor time.Time, waiter Waiter, crew crew, all users) (Issue, error) {
	warmed := 0
	err := crew.warm(func() (err error) {
		if o.Share.first() {
			warmed, err = o.warmUp(ctx, anchor, all)
		}
		return err
	})
	issue := Issue{Issued: warmed}
	if err != nil || ctx.Err() != nil {
		return issue, err
	}
	issue.Timing = waiter.Name()
	o.send(ctx, anchor, waiter, crew, all.shooter, &issue)
	issued, made, err := crew.rest()
	issue.Issued, issue.Users = warmed+issued, made
	return issue, err
}

// warmUp makes the calls ahead of the load, and returns how many.
func (o Open) warmUp(ctx context.Context, anchor time.Time, all users) (done int, err error) {
	for begin := time.Now(); ctx.Err() == nil && (done < o.WarmupIterations || time.Since(begin) < o.WarmupFor); done++ {
		if err := all.shooter.Prepare(ctx, 0); err != nil {
			return done, err
		}
		all.shooter.Shoot(all.shots, Call{Seq: done, Warmup: true, Due: time.Since(anchor)})
	}
	return done, nil
}

// send hands out the calls at their moments.
func (o Open) send(ctx context.Context, anchor time.Time, waiter Waiter, crew crew, shooter OpenShooter, issue *Issue) {
	if !crew.begin(max(1, min(o.Share.Part(o.Spare), o.Share.Part(o.MaxInFlight)))) {
		return
	}
	start, seq, ok := o.Share.begin(ctx, issue.Issued)
	for ; ok; seq++ {
		due, more := o.Schedule.Next()
		if !more {
			return
		}
		if !o.Share.Mine(seq) {
			continue
		}
		moment := start.Add(due.After)
		if !waiter.Until(moment) || ctx.Err() != nil {
			return
		}
		call := Call{Seq: seq, Step: due.Step, Due: moment.Sub(anchor)}
		if !crew.hand(call, moment) {
			issue.Dropped++
			shooter.Drop(call)
		}
	}
}
