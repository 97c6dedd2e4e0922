package report

import (
	"fmt"

	"wsk-scenario/engine/report/content"
)

// figures draws the parts of the report that are computed from single calls, as tables.
func (d *document) figures() error {
	drawings := content.Drawings(d.result)
	for i := range drawings {
		f := &drawings[i]
		if len(f.Lines) == 0 {
			continue
		}
		drawn := f.Table()
		g := &grid{columns: append(axisColumns(d.result.Plan.Axes), column{title: "of", key: true})}
		for k, title := range drawn.Columns {
			course := drawn.Course && k == len(drawn.Columns)-1
			g.columns = append(g.columns, column{title: title, number: !course})
		}
		for k, row := range drawn.Rows {
			line := &f.Lines[k]
			g.add(append(append(line.Values(d.result.Plan), line.Of()), row...)...)
		}
		if err := d.table(f.Title, g); err != nil {
			return fmt.Errorf("figure %q: %w", f.Title, err)
		}
	}
	return nil
}
