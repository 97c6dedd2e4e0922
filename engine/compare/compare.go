package compare

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"wsk-scenario/dsl/expr"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/result"
)

// DefaultMargin is the change that counts: 5 %.
const DefaultMargin = 0.05

// Options say what is compared. They are chosen before the figures are seen.
type Options struct {
	// Primary are the metrics that the comparison is about, Secondary those that explain. Both empty: the usual ones.
	Primary, Secondary []string
	Margin             float64 // the change that counts, as a fraction; 0 is DefaultMargin
	Paired             bool    // the n-th run of one side belongs to the n-th of the other
	Allow              []Kind  // differences that are meant
}

// Version is the version of the JSON form of a comparison. A new member does not change it; a changed or removed one does.
const Version = 1

// Report is a comparison of base runs with new ones. Durations are nanoseconds.
type Report struct {
	Version     int           `json:"version"`
	Margin      float64       `json:"margin"` // the change that counts, as a fraction
	Paired      bool          `json:"paired"` // the n-th run of base belongs to the n-th of new
	Scenario    string        `json:"scenario"`
	Base        []Run         `json:"base"`
	New         []Run         `json:"new"`
	Notes       []string      `json:"notes,omitempty"` // what a reader must know before believing it
	Comparisons []Comparison  `json:"comparisons"`
	Causes      []Attribution `json:"causes,omitempty"`  // of what changed
	Verdict     Verdict       `json:"verdict"`           // the worst of all
	Further     int           `json:"further,omitempty"` // about how many more runs a side would decide what is inconclusive
	// Refusal is why there is no comparison; then there is nothing else to say.
	Refusal *Refusal `json:"refusal,omitempty"`
}

// Run names one run of a comparison.
type Run struct {
	ID      string    `json:"id"`
	Pass    int       `json:"pass,omitempty"` // of a result that repeats its scenario, from 1
	Started time.Time `json:"started"`
}

// UnlikeError says why two sides cannot be compared.
type UnlikeError struct{ Differences []Difference }

func (e *UnlikeError) Error() string {
	lines := make([]string, len(e.Differences))
	for i, d := range e.Differences {
		lines[i] = "  " + d.String()
	}
	return fmt.Sprintf("%s:\n%s\n%s", notTheSame, strings.Join(lines, "\n"), e.remedy())
}

// notTheSame is why unlike results are refused.
const notTheSame = "base and new did not measure the same thing"

// remedy says how one compares them all the same.
func (e *UnlikeError) remedy() string {
	return "if that is what you want to compare, say so: --allow " + strings.Join(e.kinds(), " --allow ")
}

func (e *UnlikeError) kinds() (kinds []string) {
	for _, d := range e.Differences {
		if !slices.Contains(kinds, string(d.Kind)) {
			kinds = append(kinds, string(d.Kind))
		}
	}
	return kinds
}

// Compare judges new results against base results. The error is an *UnlikeError where they did not measure the same thing.
func Compare(base, latest []*result.Result, o Options) (*Report, error) {
	if len(base) == 0 || len(latest) == 0 {
		return nil, errors.New("a comparison needs results on both sides")
	}
	if o.Margin == 0 {
		o.Margin = DefaultMargin
	}
	if !(o.Margin > 0 && o.Margin < 1) {
		return nil, fmt.Errorf("the margin must lie between 0 and 1 (0.05 is 5 %%), not %g", o.Margin)
	}
	allowed, refused := unlike(base, latest, o.Allow)
	if len(refused) > 0 {
		return nil, &UnlikeError{refused}
	}
	r := &Report{Version: Version, Margin: o.Margin, Paired: o.Paired, Scenario: latest[0].Plan.Scenario, Comparisons: []Comparison{}}
	for _, d := range allowed {
		r.Notes = append(r.Notes, "they differ, as allowed: "+d.String())
	}
	a, left := runsOf(base)
	b, leftOfNew := runsOf(latest)
	r.Notes = append(r.Notes, slices.Concat(left, leftOfNew)...)
	if o.Paired && len(a) != len(b) {
		return nil, fmt.Errorf("pairs need as many new runs as base runs: there are %d and %d", len(b), len(a))
	}
	if both := common(a, b); both != "" {
		return nil, fmt.Errorf("run %s stands on both sides", both)
	}
	r.Base, r.New = named(a), named(b)
	r.Notes = append(r.Notes, order(a, b)...)
	if err := r.compare(a, b, o); err != nil {
		return nil, err
	}
	return r, nil
}

func (r *Report) compare(a, b []run, o Options) error {
	p := latestPlan(a, b)
	if p == nil {
		return errors.New("none of the runs is complete on both sides")
	}
	primary, secondary, err := o.metrics(p)
	if err != nil {
		return err
	}
	for _, cell := range cellsOf(p) {
		for _, m := range primary {
			r.add(cell, m, true, a, b)
		}
		for _, m := range secondary {
			r.add(cell, m, false, a, b)
		}
	}
	r.decide(o)
	r.Causes = causes(r.Comparisons, a, b)
	return nil
}

