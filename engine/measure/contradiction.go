package measure

// Contradiction says why a record cannot be; empty when nothing speaks against it. Waits are left out: they cross the clocks of two
// machines, and a negative one proves that these differ.
func (r *Record) Contradiction() string {
	switch {
	case r == nil:
		return ""
	case r.End < r.Start:
		return "its record ends before it starts"
	case r.Duration < 0:
		return "its record lasts less than nothing"
	case r.Init != nil && *r.Init > r.Duration:
		return "in its record the init took longer than the whole"
	case r.Start > 0 && r.single() && r.Duration > r.End-r.Start+1: // both are cut to whole milliseconds
		return "its record lasts longer than from its start to its end"
	}
	return ""
}

// single reports whether a record is not that of a sequence, whose duration is a sum.
func (r *Record) single() bool {
	return len(r.Parts) == 0 && len(r.Hops) == 0 && len(r.Components) == 0
}
