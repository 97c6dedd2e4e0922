package dsl

import "testing"

func TestPercentilesAreNamedByTheirShare(t *testing.T) {
	for name, want := range map[string]Percentile{
		"p(5)":       {"p(5)", 0.05, ""},
		"p(97.5)":    {"p(97.5)", 0.975, ""},
		"p(99.999)":  {"p(99.999)", 0.99999, ""},
		"p_low(95)":  {"p_low(95)", 0.95, Low},
		"p_high(50)": {"p_high(50)", 0.5, High},
		"p(0)":       {},
		"p(100)":     {},
		"p(-5)":      {},
		"p(NaN)":     {},
		"p()":        {},
		"p(5":        {},
		"p5":         {},
		"p(5))":      {},
		"q(5)":       {},
		"p_mid(5)":   {},
	} {
		got, ok := ParsePercentile(name)
		if known := want.Name != ""; ok != known || known && (got.Name != want.Name || got.End != want.End || abs(got.Share-want.Share) > 1e-12) {
			t.Errorf("%s is %+v (%v); want %+v", name, got, ok, want)
		}
	}
}

func abs(v float64) float64 { return max(v, -v) }
