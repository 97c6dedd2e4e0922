package content

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/result"
)

// State is how far a phase came.
type State string

// The states of a phase. Only of one that was measured do assertions judge.
const (
	Measured   State = "measured"
	NotReached State = "not reached"       // the run ended before
	CutOff     State = "cut off"           // the phase ended before its load was done
	Limited    State = "generator-limited" // the generator did not keep the schedule
)

// Phase is one phase of one cell.
type Phase struct {
	Cell   int    `json:"cell"`  // index into the report's cells
	Phase  int    `json:"phase"` // index into the cell's phases
	Name   string `json:"name"`
	Invoke string `json:"invoke"` // what is called
	Start  string `json:"start"`  // any, cold or warm
	Load   string `json:"load"`   // in words
	// Size is the number of users of a closed load, or the rate of an open one in calls a second; 0 where it changes.
	Size       float64 `json:"size,omitempty"`
	Open       bool    `json:"open"`                 // the load is an open one
	Unmeasured bool    `json:"unmeasured,omitempty"` // the scenario keeps it out of the tables
	State      State   `json:"state"`
	Reason     string  `json:"reason,omitempty"` // why it is not simply measured
	Figures
	Outcomes []Outcome `json:"outcomes"`
	Steps    []Step    `json:"steps"`
	// Knee is the highest rate that held, in calls a second, of a search that found one.
	Knee     *float64 `json:"knee,omitempty"`
	KneeText string   `json:"knee_text,omitempty"`
	fires    bool     // a trigger, not an action
}

// Figures are the numbers of a phase or of a step of its load.
type Figures struct {
	Window  float64 `json:"window_seconds"` // from the first due moment to the last answer, without warm-up
	Warmups int     `json:"warmups"`        // calls kept out of the statistics
	Strays  int     `json:"strays"`         // calls of another start than asked for, left out of the class all
	// Elsewhere ran on nodes of another role than was asked for, and of Unproved nothing tells where they ran: both are left out, too.
	Elsewhere int                `json:"elsewhere"`
	Unproved  int                `json:"unproved"`
	Late      int                `json:"late"`     // calls sent later than they were due by more than the bound
	Counters  map[string]float64 `json:"counters"` // by the names of the language
	Classes   []Class            `json:"classes"`  // the first is all: what assertions see
}

// Step is one step of a load, or one trial of a search.
type Step struct {
	Size float64 `json:"size"` // users, or calls a second
	Text string  `json:"text"` // with its unit
	// Unmet says why the objective of a search does not hold at this rate.
	Unmet string `json:"unmet,omitempty"`
	Figures
}

// Outcome is a way in which calls of a phase ended, warm-up included.
type Outcome struct {
	Name    string `json:"name"`
	Calls   int    `json:"calls"`
	Error   bool   `json:"error"`
	Example string `json:"example,omitempty"`
}

// All are the figures that assertions see.
func (f *Figures) All() *Class {
	if len(f.Classes) == 0 {
		return &Class{Name: "all"}
	}
	return &f.Classes[0]
}

// Mishaps reports whether any call of the phase ended otherwise than ok.
func (p *Phase) Mishaps() bool {
	return len(p.Outcomes) > 1 || len(p.Outcomes) == 1 && p.Outcomes[0].Name != string(measure.OK)
}

// Errors is how many calls failed.
func (f *Figures) Errors() int { return int(f.Counters["errors"]) }

func (s Source) phases() (list []Phase) {
	r := s.Result
	list = []Phase{}
	for c, cell := range r.Plan.Cells {
		for p := range cell.Phases {
			if cell.Phases[p].Wait == 0 {
				list = append(list, s.phase(c, p))
			}
		}
	}
	return list
}

func (s Source) phase(c, p int) Phase {
	r := s.Result
	ph := &r.Plan.Cells[c].Phases[p]
	made := Phase{
		Cell: c, Phase: p, Name: ph.Name, Invoke: invoked(ph), Start: string(ph.Start), Load: LoadText(ph.Load), Size: sizeOf(ph.Load),
		Open: ph.Load.Open != nil, Unmeasured: ph.Unmeasured, State: Measured,
		Figures: Figures{Counters: map[string]float64{}, Classes: []Class{}}, Outcomes: s.outcomes(c, p), Steps: []Step{}, fires: ph.Fire != "",
	}
	sum := summaryOf(r, c, p)
	if sum == nil {
		made.State, made.Reason = NotReached, "the run ended before this phase was over"
		return made
	}
	made.Figures = figuresOf(sum, unitsOf(ph.Extract))
	switch {
	case sum.Limited:
		made.State, made.Reason = Limited, fmt.Sprintf("%s sent more than %v after they were due: it is the generator that was measured", Count(sum.Late, "call"), measure.LateBy)
	case sum.Aborted != "":
		made.State, made.Reason = CutOff, fmt.Sprintf("stopped, because %s does not hold", sum.Aborted)
	case sum.Cut:
		made.State, made.Reason = CutOff, "ended before its load was done"
	}
	for i := range sum.Steps {
		made.Steps = append(made.Steps, stepOf(ph, sum, i))
	}
	made.knee(ph.Load, sum)
	return made
}

