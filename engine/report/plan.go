package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/report/content"
)

// maxListed is how many cells, or assertions that a run did not get to, are named one by one; more are told together.
const maxListed = 12

// Plan writes what a run of p would do. What several cells share is written once. A width of 0 is no limit.
func Plan(out io.Writer, p *plan.Plan, width int) error {
	d := &document{Terminal: Terminal{Out: out, Width: width}}
	d.block(d.planHeading(p))
	d.block(names("matrix", axes(p)))
	d.block(names("vars", vars(p)))
	if err := d.shared("", phaseColumns, rowsOf(p, phaseLine)); err != nil {
		return err
	}
	if err := d.shared("", actionColumns, rowsOf(p, actionLine)); err != nil {
		return err
	}
	if err := d.shared("", sequenceColumns, rowsOf(p, sequenceLine)); err != nil {
		return err
	}
	if err := d.nodes(p); err != nil {
		return err
	}
	if err := d.releases(p); err != nil {
		return err
	}
	d.block(d.cells(p))
	d.block(planAssertions(p))
	d.block(d.planTotal(p) + d.planNeed(p))
	return d.flush()
}

func (d *document) planHeading(p *plan.Plan) string {
	parts := []string{p.Scenario, p.File, "seed " + strconv.FormatUint(p.Seed, 10), "plan " + content.Short(p.Fingerprint)}
	if p.Cluster != nil {
		parts = append(parts, "cluster "+p.Cluster.Name)
	}
	text := d.wrap(parts)
	if p.About != "" {
		text += d.words(p.About)
	}
	if len(p.Overrides) > 0 {
		text += "--set " + strings.Join(p.Overrides, " --set ") + "\n"
	}
	return text
}

// planTotal says what the run will cost, as far as that can be known.
func (d *document) planTotal(p *plan.Plan) string {
	e := p.Estimate()
	total := content.Count(e.Invocations, "call")
	if !e.Exact {
		total = "at least " + total + ", then as many as fit into " + content.Span(e.Timed)
	}
	guess := "about " + content.Span(e.Guess) + " on the embedded OpenWhisk, without the time to set up"
	return d.wrap([]string{content.Count(len(p.Cells), "cell"), total, guess})
}

// embeddedMB is the memory that the embedded OpenWhisk gives out when it is not told otherwise.
const embeddedMB = 2048

// planNeed says what the platform must have, and what happens where it has less.
func (d *document) planNeed(p *plan.Plan) string {
	n := p.Need()
	parts := []string{"at most " + content.Count(n.Users, "call") + " at a time", fmt.Sprintf("containers: %dMB at work", n.BusyMB)}
	if n.WarmMB > n.BusyMB {
		parts = append(parts, fmt.Sprintf("%dMB to keep all warm", n.WarmMB))
	}
	switch {
	case n.BusyMB > embeddedMB:
		parts = append(parts, fmt.Sprintf("more than the %dMB of the embedded OpenWhisk, where calls will wait", embeddedMB))
	case n.WarmMB > embeddedMB:
		parts = append(parts, fmt.Sprintf("more than the %dMB of the embedded OpenWhisk, where some will be evicted", embeddedMB))
	}
	return d.wrap(parts)
}

func axes(p *plan.Plan) (pairs [][2]string) {
	for _, axis := range p.Axes {
		values := make([]string, len(axis.Values))
		for i, v := range axis.Values {
			values[i] = plan.Text(v)
		}
		pairs = append(pairs, [2]string{axis.Name, strings.Join(values, ", ")})
	}
	return pairs
}

func vars(p *plan.Plan) (pairs [][2]string) {
	for _, v := range p.Vars {
		pairs = append(pairs, [2]string{v.Name, v.Text()})
	}
	return pairs
}

// names lists pairs below each other, with the title before the first.
func names(title string, pairs [][2]string) string {
	widest := 0
	for _, pair := range pairs {
		widest = max(widest, len(pair[0]))
	}
	var text strings.Builder
	for _, pair := range pairs {
		fmt.Fprintf(&text, "%-8s%-*s  %s\n", title, widest, pair[0], pair[1])
		title = ""
	}
	return text.String()
}

// cells names the cells of a small matrix; of a large one only how many of the product there are.
func (d *document) cells(p *plan.Plan) string {
	if len(p.Axes) == 0 {
		return ""
	}
	product := 1
	for _, axis := range p.Axes {
		product *= len(axis.Values)
	}
	text := content.Count(len(p.Cells), "cell")
	if product > len(p.Cells) {
		text += fmt.Sprintf(" of %d (the others are left out)", product)
	}
	ids := make([]string, 0, maxListed)
	for _, cell := range p.Cells[:min(maxListed, len(p.Cells))] {
		ids = append(ids, cell.ID)
	}
	if more := len(p.Cells) - len(ids); more > 0 {
		ids = append(ids, fmt.Sprintf("and %d more", more))
	}
	return text + "\n" + d.wrap(ids)
}

func planAssertions(p *plan.Plan) string {
	if len(p.Assertions) == 0 {
		return "no assertions: the run measures and judges nothing\n"
	}
	var text strings.Builder
	text.WriteString(content.Count(len(p.Assertions), "assertion"))
	if len(p.Cells) > 1 {
		text.WriteString(", each judged in every cell")
	}
	text.WriteString("\n")
	for _, a := range p.Assertions {
		text.WriteString("- " + a.Expect.Value)
		if a.Across != "" {
			text.WriteString(" (across " + a.Across + ")")
		}
		if a.When != "" {
			text.WriteString(" (when " + a.When + ")")
		}
		if a.Warn {
			text.WriteString(" (warning only)")
		}
		text.WriteString("\n")
	}
	return text.String()
}
