package doctor

import (
	"fmt"
	"slices"
	"strings"

	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/target"
)

// slots compares the memory of the invokers with the containers that the plan keeps at work and warm.
func (e *examination) slots() {
	var slots []target.Slot
	if hosting, tells := e.target.(target.Hosting); tells {
		slots = hosting.Slots()
	}
	if len(slots) == 0 {
		n := e.plan.Need()
		e.unchecked("slots", "this OpenWhisk does not tell the memory of its invokers (chart: whisk.containerPool.userMemory, for each); "+
			"the plan needs about %d MB for containers at work, %d MB to keep all of them warm", n.BusyMB, n.WarmMB)
		return
	}
	e.slotsOn("", slots)
	for _, role := range e.plan.Roles() {
		e.slotsOn(role.Value, slots)
	}
}

// slotsOn compares the invokers on nodes of a role with the actions that are placed there; those of all for actions that are
// placed nowhere.
func (e *examination) slotsOn(role string, slots []target.Slot) {
	need, has, check, where := e.plan.NeedOn(role), 0, "slots", ""
	if need.BusyMB == 0 && need.WarmMB == 0 {
		return
	}
	if role != "" {
		check, where = "slots."+role, " on "+role
	}
	if role != "" && !slices.ContainsFunc(slots, func(s target.Slot) bool { return s.Role != "" }) {
		e.unchecked(check, "where invokers of the role are shows when a run labels nodes, and doctor changes nothing on a cluster; "+
			"the plan needs about %d MB for containers at work%s, %d MB to keep all of them warm", need.BusyMB, where, need.WarmMB)
		return
	}
	for _, s := range slots {
		if role == "" || s.Role == role {
			has += s.MemoryMB
		}
	}
	f := Finding{Check: check, Verdict: Warning, Fix: e.lever(memoryKey(role), "whisk.containerPool.userMemory", fmt.Sprintf("%dMB", max(need.BusyMB, need.WarmMB)))}
	switch {
	case need.BusyMB > has:
		f.Found = fmt.Sprintf("about %d MB of containers work at a time%s, and the invokers have %d MB", need.BusyMB, where, has)
		f.Costs = "calls wait for one another, or are refused: waits measure the lack of memory, not the platform"
		f.Verdict = certain(e.plan)
		e.add(f)
	case need.WarmMB > has:
		f.Found = fmt.Sprintf("about %d MB keep all containers warm%s, and the invokers have %d MB", need.WarmMB, where, has)
		f.Costs = "containers are evicted, and calls that could be warm start cold"
		e.add(f)
	default:
		e.fine(check, "about %d MB at work and %d MB warm%s, of %d MB", need.BusyMB, need.WarmMB, where, has)
	}
}

func memoryKey(role string) string {
	if role == "" {
		return "memory"
	}
	return "nodes.NAME.memory, of a node with the role " + role
}

// certain is how sure it is that the calls of a plan meet: those of users do, those of an open load are a guess.
func certain(p *plan.Plan) Verdict {
	for _, cell := range p.Cells {
		for _, ph := range cell.Phases {
			if ph.Load.Open != nil {
				return Warning
			}
		}
	}
	return Spoils
}

// held says whether actions are held to their limits.
func (e *examination) held() {
	const check = "cgroups"
	var h target.Held
	if hosting, tells := e.target.(target.Hosting); tells {
		h = hosting.Held()
	}
	if !h.Known() {
		e.unchecked(check, "an OpenWhisk that is only attached to does not tell what it holds containers to")
		return
	}
	if h.Reason == "" && len(h.What) > 0 {
		e.fine(check, "actions are limited in %s by %s", strings.Join(h.What, ", "), h.By)
		return
	}
	found := "actions are not limited in memory and CPU"
	if len(h.What) > 0 {
		found = "actions are limited in " + strings.Join(h.What, ", ") + " alone, by " + h.By
	}
	if h.Reason != "" {
		found += ": " + h.Reason
	}
	f := Finding{Check: check, Verdict: Warning, Found: found,
		Costs: "an action may use more than it says, and takes it from its neighbours and from the generator",
		Fix:   "as root; or systemd-run --user --scope -p Delegate=yes wsk-scenario …"}
	if !e.embedded() {
		f.Costs = "an action may use more than it says, and takes it from its neighbours"
		f.Fix = "one action at a time on a node, where figures are compared; of our own chart, invoker.containerFactory.impl: kubernetes limits the memory of each"
	}
	e.add(f)
}
