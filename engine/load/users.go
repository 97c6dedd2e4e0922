package load

import (
	"context"
	"time"
)

// users is what the users of an open load have in common.
type users struct {
	shooter OpenShooter
	shots   context.Context // of the calls, for the length of Run
	lag     *Lag
	limit   int
	share   Share // of whose users these are
}

// order is a call with the moment it is due.
type order struct {
	call Call
	due  time.Time
}

// shoot makes a call for a user.
func (u *users) shoot(user int, job order) {
	job.call.User = user
	u.lag.Record(time.Since(job.due))
	u.shooter.Shoot(u.shots, job.call)
}
