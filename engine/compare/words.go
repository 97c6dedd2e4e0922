package compare

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"wsk-scenario/dsl/expr"
)

// absent stands where there is nothing to show.
const absent = "–"

// Verdicts are all verdicts, in the order in which they are counted.
var Verdicts = []Verdict{Regressed, Improved, Equivalent, Inconclusive, NotJudged}

// Green reports whether the verdict says that nothing got worse.
func (v Verdict) Green() bool { return v == Improved || v == Equivalent }

// Middle is the median of the runs of a side for people.
func (m Metric) Middle(values []float64) string {
	if len(values) == 0 {
		return absent
	}
	return m.Format(Median(values))
}

// Change is an effect for people: a ratio as a percentage of change, a difference of shares in percentage points.
func (m Metric) Change(effect float64) string {
	if m.Share {
		return fmt.Sprintf("%+.3g points", effect*100)
	}
	percent := (effect - 1) * 100
	if math.Abs(percent) < 0.05 {
		percent = 0
	}
	return fmt.Sprintf("%+.1f %%", percent)
}

// Tick is an effect as a scale shows it: shorter than Change.
func (m Metric) Tick(effect float64) string {
	if m.Share {
		return fmt.Sprintf("%+.3g", effect*100)
	}
	return fmt.Sprintf("%+.3g %%", (effect-1)*100)
}

// Percent is a fraction for people: 5 %, 0.12 %, 130 %.
func Percent(share float64) string {
	percent := share * 100
	if percent >= 100 {
		return fmt.Sprintf("%.0f %%", percent)
	}
	return fmt.Sprintf("%.2g %%", percent)
}

// Where is the cell, empty where there is only one.
func (c Comparison) Where() string { return where(c.Cell) }

// Where is the phase, and its cell where there are several.
func (a Attribution) Where() string {
	if cell := where(a.Cell); cell != "" {
		return a.Phase + " of " + cell
	}
	return a.Phase
}

func where(cell string) string {
	if cell == "all" {
		return ""
	}
	return cell
}

// Words are the effect, its interval and the p of the family for people.
func (c Comparison) Words() (effect, interval, p string) {
	if c.Effect == nil {
		return absent, absent, absent
	}
	chance := c.P
	if c.Adjusted > 0 {
		chance = c.Adjusted
	}
	m := c.Metric
	return m.Change(c.Effect.Point), m.Change(c.Effect.Low) + " … " + m.Change(c.Effect.High), fmt.Sprintf("%.2g", chance)
}

// Why says what a verdict that is not plain rests on, and how many more runs would make it plain.
func (c Comparison) Why() string {
	parts := []string{}
	if c.Reason != "" {
		parts = append(parts, c.Reason)
	}
	if c.Further > 0 && c.Verdict == Inconclusive {
		parts = append(parts, fmt.Sprintf("about %s more would tell", counted(c.Further, "run")))
	}
	return strings.Join(parts, "; ")
}

// Decides reports whether the verdict of the whole rests on this one: a metric that only explains can make it worse, no more.
func (c Comparison) Decides() bool { return c.Primary || c.Verdict == Regressed }

// Sides says how many runs there are of which side, and the margin.
func (r *Report) Sides() []string {
	runs := fmt.Sprintf("%s of base, %s of new", counted(len(r.Base), "run"), counted(len(r.New), "run"))
	if r.Paired {
		runs += ", in pairs"
	}
	return []string{runs, "margin " + Percent(r.Margin)}
}

// Counts are how many comparisons there are of each verdict, and what it would take to decide; why there are none, where the
// comparison was refused.
func (r *Report) Counts() (parts []string) {
	if r.Refusal != nil {
		first, _, _ := strings.Cut(r.Refusal.Reason, "\n")
		return []string{first}
	}
	counts := map[Verdict]int{}
	for _, c := range r.Comparisons {
		counts[c.Verdict]++
	}
	for _, v := range Verdicts {
		if counts[v] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", counts[v], v))
		}
	}
	if r.Further > 0 {
		parts = append(parts, "about "+counted(r.Further, "more run")+" a side would decide")
	}
	return parts
}

// Title says what the parts of a change add up to.
func (a Attribution) Title() string {
	return fmt.Sprintf("Where the change of %s comes from: mean response %s", a.Where(), adding(a.Change))
}

// Words are what a part adds and which share of the change that is, for people.
func (a Attribution) Words(p Part) (adds, share string) {
	if a.Change == 0 {
		return adding(p.Adds), absent
	}
	return adding(p.Adds), fmt.Sprintf("%.0f %%", p.Adds/a.Change*100)
}

// adding is a change of a duration in nanoseconds.
func adding(ns float64) string {
	sign := "+"
	if ns < 0 {
		sign, ns = "-", -ns
	}
	return sign + expr.Format(time.Duration(math.Round(ns)))
}

func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}
