package page

import (
	"bytes"
	"testing"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/report/chart"
	"wsk-scenario/engine/report/content"
	"wsk-scenario/engine/report/reporttest"
	"wsk-scenario/engine/result"
)

// mostBytes is how large the page of any run may be.
const mostBytes = 5 << 20

// made is the page of samples in memory, with what it says of its down-sampling.
func made(t testing.TB, r *result.Result, samples []measure.Sample) (page []byte, reduced []string) {
	t.Helper()
	report := content.New(content.Source{Result: r})
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
	return out.Bytes(), charts.Reduced
}

func TestThePageOfManyCallsStaysSmallAndSaysHow(t *testing.T) {
	r, samples := reporttest.Measured(40_000)
	page, reduced := made(t, r, samples)
	if len(page) > mostBytes {
		t.Errorf("the page of %d calls has %d bytes", len(samples), len(page))
	}
	if len(reduced) < 2 {
		t.Fatalf("it says only %q of its down-sampling", reduced)
	}
	for _, sentence := range reduced {
		if !bytes.Contains(page, []byte(sentence[:40])) {
			t.Errorf("the page does not say %q", sentence)
		}
	}
}
