package dsl

import (
	"slices"
	"strings"
	"time"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/dsl/syntax"
)

// course is what users and rate have in common: how a number goes on, whatever it counts.
type course struct {
	path           string
	steps          []scalar
	from, to, over scalar
}

func courseOf[T any](path string, steps []syntax.Val[T], from, to syntax.Val[T], over syntax.Val[time.Duration]) course {
	s := course{path: path, from: from, to: to, over: over}
	for _, v := range steps {
		s.steps = append(s.steps, v)
	}
	return s
}

func (u Users) course(path string) course { return courseOf(path, u.Steps, u.From, u.To, u.Over) }
func (r Rates) course(path string) course { return courseOf(path, r.Steps, r.From, r.To, r.Over) }

func (s course) ramp() bool { return s.from.Set() || s.to.Set() || s.over.Set() }
func (s course) set() bool  { return len(s.steps) > 0 || s.ramp() }

// stepped reports whether it goes in steps: several values, or one in a list.
func (s course) stepped() bool {
	return len(s.steps) > 1 || len(s.steps) == 1 && strings.HasSuffix(s.steps[0].Path(), "]")
}

// whole stands for all of it in messages.
func (s course) whole() written {
	if !s.set() {
		return written{path: s.path}
	}
	first := firstSet(append(slices.Clone(s.steps), s.from, s.to, s.over)...)
	return written{true, first.Range(), s.path}
}

func (c *checker) checkLoad(l Load, path string, n *syntax.Node) {
	users, rate := l.Users.course(path+".users"), l.Rate.course(path+".rate")
	c.checkWorkers(l)
	if c.checkSearch(l, users, rate, path) || c.checkPlayed(l, users, rate, path) {
		c.positive(l.For)
	} else if n != nil && c.checkModel(l, users, rate, path) { // without a node it is said to be missing
		c.checkEnd(l, users, rate, path, n.Range)
	}
	c.checkCourse(users)
	c.checkCourse(rate)
	c.checkArrivals(l.Arrivals, path+".arrivals")
	for _, v := range append(slices.Clone(l.Users.Steps), l.Users.From, l.Users.To) {
		atLeast(c, v, 1)
		atMost(c, v, maxUsers)
	}
	for _, v := range []syntax.Val[int]{l.Iterations, l.IterationsPerUser, l.Burst, l.MaxInFlight} {
		atLeast(c, v, 1)
		atMost(c, v, maxIterations)
	}
	for _, v := range append(slices.Clone(l.Rate.Steps), l.Rate.From, l.Rate.To) {
		moreThanNothing(c, v, "0/s")
	}
	moreThanNothing(c, l.Scale, "0")
	for _, v := range []syntax.Val[time.Duration]{l.For, l.Each, l.Pace, l.Users.Over, l.Rate.Over} {
		c.positive(v)
	}
	c.checkFile(l.Trace)
}

func moreThanNothing[T float64 | syntax.Rate](c *checker, v syntax.Val[T], nothing string) {
	for _, f := range each(c, v) {
		if f.Value <= 0 {
			c.fault(v, " must be more than %s%s", nothing, f.where())
		}
	}
}

// checkModel checks that the load is of one model, and that every other key belongs to it. It reports whether the model is
// known.
func (c *checker) checkModel(l Load, users, rate course, path string) bool {
	models := []scalar{users.whole(), rate.whole(), l.Trace}
	closed := !rate.set() && !l.Trace.Set()
	if !closed && !c.exactlyOne(path, diag.Range{}, []string{"users", "rate", "trace"}, models...) {
		return false
	}
	arrivals := written{path: path + ".arrivals"}
	if v := firstSet(l.Arrivals.Process, l.Arrivals.Size, l.Arrivals.Every); v.Set() {
		arrivals.set, arrivals.place = true, v.Range()
	}
	for _, r := range []struct {
		key     scalar
		allowed bool
		needs   string
	}{
		{l.Iterations, closed, "users"}, {l.IterationsPerUser, closed, "users"}, {l.Pace, closed, "users"}, {l.Burst, closed, "users"},
		{arrivals, rate.set(), "rate"}, {l.MaxInFlight, !closed, "rate or trace"}, {l.Scale, l.Trace.Set(), "trace"},
	} {
		if r.key.Set() && !r.allowed {
			c.fault(r.key, " has a meaning only beside %s", r.needs).Hint = "remove it"
		}
	}
	return true
}