func (p *Phase) knee(l plan.Load, sum *measure.Summary) {
	if len(sum.Trials) == 0 || l.Find == nil {
		return
	}
	p.KneeText = fmt.Sprintf("none, the slo does not hold at %.4g/s", l.Find.From)
	if rate, found := sum.Counters["knee"]; found {
		p.Knee = &rate
		p.KneeText = fmt.Sprintf("%.4g/s, the highest rate at which %s", rate, l.Find.SLO.Value)
		if rate >= l.Find.To {
			p.KneeText += "; it lies above, where the search ended"
		}
	}
	for _, t := range sum.Trials {
		if t.Limit != "" {
			p.KneeText += fmt.Sprintf("; at %.4g/s gave way: %s", t.Rate, t.Limit)
		}
	}
}

func figuresOf(sum *measure.Summary, units map[string]string) Figures {
	f := Figures{Window: sum.Window.Seconds(), Warmups: sum.Warmups, Strays: sum.Strays, Elsewhere: sum.Elsewhere, Unproved: sum.Unproved, Late: sum.Late,
		Counters: maps.Clone(sum.Counters), Classes: []Class{}}
	if f.Counters == nil {
		f.Counters = map[string]float64{}
	}
	for _, c := range sum.Classes {
		f.Classes = append(f.Classes, classOf(c, units))
	}
	return f
}

func stepOf(ph *plan.Phase, sum *measure.Summary, i int) Step {
	l, step := ph.Load, Step{Figures: figuresOf(&sum.Steps[i], unitsOf(ph.Extract))}
	switch {
	case i < len(sum.Trials):
		step.Size, step.Unmet = sum.Trials[i].Rate, sum.Trials[i].Unmet
		held := "held"
		if step.Unmet != "" {
			held = "not held"
		}
		step.Text = fmt.Sprintf("%.4g/s %s", step.Size, held)
	case i < len(l.Steps):
		step.Size = l.Steps[i]
		step.Text = Count(int(step.Size), "user")
		if l.Open != nil {
			step.Text = strconv.FormatFloat(step.Size, 'g', 6, 64) + "/s"
		}
	default:
		step.Text = "step " + strconv.Itoa(i)
	}
	return step
}

// outcomes are the ways in which the calls of a phase ended, in the order of all outcomes.
func (s Source) outcomes(c, p int) []Outcome {
	list := []Outcome{}
	i := slices.IndexFunc(s.Result.Books, func(b measure.Books) bool { return b.Cell == c && b.Phase == p })
	if i < 0 {
		return list
	}
	books := s.Result.Books[i]
	known := slices.Clone(measure.Outcomes)
	for _, o := range slices.SortedFunc(maps.Keys(books.Outcomes), cmp.Compare[measure.Outcome]) {
		if !slices.Contains(known, o) {
			known = append(known, o)
		}
	}
	for _, o := range known {
		if n := books.Outcomes[o]; n > 0 {
			example := ""
			if s.Example != nil && o != measure.OK {
				example = s.Example(c, p, o)
			}
			list = append(list, Outcome{string(o), n, o.IsError(), example})
		}
	}
	return list
}

func invoked(ph *plan.Phase) string {
	if len(ph.Mix) == 0 {
		return ph.Invoke
	}
	text := ""
	for i, share := range ph.Mix {
		if i > 0 {
			text += " + "
		}
		text += fmt.Sprintf("%g %s", share.Weight, share.Name)
	}
	return text
}

func summaryOf(r *result.Result, cell, phase int) *measure.Summary {
	i := slices.IndexFunc(r.Summaries, func(s measure.Summary) bool { return s.Cell == cell && s.Phase == phase })
	if i < 0 {
		return nil
	}
	return &r.Summaries[i]
}

// AxisValues are the values of a cell in the order of axes.
func AxisValues(axes []plan.Axis, cell plan.Cell) []string {
	values := make([]string, len(axes))
	for i, axis := range axes {
		values[i] = Absent
		for _, v := range cell.Values {
			if v.Name == axis.Name {
				values[i] = v.Text()
			}
		}
	}
	return values
}
