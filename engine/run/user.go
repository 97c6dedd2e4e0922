package run

import (
	"context"
	"strconv"
	"sync"

	"wsk-scenario/engine/load"
	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
)

// user is what one user calls, and what came of it.
type user struct {
	action  string     // the one that is updated for a cold start
	calls   [][]sender // of one target, or of those of a mix in its order: one, or one for each of its copies
	maker   *maker     // of the bodies; nil when all calls send the same
	id      []byte     // room for a transaction
	records records
	mu      sync.Mutex // of samples, which a guard reads while the user calls
	body    []byte     // of the next call, when there is a maker
	bytes   int
	samples []measure.Sample
	room    []measure.Sample // of samples that went to the disk, to be filled again; of the user alone
}

// user makes one user of a phase.
func (r *runner) user(ctx context.Context, s *shooter, ph *plan.Phase, i int, payload []byte, parts []plan.Part, made *entities) (_ *user, err error) {
	u := &user{bytes: len(payload)}
	if u.calls, err = r.others(ctx, ph, s, made, payload); err != nil {
		return nil, err
	}
	for _, target := range ph.Invoked() {
		names := made.names(target)
		if s.cold {
			if u.action, err = made.copyFor(ctx, r, target, i); err != nil {
				return nil, err
			}
			names = []string{u.action}
		}
		u.calls = append(u.calls, r.invocations(ph, s, names, payload))
	}
	switch {
	case len(parts) == 0:
	case s.open: // which user a call falls to is chance; what it sends is not
		u.maker = newMaker(parts, r.plan.Seed, s.phase, 0, 1)
	default:
		u.maker = newMaker(parts, r.plan.Seed, s.phase, i, len(s.users))
	}
	return u, nil
}

// present makes a user of an open load, one at a time: making may create an action.
func (s *shooter) present(ctx context.Context, i int) (err error) {
	if s.users[i] != nil { // only this user itself writes there
		return nil
	}
	s.making.Lock()
	defer s.making.Unlock()
	s.users[i], err = s.caller(ctx, i)
	return err
}

// likely is the ordinal of the user's next call. In an open load it is known only when that is due; but who is ready last goes
// first, so it is most often the next of all, whose body is then ready at its moment.
func (s *shooter) likely(u *user) int {
	if !s.open {
		return u.maker.next
	}
	return int(s.next.Load())
}

// ready reports whether the body is that of the call with an ordinal.
func (u *user) ready(seq int) bool { return u.body != nil && u.maker.next == seq+1 }

// make makes the body of the call with an ordinal.
func (u *user) make(seq int) {
	u.maker.next = seq
	u.body = u.maker.body()
	u.bytes = len(u.body)
}

// transaction is the X-Request-ID of a call: the phase, the user, and the user's ordinal, in hexadecimal digits.
func (u *user) transaction(phase string, c load.Call) string {
	u.id = append(u.id[:0], phase...)
	u.id = digits(digits(u.id, c.User, 4), c.Seq, 12)
	return string(u.id)
}

// digits appends n in at least so many hexadecimal digits.
func digits(b []byte, n, least int) []byte {
	for fill := 1 << (4 * (least - 1)); fill > max(n, 1) && fill > 1; fill >>= 4 {
		b = append(b, '0')
	}
	return strconv.AppendInt(b, int64(n), 16)
}