// checkEnd checks that the load has one end: a number of calls, a time, the time of each step, or that of a ramp.
func (c *checker) checkEnd(l Load, users, rate course, path string, place diag.Range) {
	main, closed := users, !rate.set() && !l.Trace.Set()
	if rate.set() {
		main = rate
	}
	ends := []scalar{l.For}
	if closed {
		ends = append(ends, l.Iterations, l.IterationsPerUser)
	}
	switch {
	case main.stepped():
		if !l.Each.Set() && !c.faulty(path) {
			c.fault(main.whole(), " has steps without an end").Hint = "add each: 20s beside it, the time of one step"
		}
		c.without(ends, "each says how long the steps last")
		return
	case l.Each.Set():
		c.fault(l.Each, " has a meaning only beside steps").Hint = "write steps in [ ], such as users: [1, 2, 4], or write for instead of each"
	case main.ramp():
		c.without(ends, "over says how long the ramp lasts")
	case rate.set() && !l.For.Set() && !c.faulty(path):
		d := c.diags.Errorf(place, "%s has no %q", path, "for")
		d.Path, d.Hint = path, "add for: 30s"
	case closed && besides(path) && !l.Iterations.Set() && !l.IterationsPerUser.Set() && !l.For.Set(): // a background
	case closed:
		c.exactlyOne(path, place, []string{"iterations", "iterations_per_user", "for"}, l.Iterations, l.IterationsPerUser, l.For)
	}
}

// without checks that none of the ends of a load is written, because another key is its end.
func (c *checker) without(ends []scalar, why string) {
	for _, v := range ends {
		if v.Set() {
			c.fault(v, " has no meaning here").Hint = "remove it; " + why
		}
	}
}

// checkCourse checks that a ramp is whole, and that nothing stands beside it.
func (c *checker) checkCourse(s course) {
	if !s.ramp() || c.faulty(s.path) {
		return
	}
	if len(s.steps) > 0 {
		d := c.diags.Errorf(s.steps[0].Range(), "%s has both steps and a ramp", s.path)
		d.Path, d.Hint = s.path, "keep one of them"
		return
	}
	for _, end := range []struct {
		v    scalar
		name string
	}{{s.from, "from"}, {s.to, "to"}, {s.over, "over"}} {
		if !end.v.Set() {
			d := c.diags.Errorf(firstSet(s.from, s.to, s.over).Range(), "%s has no %q", s.path, end.name)
			d.Path, d.Hint = s.path, "a ramp is written {from: …, to: …, over: 2m}"
		}
	}
}

func (c *checker) checkArrivals(a Arrivals, path string) {
	process, _ := a.Process.Literal()
	burst := a.Process.Templated() || process == "burst" || !a.Process.Set()
	for _, part := range []struct {
		v    scalar
		name string
	}{{a.Size, "size"}, {a.Every, "every"}} {
		switch {
		case part.v.Set() && !burst:
			c.fault(part.v, " has a meaning only for bursts").Hint = "write process: burst, or remove it"
		case part.name == "size" && !part.v.Set() && (process == "burst" || firstSet(a.Size, a.Every).Set()) && !c.faulty(path):
			place := firstSet(a.Process, a.Size, a.Every)
			d := c.diags.Errorf(place.Range(), "%s has no %q", path, part.name)
			d.Path, d.Hint = path, "bursts are written {process: burst, size: 10}"
		}
	}
	atLeast(c, a.Size, 1)
	c.positive(a.Every)
}
