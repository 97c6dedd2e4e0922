package report

import (
	"bytes"
	"testing"

	"wsk-scenario/engine/compare"
	"wsk-scenario/engine/report/reporttest"
)

func TestAComparisonReadsLikeItsGoldenFile(t *testing.T) {
	for name, r := range map[string]*compare.Report{"comparison": reporttest.Compared(), "comparison-refused": reporttest.Refused()} {
		var out bytes.Buffer
		if err := (Terminal{Out: &out, Width: 140}).Comparison(r); err != nil {
			t.Fatal(err)
		}
		golden(t, name, out.String())
	}
}
