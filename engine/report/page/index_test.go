package page

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"wsk-scenario/engine/report/content"
	"wsk-scenario/engine/report/reporttest"
)

func TestTheIndexListsEveryResultTheNewestFirstAndNamesWhatCannotBeRead(t *testing.T) {
	old, late := content.New(content.Source{Result: reporttest.Passed()}), content.New(content.Source{Result: reporttest.Failed()})
	late.Started = old.Started.Add(time.Hour)
	var out bytes.Buffer
	err := Index(&out, "Results", []Entry{{Report: old, Link: "a/report.html"}, {Folder: "results/b", Fault: "it is " + reporttest.Hostile}, {Report: late, Link: "c/report.html"}})
	if err != nil {
		t.Fatal(err)
	}
	text := out.String()
	if fail, pass := strings.Index(text, "1 FAIL</b>"), strings.Index(text, "1 PASS</b>"); fail < 0 || pass < fail {
		t.Errorf("the head counts 1 FAIL at %d and 1 PASS at %d, want the worse first", fail, pass)
	}
	first, second := strings.Index(text, `href="c/report.html"`), strings.Index(text, `href="a/report.html"`)
	if first < 0 || second < first {
		t.Errorf("the links stand at %d and %d, want the newer result first", first, second)
	}
	if !strings.Contains(text, "results/b: it is") || strings.Contains(text, "<img src=x") {
		t.Error("the result that cannot be read is not listed as such, or its fault became an element of the page")
	}
}
