package doctor

import (
	"fmt"
	"time"

	"wsk-scenario/engine/fit"
	"wsk-scenario/engine/plan"
)

// invocations compares the limits of the namespace with the load.
func (e *examination) invocations() {
	e.perMinute()
	e.concurrent()
}

// perMinute compares the calls of the busiest minute. Those of open loads are due whatever comes; of closed ones it depends on
// how quick the target is.
func (e *examination) perMinute() {
	const check = "limits.per_minute"
	most, due, all := e.limits.PerMinute, busiest(e.plan), e.plan.Estimate()
	f := Finding{Check: check, Costs: "calls beyond it are refused: outcome throttled",
		Fix: e.lever("limits.invocations_per_minute", fit.ChartPerMinute, fmt.Sprint(roomy(max(due, all.Invocations))))}
	switch {
	case most <= 0:
		e.unchecked(check, "the target tells no such limit")
	case due > most:
		f.Verdict, f.Found = Spoils, fmt.Sprintf("%d calls are due in the busiest minute, and the target takes %d", due, most)
		e.add(f)
	case all.Invocations > most:
		f.Verdict, f.Found = Warning, fmt.Sprintf("the plan has %d invocations, and the target takes %d a minute", all.Invocations, most)
		f.Costs = "a load quicker than that is refused: outcome throttled"
		e.add(f)
	case !all.Exact && all.Timed > 0 && most < embeddedPerMinute:
		e.unchecked(check, "how many calls the loads that go by time make depends on the target; it takes %d a minute", most)
	default:
		e.fine(check, "invocations in all: %d, of %d a minute", all.Invocations, most)
	}
}

// embeddedPerMinute is a limit that no load of this generator reaches.
const embeddedPerMinute = 1_000_000

// busiest is the most calls of open loads that are due within any minute, at most: phases one after the other may share one.
func busiest(p *plan.Plan) (most int) {
	for _, cell := range p.Cells {
		for _, ph := range cell.Phases {
			if ph.Load.Open == nil || ph.Load.Find != nil {
				continue
			}
			curve := ph.Load.Curve()
			if curve.Lasts() > time.Minute {
				most = max(most, int(curve.Total()*float64(time.Minute)/float64(curve.Lasts()))) // the mean: surely due
			} else {
				most = max(most, curve.Calls())
			}
		}
	}
	return most
}

// roomy is a limit with some room above what is needed.
func roomy(n int) int { return (n*5/4/10 + 1) * 10 }

// concurrent compares the calls at a time.
func (e *examination) concurrent() {
	const check = "limits.concurrent"
	most, users, likely := e.limits.Concurrent, fit.Callers(e.plan), 0
	for _, cell := range e.plan.Cells {
		for _, ph := range cell.Phases {
			likely = max(likely, ph.Likely())
		}
	}
	f := Finding{Check: check, Costs: "calls beyond it are refused: outcome throttled",
		Fix: e.lever("limits.concurrent", fit.ChartConcurrent, fmt.Sprint(roomy(max(users, likely))))}
	switch {
	case most <= 0:
		e.unchecked(check, "the target tells no such limit")
	case users > most:
		f.Verdict, f.Found = Spoils, fmt.Sprintf("%d users call at a time, and the target takes %d", users, most)
		e.add(f)
	case likely > most:
		f.Verdict, f.Found = Warning, fmt.Sprintf("about %d calls of an open load will be under way at a time, and the target takes %d", likely, most)
		e.add(f)
	default:
		e.fine(check, "about %d at a time, of %d", max(users, likely), most)
	}
}

// sequences compares the length of each sequence, nested ones counted.
func (e *examination) sequences() {
	longest, name := 0, ""
	for i := range e.plan.Cells {
		cell := &e.plan.Cells[i]
		for _, s := range cell.Sequences {
			if n := length(cell, s.Name); n > longest {
				longest, name = n, s.Name
			}
		}
	}
	if longest == 0 {
		return
	}
	const check = "limits.sequence_length"
	most, told := e.info.Limit("sequence_length")
	switch {
	case !told:
		e.unchecked(check, "the target does not tell how long a sequence may be; %s has %d actions", name, longest)
	case int64(longest) > most:
		e.add(Finding{Check: check, Verdict: Spoils, Found: fmt.Sprintf("%s has %d actions, and the target takes %d", name, longest, most),
			Costs: "it cannot be created, or its invocation fails", Fix: e.lever("limits.sequence_length", "whisk.limits.actionsSequenceMaxlength", fmt.Sprint(longest))})
	default:
		e.fine(check, "actions in a sequence at most: %d, of %d", longest, most)
	}
}

// length is how many actions a sequence runs. A sequence holds no circle: the language refuses it.
func length(cell *plan.Cell, name string) (n int) {
	for _, s := range cell.Sequences {
		if s.Name != name {
			continue
		}
		for _, part := range s.Actions {
			n += length(cell, part)
		}
		return n
	}
	return 1
}
