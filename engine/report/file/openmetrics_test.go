package file

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"wsk-scenario/engine/report/reporttest"
)

func TestPrometheusReadsWhatIsWritten(t *testing.T) {
	for _, run := range reporttest.All() {
		var out bytes.Buffer
		if err := OpenMetrics(&out, report(run.Result)); err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(out.String(), "\n# EOF\n") {
			t.Errorf("%s: the file does not end with the mark of its end", run.Name)
		}
		parser := expfmt.NewTextParser(model.UTF8Validation)
		families, err := parser.TextToMetricFamilies(&out)
		if err != nil {
			t.Errorf("%s: %v", run.Name, err)
			continue
		}
		passed := families["wsk_scenario_run_passed"].GetMetric()[0].GetGauge().GetValue() == 1
		if want := slices.Contains([]string{"passed", "mixed-starts", "figures", "pods"}, run.Name); passed != want {
			t.Errorf("%s: passed is %t", run.Name, passed)
		}
	}
}

func TestAPercentileComesBackInSeconds(t *testing.T) {
	var out bytes.Buffer
	if err := OpenMetrics(&out, report(reporttest.Passed())); err != nil {
		t.Fatal(err)
	}
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(&out)
	if err != nil {
		t.Fatal(err)
	}
	first := families["wsk_scenario_response_seconds"].GetMetric()[0].GetSummary()
	if q := first.GetQuantile()[0]; q.GetQuantile() != .5 || q.GetValue() != .7453 {
		t.Errorf("the first percentile is %v at %v, want 0.7453 at 0.5", q.GetValue(), q.GetQuantile())
	}
	if first.GetSampleCount() != 10 {
		t.Errorf("it is of %d calls, want 10", first.GetSampleCount())
	}
}
