package dsl

import (
	"fmt"
	"time"

	"wsk-scenario/dsl/syntax"
)

// checkLimits checks the limits of the embedded server, each by itself and each range as a whole.
func (c *profileChecker) checkLimits() {
	l := &c.Limits
	for _, v := range []syntax.Val[int]{l.PerMinute, l.Concurrent, l.FiresPerMinute} {
		c.atLeastOne(v, "leave it out, and no limit is felt")
	}
	c.atLeastOne(l.SequenceLength, "leave it out for OpenWhisk's 50")
	for _, v := range []syntax.Val[syntax.Bytes]{l.Payload, l.Result, l.Parameters, l.Code} {
		switch size, ok := v.Literal(); {
		case ok && size < 1:
			c.fault(v, " must be at least 1B, not %s", size)
		case ok && size > 1<<30:
			c.fault(v, " must be at most 1GiB, not %s", size).Hint = "the server holds it in memory"
		}
	}
	// What is below the least is said once, by ascending.
	for _, r := range []struct {
		std, min, max syntax.Val[syntax.Bytes]
		least         syntax.Bytes
	}{{l.Memory.Std, l.Memory.Min, l.Memory.Max, syntax.MB}, {l.Logs.Std, l.Logs.Min, l.Logs.Max, 0}} {
		for _, v := range []syntax.Val[syntax.Bytes]{r.min, r.std, r.max} {
			if size, ok := v.Literal(); ok && size >= r.least && size%syntax.MB != 0 {
				c.fault(v, " must be a multiple of 1MB, not %s", size).Hint = "OpenWhisk counts in whole MB; write 2048MB for its 2048"
			}
		}
	}
	for _, v := range []syntax.Val[time.Duration]{l.Time.Min, l.Time.Std, l.Time.Max} {
		if d, ok := v.Literal(); ok && d >= time.Millisecond && d%time.Millisecond != 0 {
			c.fault(v, " must be a multiple of 1ms, not %s", d).Hint = "OpenWhisk counts in whole milliseconds"
		}
	}
	ascending(c, l.Time.Min, l.Time.Std, l.Time.Max, time.Millisecond, [3]time.Duration{100 * time.Millisecond, time.Minute, 5 * time.Minute})
	ascending(c, l.Memory.Min, l.Memory.Std, l.Memory.Max, syntax.MB, [3]syntax.Bytes{128 * syntax.MB, 256 * syntax.MB, 512 * syntax.MB})
	ascending(c, l.Logs.Min, l.Logs.Std, l.Logs.Max, 0, [3]syntax.Bytes{0, 10 * syntax.MB, 10 * syntax.MB})
	ascending(c, l.Concurrency.Min, l.Concurrency.Std, l.Concurrency.Max, 1, [3]int{1, 1, 1})
}

func (c *profileChecker) atLeastOne(v syntax.Val[int], hint string) {
	if n, ok := v.Literal(); ok && n < 1 {
		c.fault(v, " must be at least 1, not %d", n).Hint = hint
	}
}

// ascending checks that a range begins at least at least and does not go down. What is not written has its default.
func ascending[T syntax.Bytes | time.Duration | int](c *profileChecker, low, std, high syntax.Val[T], least T, defaults [3]T) {
	ends := [3]syntax.Val[T]{low, std, high}
	names := [3]string{"min", "std", "max"}
	var values [3]T
	for i, v := range ends {
		values[i] = defaults[i]
		n, ok := v.Literal()
		if !ok {
			continue
		}
		if values[i] = n; n < least {
			c.fault(v, " must be at least %v, not %v", least, n)
			return
		}
	}
	for i := 1; i < 3; i++ {
		if values[i-1] <= values[i] {
			continue
		}
		at, other := i, i-1
		if !ends[at].Set() {
			at, other = other, at
		}
		text := fmt.Sprintf("%s, %v", names[other], values[other])
		if !ends[other].Set() {
			text += " when not said"
		}
		word := "below"
		if at < other {
			word = "above"
		}
		c.fault(ends[at], " is %s %s", word, text).Hint = "min, std and max must not go down"
		return
	}
}
