package doctor

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/run"
)

// bound is a limit of actions with the range that the target takes.
type bound struct {
	check     string
	low, high string // the names in GET /
	unit      int64  // of the figures there
	of        func(a plan.Action) int64
	text      func(n int64) string
	profile   string
	chart     string
}

// bounds are the limits of actions that an OpenWhisk tells.
func bounds() []bound {
	megabytes := func(n int64) string { return fmt.Sprintf("%dMB", n) }
	return []bound{
		{"limits.memory", "min_action_memory", "max_action_memory", 1 << 20,
			func(a plan.Action) int64 { return int64(a.MemoryMB) }, megabytes, "limits.memory.", "whisk.limits.actions.memory."},
		{"limits.time", "min_action_duration", "max_action_duration", 1,
			func(a plan.Action) int64 { return a.Timeout.Milliseconds() },
			milliseconds, "limits.time.", "whisk.limits.actions.time."},
		{"limits.logs", "min_action_logs", "max_action_logs", 1 << 20, func(a plan.Action) int64 {
			if a.LogsMB == nil {
				return 0
			}
			return int64(*a.LogsMB)
		}, megabytes, "limits.logs.", "whisk.limits.actions.log."},
	}
}

// milliseconds is a time as a scenario writes it.
func milliseconds(n int64) string {
	text := (time.Duration(n) * time.Millisecond).String()
	if strings.HasSuffix(text, "m0s") {
		return strings.TrimSuffix(text, "0s")
	}
	return text
}

// actions compares the limits of the actions with what the target lets an action have.
func (e *examination) actions() {
	for _, b := range bounds() {
		e.bound(b)
	}
	most := 0
	for _, a := range e.all() {
		most = max(most, a.Concurrency)
	}
	const check = "limits.concurrency"
	switch {
	case most <= 1:
	case e.limits.MaxConcurrency == 0:
		e.unchecked(check, "the target does not tell how many activations one container may run; the plan asks for %d", most)
	case most > e.limits.MaxConcurrency:
		e.add(Finding{Check: check, Verdict: Spoils, Found: fmt.Sprintf("a container shall run %d activations at a time, and the target allows %d", most, e.limits.MaxConcurrency),
			Costs: "the action cannot be created", Fix: e.lever("limits.concurrency.max", "whisk.limits.actions.concurrency.max", fmt.Sprint(most))})
	default:
		e.fine(check, "%d at most, of %d", most, e.limits.MaxConcurrency)
	}
}

func (e *examination) bound(b bound) {
	least, toldLeast := e.info.Limit(b.low)
	most, told := e.info.Limit(b.high)
	if !told || !toldLeast {
		e.unchecked(b.check, "the target does not tell what an action may have")
		return
	}
	least, most = least/b.unit, most/b.unit
	largest, outside := int64(0), false
	for _, a := range e.all() {
		n := b.of(a)
		largest = max(largest, n)
		if n == 0 || n >= least && n <= most {
			continue
		}
		end, limit := "max", most
		if n < least {
			end, limit = "min", least
		}
		outside = true
		e.add(Finding{Check: b.check, Verdict: Spoils, Found: fmt.Sprintf("action %s has %s, and the target's %s is %s", a.Name, b.text(n), end, b.text(limit)),
			Costs: "the action cannot be created", Fix: e.lever(b.profile+end, b.chart+end, b.text(n))})
	}
	switch {
	case outside:
	case largest == 0:
		e.fine(b.check, "no action asks for another than the usual")
	default:
		e.fine(b.check, "%s at most, of %s", b.text(largest), b.text(most))
	}
}

// all are the actions of all cells, those that many cells share once.
func (e *examination) all() (list []plan.Action) {
	type likeness struct {
		name, code, kind, main string
		memory, concurrency    int
		timeout                time.Duration
		pad                    int64
	}
	seen := map[likeness]bool{}
	for _, cell := range e.plan.Cells {
		for _, a := range cell.Actions {
			l := likeness{a.Name, a.Code, a.Kind, a.Main, a.MemoryMB, a.Concurrency, a.Timeout, a.Pad}
			if !seen[l] {
				seen[l] = true
				list = append(list, a)
			}
		}
	}
	return list
}

// What OpenWhisk takes when nothing else is said; it tells neither over its API.
const (
	usualCode    = 48 << 20
	usualPayload = 1 << 20
)

