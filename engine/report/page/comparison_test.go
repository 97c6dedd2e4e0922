package page

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wsk-scenario/engine/compare"
	"wsk-scenario/engine/report/reporttest"
)

// compared is the page of a comparison.
func compared(t *testing.T, r *compare.Report) string {
	t.Helper()
	var out bytes.Buffer
	if err := Comparison(&out, r); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestThePageOfAComparisonIsAsItsGoldenFile(t *testing.T) {
	for name, r := range map[string]*compare.Report{"comparison.html": reporttest.Compared(), "comparison-refused.html": reporttest.Refused()} {
		t.Run(name, func(t *testing.T) { comparedLike(t, name, r) })
	}
}

func comparedLike(t *testing.T, name string, r *compare.Report) {
	got := packaged.ReplaceAllString(compared(t, r), "<packaged>")
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s differs (-want +got); run with -update if the new one is right:\n%s", path, d)
	}
	if strings.Contains(got, "<img src=x") {
		t.Error("a text of the comparison became an element of the page")
	}
}

func TestTheScaleOfAForestShowsTheMarginHoweverFarAnEffectLies(t *testing.T) {
	r := reporttest.Compared()
	for _, f := range forestsOf(r) {
		if f.Wide < 8 {
			t.Errorf("%s: the band of the margin is %g hundredths wide", f.Title, f.Wide)
		}
		if len(f.Ticks) < 3 {
			t.Errorf("%s: the scale has the marks %v, want some on both sides", f.Title, f.Ticks)
		}
		for _, row := range f.Rows {
			if row.Drawn && (row.Low < 0 || row.Low+row.Long > 100.01 || row.At < 0 || row.At > 100) {
				t.Errorf("%s of %s is drawn outside: %g, from %g on %g wide", row.Metric.Name, row.Cell, row.At, row.Low, row.Long)
			}
			if beyond := row.Effect == "+1050.0 %"; beyond != row.Right {
				t.Errorf("%s of %s: an arrow to the right is drawn: %t, want %t", row.Metric.Name, row.Cell, row.Right, beyond)
			}
		}
	}
}

func TestAComparisonInChromium(t *testing.T) {
	b := start(t)
	b.show(t, compared(t, reporttest.Compared()))
	for selector, want := range map[string]int{"table.forest": 3, "td.plot svg[role=img]": 8, "table.forest tbody .mark": 7, "table.forest .arrow": 1} {
		if got := value[int](t, b, visible(selector)); got != want {
			t.Errorf("%d of %s are seen, want %d", got, selector, want)
		}
	}
	// the interval of what regressed lies right of the band, by the boxes that were drawn
	if !value[bool](t, b, `(() => { const row = [...document.querySelectorAll(".forest tbody tr")].find(r => r.textContent.includes("✗ regressed"));
		return row.querySelector(".interval").getBoundingClientRect().left > row.querySelector(".band").getBoundingClientRect().right; })()`) {
		t.Error("the interval of the regression is not right of the margin")
	}
	b.calm(t)
	b.show(t, compared(t, reporttest.Refused()))
	if text := value[string](t, b, `document.body.innerText`); !strings.Contains(text, "REFUSED") || !strings.Contains(text, "embedded standalone") || value[int](t, b, visible("#refusal tbody tr")) != 2 {
		t.Errorf("the page of a refused comparison says %q", text)
	}
	b.calm(t)
}
