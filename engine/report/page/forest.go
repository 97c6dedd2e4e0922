package page

import (
	"math"

	"wsk-scenario/engine/compare"
)

// forest is a plot of effects with their intervals, one below the other on one scale, beside the table of their figures.
type forest struct {
	Title, Unit string
	Cells       bool // there are several, so that each row says its own
	Rows        []forestRow
	Ticks       []tick
	// Zero is where no change is; From and Wide are the band of the margin. All are hundredths of the width.
	Zero, From, Wide float64
}

// forestRow is one metric of one cell. At, Low and High are hundredths of the width.
type forestRow struct {
	compare.Comparison
	Cell, Base, New, Effect, Interval, P string
	Drawn                                bool
	At, Low, Long                        float64
	// Left and Right say that the interval goes on beyond the scale.
	Left, Right bool
}

// forestsOf are the primary metrics and those that explain them; shares, whose differences count and not their ratios, apart.
func forestsOf(r *compare.Report) (list []forest) {
	for _, of := range []struct {
		title          string
		primary, share bool
	}{{"What the comparison is about", true, false}, {"Shares that it is about", true, true}, {"What explains it", false, false}, {"Shares", false, true}} {
		f := forest{Title: of.title, Unit: "new against base, ratio of medians"}
		if of.share {
			f.Unit = "new less base, difference of medians"
		}
		var chosen []compare.Comparison
		for _, c := range r.Comparisons {
			if c.Primary == of.primary && c.Metric.Share == of.share {
				chosen = append(chosen, c)
				f.Cells = f.Cells || c.Where() != ""
			}
		}
		if len(chosen) == 0 {
			continue
		}
		f.draw(chosen, scaleOf(chosen, r.Margin, of.share))
		list = append(list, f)
	}
	return list
}

// effectScale is the horizontal scale of a forest: reach lies at both ends, as a logarithm of a ratio or as a difference.
type effectScale struct {
	share         bool
	reach, margin float64
}

// scaleOf reaches as far as the intervals do, but never so far that the margin is no more to be seen: what lies beyond is an arrow.
func scaleOf(list []compare.Comparison, margin float64, share bool) effectScale {
	const least, most = 2, 12 // margins
	s := effectScale{share: share, margin: margin}
	if !share {
		s.margin = math.Log1p(margin)
	}
	for _, c := range list {
		if c.Effect != nil {
			s.reach = max(s.reach, math.Abs(s.of(c.Effect.Low)), math.Abs(s.of(c.Effect.High)))
		}
	}
	s.reach = min(max(s.reach*1.08, least*s.margin), most*s.margin)
	return s
}

// of is an effect in the terms of the scale: 0 is no change.
func (s effectScale) of(effect float64) float64 {
	if s.share {
		return effect
	}
	return math.Log(effect)
}

// at is where a value of the scale lies, in hundredths of the width, not beyond its ends.
func (s effectScale) at(v float64) float64 {
	return round2(50 + 50*math.Max(-1, math.Min(1, v/s.reach)))
}

func (f *forest) draw(list []compare.Comparison, s effectScale) {
	low, high := -s.margin, s.margin
	if !s.share {
		low = math.Log(1 - (math.Exp(s.margin) - 1))
	}
	f.Zero, f.From = s.at(0), s.at(low)
	f.Wide = round2(s.at(high) - f.From)
	for _, c := range list {
		row := forestRow{Comparison: c, Cell: c.Where(), Base: c.Metric.Middle(c.Base), New: c.Metric.Middle(c.New)}
		row.Effect, row.Interval, row.P = c.Words()
		if c.Effect != nil {
			low, high := s.of(c.Effect.Low), s.of(c.Effect.High)
			row.Drawn, row.At, row.Low = true, s.at(s.of(c.Effect.Point)), s.at(low)
			row.Long = round2(s.at(high) - row.Low)
			row.Left, row.Right = low < -s.reach, high > s.reach
		}
		f.Rows = append(f.Rows, row)
	}
	f.Ticks = s.ticks(list[0].Metric)
}

// ticks are round changes, from no change outward, as far apart as their texts need.
func (s effectScale) ticks(m compare.Metric) (ticks []tick) {
	const apart = 22 // hundredths of the width
	ticks = append(ticks, tick{50, "0"})
	for _, side := range []float64{-1, 1} {
		last := 50.0
		for _, change := range []float64{.001, .002, .005, .01, .02, .05, .1, .15, .2, .3, .4, .5, .6, .8, 1, 2, 5} {
			effect := side * change
			if !s.share {
				effect++
			}
			if effect <= 0 && !s.share || math.Abs(s.of(effect)) > s.reach {
				break
			}
			if at := s.at(s.of(effect)); math.Abs(at-last) >= apart && math.Abs(at-50) <= 47 {
				last = at
				ticks = append(ticks, tick{at, m.Tick(effect)})
			}
		}
	}
	return ticks
}