// most is a size limit: what the profile sets, or OpenWhisk's own, which another target may have changed.
func (e *examination) most(said func(plan.Limits) int64, usual int64) (limit int64, sure bool) {
	if c := e.plan.Cluster; c != nil && e.embedded() && said(c.Limits) > 0 {
		return said(c.Limits), true
	}
	return usual, e.embedded()
}

// sized adds how a size meets a limit that may not be sure.
func (e *examination) sized(check, what string, size int64, limit int64, sure bool, costs, fix string) {
	f := Finding{Check: check, Costs: costs, Fix: fix}
	switch {
	case size > limit && sure:
		f.Verdict, f.Found = Spoils, fmt.Sprintf("%s has %s, and the target takes %s", what, sizeText(size), sizeText(limit))
		e.add(f)
	case size > limit:
		f.Verdict, f.Found = Warning, fmt.Sprintf("%s has %s; the target does not tell what it takes, and OpenWhisk's own limit is %s", what, sizeText(size), sizeText(limit))
		e.add(f)
	case sure:
		e.fine(check, "%s at most, of %s", sizeText(size), sizeText(limit))
	default:
		e.fine(check, "%s at most; OpenWhisk's own limit is %s, and the target does not tell another", sizeText(size), sizeText(limit))
	}
}

// code packs the code as a run would, and compares its size as it is sent.
func (e *examination) code(ctx context.Context) {
	const check = "limits.code"
	largest, what, whole := int64(0), "", true
	for _, a := range e.all() {
		switch {
		case a.Image != nil && a.Code == "":
			continue
		case a.Build != nil:
			whole = false
			e.unchecked(check, "the code of %s is made by a build, which only a run starts", a.Name)
			continue
		}
		packed, err := run.Pack(ctx, a, e.opts.CacheDir)
		if err != nil {
			whole = false
			e.add(Finding{Check: check, Verdict: Spoils, Found: fmt.Sprintf("action %s: %v", a.Name, err), Costs: "the run ends before it begins",
				Fix: "mend the code, or install what compiles it"})
			continue
		}
		if n := int64(len(packed.Code)); n >= largest {
			largest, what = n, "the code of "+a.Name
		}
	}
	if what == "" {
		if whole {
			e.fine(check, "no action has code")
		}
		return
	}
	limit, sure := e.most(func(l plan.Limits) int64 { return l.Code }, usualCode)
	e.sized(check, what, largest, limit, sure, "the action cannot be created", "make the package smaller, or put what is large into an image")
}

// payloads compares the bodies of the calls.
func (e *examination) payloads() {
	const check = "limits.payload"
	largest, what := int64(0), ""
	for _, cell := range e.plan.Cells {
		for _, ph := range cell.Phases {
			n, err := body(ph.Payload)
			if err != nil {
				e.add(Finding{Check: check, Verdict: Spoils, Found: fmt.Sprintf("phase %s: %v", ph.Name, err), Costs: "the phase cannot begin", Fix: "give the payload its file"})
				return
			}
			if n >= largest {
				largest, what = n, "the payload of "+ph.Name
			}
		}
	}
	limit, sure := e.most(func(l plan.Limits) int64 { return l.Payload }, usualPayload)
	e.sized(check, what, largest, limit, sure, "every call is refused: outcome rejected", e.lever("limits.payload", "whisk.limits.activation.payload.max", fmt.Sprintf("%dKiB", largest>>10+1)))
}

// body is the size of a payload; of one that is made anew for each call, that of its pattern.
func body(p plan.Payload) (int64, error) {
	switch {
	case p.Size > 0:
		return p.Size, nil
	case p.File == "":
		return int64(max(len(p.JSON), len("{}"))), nil
	}
	info, err := os.Stat(p.File)
	if err != nil {
		return 0, fmt.Errorf("read payload: %w", err)
	}
	size := info.Size()
	if p.Encode == "base64" {
		size = (size + 2) / 3 * 4
	}
	return size + int64(len(p.And)+len(p.Key)+len(`{"":""}`)), nil
}

// sizeText is a size in the unit that people read best.
func sizeText(n int64) string {
	switch {
	case n >= 10<<30:
		return fmt.Sprintf("%d GiB", n>>30)
	case n >= 10<<20:
		return fmt.Sprintf("%d MiB", n>>20)
	case n >= 1<<20:
		return fmt.Sprintf("%.2f MiB", float64(n)/(1<<20))
	case n >= 10<<10:
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return fmt.Sprintf("%d B", n)
}
