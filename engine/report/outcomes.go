package report

import (
	"strconv"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/result"
)

// outcomes is the table of how calls ended, where any ended otherwise than ok.
func (d *document) outcomes() error {
	r := d.result
	g := &grid{columns: axisColumns(r.Plan.Axes)}
	g.columns = append(g.columns, column{title: "phase", key: true}, column{title: "outcome", key: true},
		column{title: "calls", number: true}, column{title: "example", text: true})
	for _, books := range r.Books {
		if books.Outcomes[measure.OK] == ended(books) {
			continue
		}
		cell := r.Plan.Cells[books.Cell]
		for _, outcome := range measure.Outcomes {
			n := books.Outcomes[outcome]
			if n == 0 {
				continue
			}
			g.add(append(axisValues(r.Plan.Axes, cell), cell.Phases[books.Phase].Name, string(outcome), strconv.Itoa(n),
				d.example(books, outcome))...)
		}
	}
	if len(g.rows) == 0 {
		return nil
	}
	return d.table("How the calls ended, warm-up included", g)
}

// example is one error text of the outcome, where the caller can look one up.
func (d *document) example(books measure.Books, outcome measure.Outcome) string {
	if d.Example == nil || outcome == measure.OK {
		return ""
	}
	return d.Example(books.Cell, books.Phase, outcome)
}

// ended is how many calls have an outcome.
func ended(b measure.Books) (n int) {
	for _, count := range b.Outcomes {
		n += count
	}
	return n
}

// calls sums the books: calls issued, those that ended, and those that ended in an error. Warm-up is included.
func calls(r *result.Result) (issued, outcomes, errors int) {
	for _, b := range r.Books {
		issued += b.Issued
		outcomes += ended(b)
		for outcome, n := range b.Outcomes {
			if outcome.IsError() {
				errors += n
			}
		}
	}
	return issued, outcomes, errors
}
