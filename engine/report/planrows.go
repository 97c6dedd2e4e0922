package report

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/report/content"
)

// cellRow is a line of the plan as one cell has it.
type cellRow struct {
	cell int
	text []string
}

// rowsOf collects the lines of every cell.
func rowsOf(p *plan.Plan, lines func(plan.Cell) [][]string) planRows {
	rows := planRows{plan: p}
	for c, cell := range p.Cells {
		for i, line := range lines(cell) {
			if i == len(rows.lines) {
				rows.lines = append(rows.lines, nil)
			}
			rows.lines[i] = append(rows.lines[i], cellRow{c, line})
		}
	}
	return rows
}

// planRows are the lines of all cells: the first of each cell, the second of each cell, and so on.
type planRows struct {
	plan  *plan.Plan
	lines [][]cellRow
}

var phaseColumns = []column{{title: "phase", key: true}, {title: "invokes"}, {title: "with"}, {title: "start"},
	{title: "users", number: true}, {title: "load"}, {title: "warm-up"}, {title: "calls", number: true},
	{title: "about", number: true}}

func phaseLine(cell plan.Cell) (lines [][]string) {
	for _, ph := range cell.Phases {
		if ph.Wait > 0 {
			lines = append(lines, []string{ph.Name, content.Absent, content.Absent, content.Absent, content.Absent, "wait " + content.Span(ph.Wait), content.Absent, "0", content.Span(ph.Wait)})
			continue
		}
		e := ph.Estimate()
		calls := strconv.Itoa(e.Invocations)
		switch {
		case e.Exact:
		case ph.Load.Open != nil && ph.Load.Find == nil && ph.Warmup.For == 0:
			calls = "≈ " + calls
		default:
			calls = "≥ " + calls
		}
		name := ph.Name
		if ph.Group > 0 {
			name = "∥ " + name // side by side with those that have the same mark
		}
		lines = append(lines, []string{name, invoked(&cell, ph), payload(ph.Payload), string(ph.Start), users(ph.Load),
			load(ph.Load) + byWorkers(ph.Load), warmup(ph.Warmup, ph.Load.AtOnce()), calls, content.Span(e.Guess)})
	}
	return lines
}

// invoked is what a phase calls: hello, or hello 15, pair 2.5.
func invoked(cell *plan.Cell, ph plan.Phase) string {
	switch {
	case ph.Load.Played != nil:
		return "a population of " + strconv.Itoa(len(ph.Mix))
	case ph.Fire != "":
		return fmt.Sprintf("fire %s, %s", ph.Fire, content.Count(cell.Trigger(ph.Fire).RuleCount(), "rule"))
	case ph.Exec != nil:
		return "$ " + shorten(strings.Join(ph.Exec.Command, " "), 40)
	case ph.Request != nil:
		return ph.Request.Method + " " + cmp.Or(ph.Request.Action, ph.Request.Path)
	case len(ph.Mix) == 0:
		return ph.Invoke
	}
	var parts []string
	for _, share := range ph.Mix {
		parts = append(parts, fmt.Sprintf("%s %g", share.Name, share.Weight))
	}
	return strings.Join(parts, ", ")
}

// users is how many call: 8, 1 to 64, or 1, 2, 4; nobody in an open load, whose calls come by themselves.
func users(l plan.Load) string {
	switch {
	case l.Open != nil:
		return content.Absent
	case l.Ramp != nil:
		return fmt.Sprintf("%g to %g", l.Ramp.From, l.Ramp.To)
	case len(l.Steps) > 0:
		return numbers(l.Steps)
	}
	return strconv.Itoa(l.Users)
}

func numbers(list []float64) string {
	texts := make([]string, len(list))
	for i, n := range list {
		texts[i] = strconv.FormatFloat(n, 'g', 6, 64)
	}
	return strings.Join(texts, ", ")
}

