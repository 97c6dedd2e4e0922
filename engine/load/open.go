package load

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"
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
	MaxInFlight int    // no more users than these
	Spare       int    // users made before the load begins; at least one
	Timing      Timing // Best when nil

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
	warm := Closed{Users: 1, WarmupIterations: o.WarmupIterations, WarmupFor: o.WarmupFor}
	warmed, err := warm.Run(ctx, anchor, grace, shooter)
	issue := Issue{Issued: warmed}
	if err != nil || ctx.Err() != nil {
		return issue, err
	}
	shots, release := Outlive(ctx, grace)
	defer release()
	users, ctx := errgroup.WithContext(ctx)
	timing := o.Timing
	if timing == nil {
		timing = Best
	}
	waiter, err := timing(ctx)
	if err != nil {
		return issue, err
	}
	defer waiter.Close()
	issue.Timing = waiter.Name()
	crew := &crew{shooter: shooter, shots: shots, lag: lag, group: users, limit: max(1, o.MaxInFlight)}
	o.send(ctx, anchor, waiter, crew, &issue)
	crew.dismiss()
	err = users.Wait()
	issue.Issued += int(crew.issued.Load())
	issue.Users = crew.made
	return issue, err
}

// send hands out the calls at their moments.
func (o Open) send(ctx context.Context, anchor time.Time, waiter Waiter, crew *crew, issue *Issue) {
	if !crew.begin(ctx, max(1, o.Spare)) {
		return
	}
	start, seq := time.Now(), issue.Issued
	for ; ; seq++ {
		due, ok := o.Schedule.Next()
		if !ok {
			return
		}
		moment := start.Add(due.After)
		if !waiter.Until(moment) || ctx.Err() != nil {
			return
		}
		call := Call{Seq: seq, Step: due.Step, Due: moment.Sub(anchor)}
		if !crew.hand(ctx, call, moment) {
			issue.Dropped++
			crew.shooter.Drop(call)
		}
	}
}
