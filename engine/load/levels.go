package load

import "time"

// Level is a while in which so many users call.
type Level struct {
	Users int
	For   time.Duration
	Step  int // which result of its own the calls of the level belong to
}

// StepUsers is levels each of which is a step of its own.
func StepUsers(users []int, each time.Duration) []Level {
	levels := make([]Level, len(users))
	for i, n := range users {
		levels[i] = Level{Users: n, For: each, Step: i}
	}
	return levels
}

// RampUsers is levels that lead from one number of users to another, one by one, up or down. Every number is there for the
// same time, the first and the last too: with n = |to−from|+1 of them, level i begins at over·i/n.
//
//	users │     ╭──
//	      │  ╭──╯
//	      │──╯        1 to 3
//	      └──┴──┴──┴ over
func RampUsers(from, to int, over time.Duration) []Level {
	towards := 1
	if to < from {
		towards = -1
	}
	n := (to-from)*towards + 1
	levels := make([]Level, n)
	for i := range levels {
		begin, end := moment(over, i, n), moment(over, i+1, n)
		levels[i] = Level{Users: from + i*towards, For: end - begin}
	}
	return levels
}

// moment is the begin of part i of n, without a product that could overflow.
func moment(over time.Duration, i, n int) time.Duration {
	whole, rest := over/time.Duration(n), over%time.Duration(n)
	return whole*time.Duration(i) + rest*time.Duration(i)/time.Duration(n)
}

// peak is the number of users of the highest level.
func peak(levels []Level) (users int) {
	for _, l := range levels {
		users = max(users, l.Users)
	}
	return users
}

// behind tells of the calls of a Pace that are due from a moment until another one.
func (d *driver) behind(from, until time.Duration) {
	for d.Missed != nil && d.Pace > 0 && from < until {
		step, end := stepAt(d.Levels, from), min(until, endOf(d.Levels, from, until))
		calls := int((end - from + d.Pace - 1) / d.Pace)
		d.Missed(step, calls)
		from += time.Duration(calls) * d.Pace
	}
}

// endOf is the end of the level of a moment; otherwise when it is later than all.
func endOf(levels []Level, at, otherwise time.Duration) (end time.Duration) {
	for _, l := range levels {
		if end += l.For; at < end {
			return end
		}
	}
	return otherwise
}

// stepAt is the step of a moment since the load began; what is later than all belongs to the last.
func stepAt(levels []Level, at time.Duration) (step int) {
	for _, l := range levels {
		step = l.Step
		if at < l.For {
			return step
		}
		at -= l.For
	}
	return step
}

// span is a time in which a user calls.
type span struct{ begin, end time.Duration }

// spans is when user is there: levels that follow each other make one.
func spans(levels []Level, user int) (there []span) {
	var at time.Duration
	for _, l := range levels {
		begin, end := at, at+l.For
		at = end
		if user >= l.Users {
			continue
		}
		if last := len(there) - 1; last >= 0 && there[last].end == begin {
			there[last].end = end
			continue
		}
		there = append(there, span{begin, end})
	}
	return there
}

// present is the load of a user that is there for a while. One that comes later is due at that moment, and begins its Pace
// there; one whose last call is still under way at the end of its time makes no other.
func (d *driver) present(user int, start time.Time) func() (time.Time, bool) {
	there := []span{{0, d.For}}
	if len(d.Levels) > 0 {
		there = spans(d.Levels, user/max(1, d.Burst))
	}
	n := 0
	return func() (time.Time, bool) {
		for ; len(there) > 0; there, n = there[1:], 0 {
			now, next := time.Since(start), there[0].begin+time.Duration(n)*d.Pace
			if now >= there[0].end || next >= there[0].end {
				d.behind(next, there[0].end)
				continue
			}
			n++
			if d.Pace == 0 && now >= there[0].begin {
				return time.Time{}, true
			}
			return start.Add(next), true
		}
		return time.Time{}, false
	}
}
