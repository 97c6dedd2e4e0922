package page

import (
	"slices"
	"strings"
	"testing"

	"wsk-scenario/engine/report/content"
	"wsk-scenario/engine/report/reporttest"
)

func TestALongSeriesKeepsItsPeaks(t *testing.T) {
	values := make([]float64, 5000)
	for i := range values {
		values[i] = 1
	}
	values[1234], values[4321] = 9, .1
	kept := extremes(values)
	if len(kept) > 2*stretches || !slices.IsSorted(kept) {
		t.Errorf("%d values are kept, in order: %t", len(kept), slices.IsSorted(kept))
	}
	for _, peak := range []int{1234, 4321} {
		if !slices.Contains(kept, peak) {
			t.Errorf("the peak at %d is lost", peak)
		}
	}
	d := &content.Drawing{Kind: "series", Lines: []content.Line{{Phase: "p", Metric: "run", N: 10000, Stride: 2, Series: values}}}
	if notes := reductions(d); len(notes) != 2 || !strings.Contains(notes[1], "Of p.run, one call in 2 is kept") {
		t.Errorf("it says %q of what is not drawn", notes)
	}
}

func TestAnAxisHoldsItsValues(t *testing.T) {
	for name, values := range map[string][]float64{
		"spread widely": {.001, .5, 20}, "close together": {10, 11, 12}, "all the same": {3, 3}, "all zero": {0, 0}, "one that is negative": {-4, 8}, "with a zero": {0, 100},
	} {
		for _, fromZero := range []bool{true, false} {
			a := axisOf(values, fromZero)
			for _, v := range values {
				if at := a.at(v); !(at >= 0 && at <= 1000) {
					t.Errorf("%s: %g lies at %g thousandths of %+v", name, v, at, a)
				}
			}
		}
	}
}

func TestFiguresOfTheScenarioInChromium(t *testing.T) {
	r, samples := reporttest.Measured(20)
	r.Figures = reporttest.Figures().Figures
	b := start(t)
	b.show(t, render(t, r, samples))
	for selector, want := range map[string]int{"section.drawing": 4, ".curve path[data-cell]": 9, ".drawing .heats svg": 3, ".drawing rect": 18} {
		if got := value[int](t, b, visible(selector)); got != want {
			t.Errorf("%d of %s are seen, want %d", got, selector, want)
		}
	}
	value[bool](t, b, `([...document.querySelectorAll("nav input")].find(i => i.value === "edge").click(), true)`)
	if got := value[int](t, b, visible(".curve path[data-cell]")); got != 6 {
		t.Errorf("without one of three cells %d lines are seen, want 6", got)
	}
	b.calm(t)
}