// open writes 100/s poisson for 1m.
func open(l plan.Load) string {
	o := l.Open
	text := strconv.FormatFloat(o.Rate, 'g', 6, 64) + "/s"
	switch {
	case l.Find != nil:
		return fmt.Sprintf("the knee from %g/s to %g/s, %s each", l.Find.From, l.Find.To, content.Span(l.For))
	case l.Played != nil:
		return "as its applications come, for " + content.Span(l.For)
	case len(o.PerMinute) > 0:
		text = "a trace"
	case l.Ramp != nil:
		text = fmt.Sprintf("%g/s to %g/s", l.Ramp.From, l.Ramp.To)
	case len(l.Steps) > 0:
		text = numbers(l.Steps) + "/s"
	}
	switch o.Arrivals {
	case "burst":
		text += fmt.Sprintf(", %d at once", o.Size)
	case "constant", "uniform":
		if o.Arrivals == "uniform" && len(o.PerMinute) == 0 {
			text += " uniform"
		}
	default:
		text += " " + o.Arrivals
	}
	return text + " for " + content.Span(l.For)
}

func load(l plan.Load) string {
	if l.Open != nil {
		return open(l)
	}
	text := content.Count(l.Iterations, "call")
	switch {
	case l.Background:
		text = "as long as the others"
	case l.For > 0:
		text = "for " + content.Span(l.For)
	case l.PerUser > 0:
		text = content.Count(l.PerUser, "call") + " per user"
	}
	if l.Pace > 0 {
		text += ", one every " + content.Span(l.Pace)
	}
	if l.Burst > 1 {
		text += fmt.Sprintf(", %d at once", l.Burst)
	}
	return text
}

// byWorkers is who sends a load that several processes do.
func byWorkers(l plan.Load) string {
	if l.Workers == 0 {
		return ""
	}
	text := ", by " + content.Count(l.Workers, "worker")
	if l.On != "" {
		text += " on " + l.On
	}
	return text
}

func warmup(w plan.Warmup, users int) string {
	switch {
	case w.For > 0:
		return "for " + content.Span(w.For)
	case w.Iterations == 0:
		return content.Absent
	case users > 1:
		return content.Count(w.Iterations, "call") + " per user"
	}
	return content.Count(w.Iterations, "call")
}

func payload(p plan.Payload) string {
	switch {
	case p.Name != "":
		return p.Name
	case p.File != "":
		return p.File
	case p.Size > 0:
		return fmt.Sprintf("%d bytes", p.Size)
	case len(p.JSON) > 0:
		return shorten(string(p.JSON), 32)
	}
	return "{}"
}

// shorten cuts text to at most n runes and shows that it did.
func shorten(text string, n int) string {
	runes := []rune(text)
	if len(runes) <= n {
		return text
	}
	return string(runes[:n-1]) + "…"
}

var actionColumns = []column{{title: "action", key: true}, {title: "kind"}, {title: "memory", number: true},
	{title: "code"}, {title: "on", optional: true}}

func actionLine(cell plan.Cell) (lines [][]string) {
	for _, a := range cell.Actions {
		memory := "default"
		if a.MemoryMB > 0 {
			memory = strconv.Itoa(a.MemoryMB) + "MB"
		}
		name, code := a.Name, madeOf(a)
		if a.Copies > 0 {
			name += fmt.Sprintf(" × %d", a.Copies)
		}
		if a.Instances > 0 {
			memory += " in at most " + content.Count(a.Instances, "container")
		}
		if a.Build != nil {
			code += ", built by " + shorten(a.Build.Run, 32)
		}
		if a.Pad > 0 {
			code += fmt.Sprintf(", padded by %d bytes", a.Pad)
		}
		lines = append(lines, []string{name, a.Kind, memory, code, cmp.Or(a.Role, content.Absent)})
	}
	return lines
}

// madeOf is the code of an action, its image, or both.
func madeOf(a plan.Action) string {
	switch {
	case a.Image == nil:
		return a.Code
	case a.Code == "":
		return a.Image.String()
	}
	return a.Code + " in " + a.Image.String()
}

var sequenceColumns = []column{{title: "sequence", key: true}, {title: "actions", text: true}}

func sequenceLine(cell plan.Cell) (lines [][]string) {
	for _, s := range cell.Sequences {
		lines = append(lines, []string{s.Name, chain(s.Actions)})
	}
	return lines
}

// chain writes components first to last; equal neighbours are counted: increment × 10.
func chain(actions []string) string {
	var parts []string
	for i := 0; i < len(actions); {
		n := 1
		for i+n < len(actions) && actions[i+n] == actions[i] {
			n++
		}
		part := actions[i]
		if n > 1 {
			part += " × " + strconv.Itoa(n)
		}
		parts = append(parts, part)
		i += n
	}
	return strings.Join(parts, " → ")
}
