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

func TestAnIndexInChromium(t *testing.T) {
	var entries []Entry
	for _, run := range reporttest.All() {
		entries = append(entries, Entry{Report: content.New(content.Source{Result: run.Result}), Link: run.Name + "/report.html"})
	}
	entries = append(entries, Entry{Folder: "results/b", Fault: "it is damaged"})
	var out bytes.Buffer
	if err := Index(&out, "Results", entries); err != nil {
		t.Fatal(err)
	}
	b := start(t)
	b.show(t, out.String())
	for selector, want := range map[string]int{".index tbody tr:not(.group)": len(reporttest.All()), ".index a": len(reporttest.All()), "section li.bad": 1, ".title .verdict": 5} {
		if got := value[int](t, b, visible(selector)); got != want {
			t.Errorf("%d of %s are seen, want %d", got, selector, want)
		}
	}
	b.calm(t)
}
