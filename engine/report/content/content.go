// Package content is what a report says, before it has a form: one set of structs, made once from a result and rendered by
// every format. Its JSON is a format itself. It computes nothing that was not measured, and leaves out nothing that was
// planned: a phase that was not reached is there and says so.
package content

import (
	"slices"
	"time"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/result"
)

// Version is the version of the JSON form. A new member does not change it; a changed or removed one does.
const Version = 1

// Report is what is said of one run. Durations are seconds everywhere.
type Report struct {
	Version  int       `json:"version"`
	Scenario string    `json:"scenario"`
	About    string    `json:"about,omitempty"`
	Run      string    `json:"run"`  // the id of the run
	Tool     string    `json:"tool"` // version of the program that ran it
	Started  time.Time `json:"started"`
	Ended    time.Time `json:"ended"`
	Seconds  float64   `json:"seconds"` // from start to end; 0 where the end is not known
	Verdict  Verdict   `json:"verdict"`
	Target   string    `json:"target,omitempty"`
	Cluster  string    `json:"cluster,omitempty"`
	Plan     Plan      `json:"plan"`
	Facts    []Fact    `json:"facts"`
	Clocks   []Clock   `json:"clocks"`
	Usage    []Usage   `json:"usage"` // what the nodes used, of those that tell
	Cells    []Cell    `json:"cells"`
	// Phases has one entry for each phase of each cell that is planned, those that wait only left out.
	Phases     []Phase     `json:"phases"`
	Tables     []Table     `json:"tables"`
	Drawings   []Drawing   `json:"drawings"` // those that the scenario asks for
	Assertions []Assertion `json:"assertions"`
	Books      Books       `json:"books"`
	Problems   []string    `json:"problems"` // why the run is broken, or what was left undone
	Notes      []string    `json:"notes"`    // what was not measured or not proved, and why
	Folder     string      `json:"folder,omitempty"`
}

// Plan is what was planned, as far as a reader needs it to know what was measured.
type Plan struct {
	File        string   `json:"file"`
	Fingerprint string   `json:"fingerprint"`
	Seed        uint64   `json:"seed"`
	Overrides   []string `json:"overrides"`
	Vars        []Fact   `json:"vars"`
	Axes        []Axis   `json:"axes"`
}

// Fact is one thing known, by its name.
type Fact struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Axis is one axis of the matrix.
type Axis struct {
	Name   string   `json:"name"`
	Values []string `json:"values"`
}

// Clock is how far a clock of the platform is ahead of the generator's.
type Clock struct {
	Of     string  `json:"of"`
	Offset float64 `json:"offset_seconds"`
	Error  float64 `json:"error_seconds"` // the offset lies this much above or below at most
	Drift  float64 `json:"drift_seconds,omitempty"`
	Jumps  bool    `json:"jumps,omitempty"` // no offset fits: its times cannot be compared
	Text   string  `json:"text"`
}

// Cell is one point of the matrix.
type Cell struct {
	ID     string   `json:"id"`
	Values []string `json:"values"`         // in the order of the plan's axes
	Role   string   `json:"role,omitempty"` // the placement asked for, where all actions have the same
}

// Books says whether every call that was issued ended in exactly one outcome.
type Books struct {
	Balance bool     `json:"balance"`
	Issued  int      `json:"issued"`
	Ended   int      `json:"ended"`
	Errors  int      `json:"errors"`
	Warmups int      `json:"warmups"`
	Started int      `json:"started,omitempty"` // activations that fired triggers started
	Faults  []string `json:"faults"`
}

// Table is a table that the scenario asks for.
type Table struct {
	Title   string     `json:"title"`
	Rows    []string   `json:"rows"` // the axes of its rows
	Columns []string   `json:"columns"`
	Cells   []TableRow `json:"cells"`
	Legend  string     `json:"legend,omitempty"` // what its columns mean, where their names alone do not say it
}

// TableRow is one row: the values of the axes, then those of the columns; null where there is no data.
type TableRow struct {
	Axes   []string  `json:"axes"`
	Values []*string `json:"values"`
	// Thin are the columns whose value is a percentile of too few values, from 0.
	Thin []int `json:"thin"`
}

// Texts are the values for people, with their marks.
func (r *TableRow) Texts() []string {
	texts := make([]string, len(r.Values))
	for i, v := range r.Values {
		switch {
		case v == nil:
			texts[i] = Absent
		case slices.Contains(r.Thin, i):
			texts[i] = *v + Thin
		default:
			texts[i] = *v
		}
	}
	return texts
}

// Source is what a report is made from.
type Source struct {
	Result *result.Result
	// Folder is where the result is kept.
	Folder string
	// Column evaluates a column of an extra table in a cell; false is "no data". Nil leaves the tables out.
	Column func(cell int, column diag.Text) (string, bool)
	// Example gives one error text of calls that ended so, or nothing; it may be nil.
	Example func(cell, phase int, outcome measure.Outcome) string
}

// New makes the report of a result.
func New(s Source) *Report {
	r := s.Result
	report := &Report{
		Version: Version, Scenario: r.Plan.Scenario, About: r.Plan.About, Run: r.Run, Tool: r.Tool,
		Started: r.Started.UTC(), Ended: r.Ended.UTC(), Verdict: verdictOf(r), Plan: planOf(r.Plan),
		Facts: []Fact{}, Clocks: []Clock{}, Usage: usageOf(r), Problems: filled(r.Problems), Notes: NotesOf(r), Books: booksOf(r), Folder: s.Folder,
		Assertions: assertionsOf(r), Tables: s.tables(), Drawings: Drawings(r),
	}
	if took := r.Ended.Sub(r.Started); took > 0 {
		report.Seconds = took.Seconds()
	}
	if r.Plan.Cluster != nil {
		report.Cluster = r.Plan.Cluster.Name
	}
	for _, f := range r.Facts {
		if f.Name == "target" {
			report.Target = f.Value
			continue
		}
		report.Facts = append(report.Facts, Fact(f))
	}
	for _, c := range r.Clocks {
		report.Clocks = append(report.Clocks, Clock{c.Of, c.Offset.Seconds(), c.Error.Seconds(), c.Drift.Seconds(), c.Jumps, c.Text()})
	}
	for _, c := range r.Plan.Cells {
		report.Cells = append(report.Cells, Cell{c.ID, AxisValues(r.Plan.Axes, c), roleOf(c)})
	}
	report.Phases = s.phases()
	return report
}

func planOf(p *plan.Plan) Plan {
	made := Plan{File: p.File, Fingerprint: p.Fingerprint, Seed: p.Seed, Overrides: filled(p.Overrides), Vars: []Fact{}, Axes: []Axis{}}
	for _, v := range p.Vars {
		made.Vars = append(made.Vars, Fact{v.Name, v.Text()})
	}
	for _, a := range p.Axes {
		axis := Axis{Name: a.Name}
		for _, v := range a.Values {
			axis.Values = append(axis.Values, plan.Text(v))
		}
		made.Axes = append(made.Axes, axis)
	}
	return made
}

// roleOf is the role of a cell's actions where they have one role together.
func roleOf(c plan.Cell) string {
	role := ""
	for i, a := range c.Actions {
		if i > 0 && a.Role != role {
			return ""
		}
		role = a.Role
	}
	return role
}

// filled is the list, never null in JSON.
func filled(list []string) []string { return append([]string{}, list...) }

// Place names a phase of a cell; the cell is left out where there is only one.
func (r *Report) Place(p *Phase) string {
	if len(r.Plan.Axes) == 0 {
		return p.Name
	}
	return r.Cells[p.Cell].ID + ": " + p.Name
}
