package file

import (
	"bytes"
	"encoding/xml"
	"strings"
	"testing"

	"wsk-scenario/engine/report/content"
	"wsk-scenario/engine/report/reporttest"
)

// read is the file as a reader of JUnit XML takes it in.
func read(t *testing.T, r *content.Report) suites {
	t.Helper()
	var out bytes.Buffer
	if err := JUnit(&out, r); err != nil {
		t.Fatal(err)
	}
	var all suites
	in := xml.NewDecoder(&out)
	in.Strict = true
	if err := in.Decode(&all); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestJUnitIsNeverEmptyAndCountsWhatItHolds(t *testing.T) {
	for _, run := range reporttest.All() {
		all := read(t, report(run.Result))
		tests, failures, errors := 0, 0, 0
		for _, s := range all.Suites {
			counted := suite{Cases: s.Cases}
			counted.count()
			if s.Tests != counted.Tests || s.Failures != counted.Failures || s.Errors != counted.Errors || s.Skipped != counted.Skipped {
				t.Errorf("%s: suite %s says %d tests, %d failures, %d errors, %d skipped, and holds %d, %d, %d, %d", run.Name, s.Name,
					s.Tests, s.Failures, s.Errors, s.Skipped, counted.Tests, counted.Failures, counted.Errors, counted.Skipped)
			}
			tests, failures, errors = tests+s.Tests, failures+s.Failures, errors+s.Errors
		}
		if tests == 0 || tests != all.Tests || failures != all.Failures || errors != all.Errors {
			t.Errorf("%s: the head says %d tests, %d failures, %d errors, and there are %d, %d, %d", run.Name, all.Tests, all.Failures, all.Errors,
				tests, failures, errors)
		}
	}
}

func TestJUnitIsRedExactlyWhenTheRunIs(t *testing.T) {
	for _, run := range reporttest.All() {
		r := report(run.Result)
		all := read(t, r)
		green := r.Verdict.Word == content.Pass || r.Verdict.Word == content.Done
		if got := all.Failures+all.Errors == 0; got != green {
			t.Errorf("%s is %s, and its JUnit file has %d failures and %d errors", run.Name, r.Verdict.Word, all.Failures, all.Errors)
		}
	}
}

func TestWhatWasNotJudgedIsNoPassedTest(t *testing.T) {
	for _, run := range reporttest.All() {
		r := report(run.Result)
		passed := map[string]int{}
		for _, s := range read(t, r).Suites {
			for _, c := range s.Cases {
				if c.Failure == nil && c.Error == nil && c.Skipped == nil {
					passed[c.Class+"\x00"+c.Name]++
				}
			}
		}
		for i := range r.Assertions {
			a := &r.Assertions[i]
			if n := passed[r.Scenario+"."+r.Cells[a.Cell].ID+"\x00"+a.Expect]; !a.Held() && n > 0 {
				t.Errorf("%s: %q in %s is %s and passed as a test", run.Name, a.Expect, r.Cells[a.Cell].ID, a.Status)
			}
		}
	}
}

func TestJUnitKeepsTextsThatXMLMayNotHave(t *testing.T) {
	r := report(reporttest.Broken())
	r.Problems = []string{"compiler: \x1b[31m<&\"]]>\x00\nsecond line"}
	r.Verdict.Text = r.Problems[0]
	all := read(t, r)
	if got := all.Suites[0].Cases[0].Error.Text; !strings.Contains(got, "<&\"]]>") || !strings.Contains(got, "second line") {
		t.Errorf("the problem came back as %q", got)
	}
}
