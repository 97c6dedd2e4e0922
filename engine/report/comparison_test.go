package report

import (
	"bytes"
	"testing"

	"wsk-scenario/engine/report/reporttest"
)

func TestAComparisonReadsLikeItsGoldenFile(t *testing.T) {
	var out bytes.Buffer
	if err := (Terminal{Out: &out, Width: 140}).Comparison(reporttest.Compared()); err != nil {
		t.Fatal(err)
	}
	golden(t, "comparison", out.String())
}
