package report

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/pkg/twwidth"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

	"wsk-scenario/engine/report/content"
)

// gap is the space between two columns.
const gap = 2

// column is one column of a grid.
type column struct {
	title string
	// number columns stand to the right, so that equal units stand below each other.
	number bool
	// key columns say which row it is; they come first, and again in every part of a grid that was split.
	key bool
	// with the column before: the two are never parted.
	joined bool
	// text may be broken over several lines when the grid is too wide.
	text bool
	// optional columns are left out when they are empty in every row.
	optional bool
}

// grid is a table before it is drawn.
type grid struct {
	columns []column
	rows    [][]string
}

func (g *grid) add(cells ...string) { g.rows = append(g.rows, cells) }

// render draws the grid. What does not fit into width columns of the terminal goes into further tables below the first, each
// with the key columns again; numbers are never broken. A width of 0 is no limit.
func (g *grid) render(width int) (string, error) {
	g = g.compact()
	g.alignMarks()
	var parts []string
	for _, part := range g.split(width) {
		text, err := part.draw(width)
		if err != nil {
			return "", err
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, "\n"), nil
}

// split parts the grid into grids that fit.
func (g *grid) split(width int) []*grid {
	widths := g.widths()
	if width <= 0 || total(widths) <= width || slices.ContainsFunc(g.columns, func(c column) bool { return c.text }) {
		return []*grid{g}
	}
	var keys []int
	for i, c := range g.columns {
		if c.key {
			keys = append(keys, i)
		}
	}
	var parts []*grid
	chosen := slices.Clone(keys)
	for _, group := range g.groups() {
		if len(chosen) > len(keys) && total(pick(widths, append(slices.Clone(chosen), group...))) > width {
			parts = append(parts, g.only(chosen))
			chosen = slices.Clone(keys)
		}
		chosen = append(chosen, group...)
	}
	return append(parts, g.only(chosen))
}

// compact is the grid without the optional columns that say nothing.
func (g *grid) compact() *grid {
	var kept []int
	for i, c := range g.columns {
		says := func(row []string) bool { return row[i] != "" && row[i] != content.Absent }
		if !c.optional || slices.ContainsFunc(g.rows, says) {
			kept = append(kept, i)
		}
	}
	return g.only(kept)
}

// alignMarks puts a blank where other cells of the column have a mark, so that the digits stay below each other.
func (g *grid) alignMarks() {
	marked := func(text string) bool { return strings.HasSuffix(text, content.Thin) }
	for i, c := range g.columns {
		if !c.number || !slices.ContainsFunc(g.rows, func(row []string) bool { return marked(row[i]) }) {
			continue
		}
		g.columns[i].title += " "
		for _, row := range g.rows {
			if !marked(row[i]) {
				row[i] += " "
			}
		}
	}
}

// groups are the columns beside the keys, those that belong together in one group.
func (g *grid) groups() (groups [][]int) {
	for i, c := range g.columns {
		switch {
		case c.key:
		case c.joined && len(groups) > 0:
			groups[len(groups)-1] = append(groups[len(groups)-1], i)
		default:
			groups = append(groups, []int{i})
		}
	}
	return groups
}

// only is the grid with some of its columns.
func (g *grid) only(columns []int) *grid {
	part := &grid{columns: pick(g.columns, columns)}
	for _, row := range g.rows {
		part.add(pick(row, columns)...)
	}
	return part
}

func pick[T any](from []T, which []int) []T {
	picked := make([]T, len(which))
	for i, k := range which {
		picked[i] = from[k]
	}
	return picked
}

// widths are the columns of the terminal that each column of the grid takes.
func (g *grid) widths() []int {
	widths := make([]int, len(g.columns))
	for i, c := range g.columns {
		widths[i] = twwidth.Width(c.title)
		for _, row := range g.rows {
			for line := range strings.Lines(row[i]) {
				widths[i] = max(widths[i], twwidth.Width(strings.TrimRight(line, "\n")))
			}
		}
	}
	return widths
}

// total is the width of a drawn line.
func total(widths []int) int {
	sum := gap * (len(widths) - 1)
	for _, w := range widths {
		sum += w
	}
	return sum
}

// draw draws the grid as it is, with text columns broken so that it fits where that is possible.
func (g *grid) draw(width int) (string, error) {
	var out bytes.Buffer
	table := tablewriter.NewTable(&out,
		tablewriter.WithRenderer(renderer.NewBlueprint(rules)),
		tablewriter.WithConfig(g.config(width)),
		tablewriter.WithTrimSpace(tw.Off),
	)
	titles := make([]string, len(g.columns))
	for i, c := range g.columns {
		titles[i] = c.title
	}
	table.Header(titles)
	if err := table.Bulk(g.rows); err != nil {
		return "", fmt.Errorf("fill a table: %w", err)
	}
	if err := table.Render(); err != nil {
		return "", fmt.Errorf("draw a table: %w", err)
	}
	return trimLines(out.String()), nil
}

// rules is one line below the header and nothing else: it stays readable in a log.
var rules = tw.Rendition{
	Borders: tw.BorderNone,
	Symbols: tw.NewSymbols(tw.StyleLight),
	Settings: tw.Settings{
		Separators: tw.Separators{BetweenRows: tw.Off, BetweenColumns: tw.Off, ShowHeader: tw.On},
		Lines:      tw.Lines{ShowTop: tw.Off, ShowBottom: tw.Off, ShowHeaderLine: tw.On},
	},
}

func (g *grid) config(width int) tablewriter.Config {
	cells := tw.CellConfig{
		Formatting: tw.CellFormatting{AutoFormat: tw.Off, AutoWrap: tw.WrapNormal},
	}
	for i, c := range g.columns {
		padding := tw.Padding{Right: strings.Repeat(" ", gap), Overwrite: true}
		if i == len(g.columns)-1 {
			padding.Right = ""
		}
		cells.Padding.PerColumn = append(cells.Padding.PerColumn, padding)
		align := tw.AlignLeft
		if c.number {
			align = tw.AlignRight
		}
		cells.Alignment.PerColumn = append(cells.Alignment.PerColumn, align)
	}
	cells.ColMaxWidths.PerColumn = g.limits(width)
	return tablewriter.Config{Header: cells, Row: cells}
}

// narrowest is what a text column is never made narrower than.
const narrowest = 16

// limits gives each text column what the others leave, so that the lines fit into width.
func (g *grid) limits(width int) tw.Mapper[int, int] {
	widths := g.widths()
	limits := tw.Mapper[int, int]{}
	for i := len(widths) - 1; i >= 0 && width > 0; i-- {
		over := total(widths) - width
		if over > 0 && g.columns[i].text {
			widths[i] = min(widths[i], max(widths[i]-over, narrowest))
			limits[i] = widths[i]
			if i < len(widths)-1 {
				limits[i] += gap // the library counts the padding in
			}
		}
	}
	return limits
}

// trimLines drops the blanks at the end of each line, which the padding of the last column leaves.
func trimLines(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	return strings.Join(lines, "\n")
}