// metrics are those that the options name, or the usual ones.
func (o Options) metrics(p *plan.Plan) (primary, secondary []Metric, err error) {
	if len(o.Primary)+len(o.Secondary) == 0 {
		primary, secondary = Usual(p)
		return primary, secondary, nil
	}
	for _, name := range o.Primary {
		m, err := ParseMetric(name, p)
		if err != nil {
			return nil, nil, err
		}
		primary = append(primary, m)
	}
	for _, name := range o.Secondary {
		m, err := ParseMetric(name, p)
		if err != nil {
			return nil, nil, err
		}
		secondary = append(secondary, m)
	}
	return primary, secondary, nil
}

// add reads one metric of one cell from all runs. A secondary metric that no run has is left out: nobody asked for it.
func (r *Report) add(cell string, m Metric, primary bool, a, b []run) {
	c := Comparison{Cell: cell, Metric: m, Primary: primary, Base: []float64{}, New: []float64{}}
	var missing []string
	for i, side := range [][]run{a, b} {
		for _, run := range side {
			value, why := run.number(cell, m)
			if why != "" {
				missing = append(missing, why)
			} else if i == 0 {
				c.Base = append(c.Base, value)
			} else {
				c.New = append(c.New, value)
			}
		}
	}
	switch {
	case len(missing) == len(a)+len(b) && !primary:
		return
	case len(missing) > 0:
		c.undecided(NotJudged, "no figure in %d of %s: %s", len(missing), counted(len(a)+len(b), "run"), missing[0])
	default:
		c.measure(r.Paired, resamples)
	}
	r.Comparisons = append(r.Comparisons, c)
	r.thin(cell, m, b)
}

// thin notes a quantile that has too few samples in a run to be one.
func (r *Report) thin(cell string, m Metric, runs []run) {
	steps := expr.Steps(m.Name)
	statistic := steps[len(steps)-1]
	metric := strings.TrimSuffix(m.Name, "."+statistic)
	needed, quantile := measure.Needed[statistic]
	if !quantile || len(runs) == 0 {
		return
	}
	count, why := runs[0].number(cell, Metric{Name: metric + ".count"})
	note := fmt.Sprintf("%s rests on %.0f samples a run; a finite 95 %% interval of a %s needs %d", m.Name, count, statistic, needed)
	if why == "" && count < float64(needed) && !slices.Contains(r.Notes, note) {
		r.Notes = append(r.Notes, note)
	}
}

// decide corrects the p values of the primary metrics of all cells as one family and those of the others as another, judges
// each, and takes the worst.
func (r *Report) decide(o Options) {
	for _, primary := range []bool{true, false} {
		var family []*Comparison
		var p []float64
		for i := range r.Comparisons {
			if c := &r.Comparisons[i]; c.Primary == primary && c.Verdict == "" {
				family, p = append(family, c), append(p, c.P)
			}
		}
		for i, adjusted := range Holm(p) {
			family[i].Adjusted = adjusted
		}
	}
	r.Verdict = Improved
	rank := []Verdict{Improved, Equivalent, NotJudged, Inconclusive, Regressed}
	for i := range r.Comparisons {
		c := &r.Comparisons[i]
		c.judge(o.Margin, o.Paired)
		decides := c.Primary || c.Verdict == Regressed
		if decides && slices.Index(rank, c.Verdict) > slices.Index(rank, r.Verdict) {
			r.Verdict = c.Verdict
		}
		if c.Primary {
			r.Further = max(r.Further, c.Further)
		}
	}
}

// common is a run that stands on both sides; empty when none does.
func common(a, b []run) string {
	for _, x := range a {
		for _, y := range b {
			if x.result.Run == y.result.Run {
				return x.result.Run
			}
		}
	}
	return ""
}

// named are the runs for people.
func named(runs []run) []Run {
	list := []Run{}
	for _, r := range runs {
		list = append(list, Run{r.result.Run, r.pass, r.started})
	}
	return list
}

// order warns where all runs of one side came before all of the other: what drifts with time then looks like a change.
func order(a, b []run) []string {
	if len(a) == 0 || len(b) == 0 {
		return nil
	}
	if a[len(a)-1].started.Before(b[0].started) || b[len(b)-1].started.Before(a[0].started) {
		return []string{"the runs of the two sides are not interleaved: whatever drifted between them looks like a change"}
	}
	return nil
}

func latestPlan(a, b []run) *plan.Plan {
	if len(a) == 0 || len(b) == 0 {
		return nil
	}
	return b[len(b)-1].result.Plan
}

// cellsOf are the ids of the cells, each once however often it is repeated.
func cellsOf(p *plan.Plan) (ids []string) {
	for i := range p.Cells {
		if id := p.Cells[i].Base(); !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}
