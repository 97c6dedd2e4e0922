package page

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/report/chart"
	"wsk-scenario/engine/report/content"
	"wsk-scenario/engine/report/reporttest"
	"wsk-scenario/engine/result"
)

var update = flag.Bool("update", false, "write the golden files anew")

// render is the page of a run with these samples.
func render(t testing.TB, r *result.Result, samples []measure.Sample) string {
	t.Helper()
	report := content.New(content.Source{Result: r, Folder: "results/startup/1", Example: func(int, int, measure.Outcome) string { return reporttest.Hostile }})
	charts, err := chart.New(report, func(_ bool, each func(*measure.Sample) error) error {
		for i := range samples {
			if err := each(&samples[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := HTML(&out, report, charts, "The methods."); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// packaged are the styles, scripts and data, which have no place in a golden file.
var packaged = regexp.MustCompile(`(?s)<style>.*?</style>|<script.*?</script>`)

func TestThePageOfEveryRunIsAsItsGoldenFile(t *testing.T) {
	runs := reporttest.All()
	measured, samples := reporttest.Measured(30)
	runs = append(runs, reporttest.Named{Name: "measured", Result: measured})
	for _, run := range runs {
		t.Run(run.Name, func(t *testing.T) {
			mine := samples
			if run.Name != "measured" {
				mine = nil
			}
			got := packaged.ReplaceAllString(render(t, run.Result, mine), "<packaged>")
			path := filepath.Join("testdata", run.Name+".html")
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
		})
	}
}

func TestAPageWithoutDataIsSmall(t *testing.T) {
	const most = 350 << 10
	if n := len(render(t, reporttest.Passed(), nil)); n > most {
		t.Errorf("the page has %d bytes, more than %d", n, most)
	}
}

func TestNoTextOfARunEndsTheDataOrTheScript(t *testing.T) {
	r, samples := reporttest.Measured(100)
	text := render(t, r, samples)
	_, behind, found := strings.Cut(text, `<script type="application/json" id="data">`)
	if !found {
		t.Fatal("the page has no data")
	}
	inside, _, _ := strings.Cut(behind, "</script>")
	if strings.ContainsAny(inside, "<>\u2028\u2029") {
		t.Error("the data holds a character that can end it")
	}
	var data struct {
		Charts struct{ Points struct{ Texts []string } }
	}
	if err := json.Unmarshal([]byte(inside), &data); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(data.Charts.Points.Texts, "\n"); !strings.Contains(got, reporttest.Hostile) {
		t.Errorf("the text did not come through whole: %q", got)
	}
	if strings.Contains(text, "<img src=x") {
		t.Error("a text of the run became an element of the page")
	}
}

func TestThePageNamesNoAddressToAsk(t *testing.T) {
	r, samples := reporttest.Measured(20)
	text := render(t, r, samples)
	for _, found := range regexp.MustCompile(`(?i)(src|href|action|@import|url\()\s*[=(]?\s*["']?(https?:)?//[^"' )]+`).FindAllString(text, -1) {
		t.Errorf("the page asks for %s", found)
	}
}
