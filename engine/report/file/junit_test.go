package file

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"wsk-scenario/engine/compare"
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
		tests, failures, faults := 0, 0, 0
		for _, s := range all.Suites {
			counted := suite{Cases: s.Cases}
			counted.count()
			if s.Tests != counted.Tests || s.Failures != counted.Failures || s.Errors != counted.Errors || s.Skipped != counted.Skipped {
				t.Errorf("%s: suite %s says %d tests, %d failures, %d errors, %d skipped, and holds %d, %d, %d, %d", run.Name, s.Name,
					s.Tests, s.Failures, s.Errors, s.Skipped, counted.Tests, counted.Failures, counted.Errors, counted.Skipped)
			}
			tests, failures, faults = tests+s.Tests, failures+s.Failures, faults+s.Errors
		}
		if tests == 0 || tests != all.Tests || failures != all.Failures || faults != all.Errors {
			t.Errorf("%s: the head says %d tests, %d failures, %d errors, and there are %d, %d, %d", run.Name, all.Tests, all.Failures, all.Errors,
				tests, failures, faults)
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

// TestEveryJUnitFileIsByTheSchema asks a validator of XML Schema, for every way in which a run or a comparison can end.
func TestEveryJUnitFileIsByTheSchema(t *testing.T) {
	xmllint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Fatalf("xmllint is not installed; it comes with Debian's package libxml2-utils, which make test installs: %v", err)
	}
	folder := t.TempDir()
	check := func(name string, write func(io.Writer) error) {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			if err := write(&out); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(folder, "junit.xml")
			if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
			if said, err := exec.CommandContext(t.Context(), xmllint, "--noout", "--nonet", "--schema", "testdata/junit.xsd", path).CombinedOutput(); err != nil {
				t.Errorf("%v:\n%s\n%s", err, said, out.String())
			}
		})
	}
	measured, _ := reporttest.Measured(30)
	for _, run := range append(reporttest.All(), reporttest.Named{Name: "interrupted early", Result: reporttest.InterruptedEarly()},
		reporttest.Named{Name: "measured", Result: measured}) {
		check(run.Name, func(w io.Writer) error { return JUnit(w, report(run.Result)) })
	}
	for name, r := range map[string]*compare.Report{"compared": reporttest.Compared(), "refused comparison": reporttest.Refused(),
		"nothing compared": compare.Refuse(nil, nil, compare.Options{}, errors.New("none of the runs is complete on both sides"))} {
		for _, tolerant := range []bool{false, true} {
			check(fmt.Sprintf("%s, tolerant %t", name, tolerant), func(w io.Writer) error { return ComparisonJUnit(w, r, tolerant) })
		}
	}
	wrong := exec.CommandContext(t.Context(), xmllint, "--noout", "--nonet", "--schema", "testdata/junit.xsd", "-")
	wrong.Stdin = strings.NewReader(`<testsuites name="empty" tests="0" failures="0" errors="0" time="0"></testsuites>`)
	if wrong.Run() == nil {
		t.Error("the schema takes a file without a suite")
	}
}

func TestAComparisonThatWasRefusedIsRedInJUnitHoweverTolerant(t *testing.T) {
	for _, tolerant := range []bool{false, true} {
		var out bytes.Buffer
		if err := ComparisonJUnit(&out, reporttest.Refused(), tolerant); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), `tests="1" failures="0" errors="1"`) || !strings.Contains(out.String(), "target is embedded standalone in base") {
			t.Errorf("tolerant %t: it does not say why: %s", tolerant, out.String())
		}
	}
}
