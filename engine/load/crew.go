package load

import (
	"context"
	"time"
)

// crew is the users of an open load. Each is used again and again: its connection, its buffers and its stack are warm, and a
// call costs no new one.
type crew interface {
	// warm runs what one user does ahead of the load.
	warm(calls func() error) error
	// begin makes so many users and returns when they are prepared; false when one was not.
	begin(spare int) bool
	// hand gives a call that is due to a user; false when all there may be are busy.
	hand(call Call, due time.Time) bool
	// rest sends the users home, waits for the calls under way, and returns how many were made by how many users.
	rest() (issued, made int, err error)
}

// users is what both crews have in common.
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
