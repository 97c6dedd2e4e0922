package diag

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const source = "name: x\nphases:\n  - name: cold\n\tab: |\n    two\n    lines\nwide: 日本語 ab é\n"

func at(line, from, to int) Range {
	return Range{"a.yaml", Pos{line, from}, Pos{line, to}}
}

func drawn(t *testing.T, p Printer, list List) string {
	t.Helper()
	var out bytes.Buffer
	p.Out = &out
	if p.Sources == nil {
		p.Sources = Sources{"a.yaml": []byte(source)}
	}
	if err := p.Text(list); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestTextDrawsThePlace(t *testing.T) {
	for name, test := range map[string]struct {
		diagnostic Diagnostic
		want       string
	}{
		"a word with a hint": {
			Diagnostic{Severity: Error, Range: at(3, 11, 15), Summary: "wrong", Hint: "write warm"},
			"a.yaml:3:11: error: wrong\n   |\n 3 |   - name: cold\n   |           ^~~~ write warm\n",
		},
		"a failed assertion, by its own severity": {
			Diagnostic{Severity: Failed, Range: at(1, 7, 8), Summary: "cold.p95 < 900ms", Hint: "1.32s over 30 activations"},
			"a.yaml:1:7: failed: cold.p95 < 900ms\n   |\n 1 | name: x\n   |       ^ 1.32s over 30 activations\n",
		},
		"a place after a tab keeps the tab": {
			Diagnostic{Severity: Warning, Range: at(4, 2, 4), Summary: "odd"},
			"a.yaml:4:2: warning: odd\n   |\n 4 | \tab: |\n   | \t^~\n",
		},
		"wide runes are two columns": {
			Diagnostic{Severity: Error, Range: at(7, 7, 13), Summary: "odd"},
			"a.yaml:7:7: error: odd\n   |\n 7 | wide: 日本語 ab é\n   |       ^~~~~~~~~\n",
		},
		"behind wide runes": {
			Diagnostic{Severity: Error, Range: at(7, 11, 13), Summary: "odd"},
			"a.yaml:7:11: error: odd\n   |\n 7 | wide: 日本語 ab é\n   |              ^~\n",
		},
		"several lines: the rest of the first is marked": {
			Diagnostic{Severity: Error, Range: Range{"a.yaml", Pos{3, 5}, Pos{6, 4}}, Summary: "long"},
			"a.yaml:3:5: error: long\n   |\n 3 |   - name: cold\n   |     ^~~~~~~~~~\n",
		},
		"behind the end of a line": {
			Diagnostic{Severity: Error, Range: at(2, 8, 9), Summary: "missing"},
			"a.yaml:2:8: error: missing\n   |\n 2 | phases:\n   |        ^\n",
		},
		"only the file is known": {
			Diagnostic{Severity: Error, Range: Range{File: "a.yaml"}, Summary: "empty", Hint: "write something"},
			"a.yaml: error: empty\n    write something\n",
		},
		"no file is known": {
			Diagnostic{Severity: Error, Summary: "odd"},
			"error: odd\n",
		},
		"a file whose text is not at hand": {
			Diagnostic{Severity: Error, Range: Range{"b.yaml", Pos{1, 2}, Pos{1, 3}}, Summary: "odd"},
			"b.yaml:1:2: error: odd\n",
		},
		"a second place is a second picture": {
			Diagnostic{Severity: Error, Range: at(3, 5, 9), Summary: "twice", Related: []Related{{at(1, 1, 5), "first here"}}},
			"a.yaml:3:5: error: twice\n   |\n 3 |   - name: cold\n   |     ^~~~\n" +
				"a.yaml:1:1: first here\n   |\n 1 | name: x\n   | ^~~~\n",
		},
	} {
		if diff := cmp.Diff(test.want, drawn(t, Printer{}, List{test.diagnostic})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestTextCutsLongLinesAroundTheRange(t *testing.T) {
	long := strings.Repeat("word ", 100) + "HERE" + strings.Repeat(" word", 100)
	for name, column := range map[string]int{"in the middle": 501, "at the start": 1, "at the end": 1000} {
		out := drawn(t, Printer{Sources: Sources{"a.yaml": []byte(long)}},
			List{{Severity: Error, Range: at(1, column, column+4), Summary: "x"}})
		lines := strings.Split(out, "\n")
		code, marks := []rune(lines[2]), []rune(lines[3])
		if len(code) > maxWidth+10 {
			t.Errorf("%s: the line is still %d runes long", name, len(code))
		}
		caret := strings.Index(string(marks), "^")
		if want := []rune(long)[column-1]; code[caret] != want {
			t.Errorf("%s: the caret stands under %q, not under %q", name, code[caret], want)
		}
	}
}

func TestTextShowsNoControlCharacters(t *testing.T) {
	out := drawn(t, Printer{Sources: Sources{"a.yaml": []byte("a: \x1b[31mred\u202eder\r\n")}},
		List{{Severity: Error, Range: at(1, 4, 5), Summary: "a \x1b[2J b\nc"}})
	if strings.ContainsAny(out, "\x1b\u202e\r") || strings.Count(out, "\n") != 4 {
		t.Errorf("a terminal would obey this: %q", out)
	}
}

func TestColorOnlyAddsCodes(t *testing.T) {
	list := List{
		{Severity: Error, Range: at(3, 5, 9), Summary: "bad", Hint: "h", Related: []Related{{at(1, 1, 2), "n"}}},
		{Severity: Warning, Range: at(1, 1, 2), Summary: "odd"},
	}
	plain, colored := drawn(t, Printer{}, list), drawn(t, Printer{Color: true}, list)
	for _, code := range []string{bold, red, yellow} {
		if !strings.Contains(colored, "\x1b["+code+"m") {
			t.Errorf("the code %s is not used: %q", code, colored)
		}
		colored = strings.ReplaceAll(colored, "\x1b["+code+"m", "")
	}
	if stripped := strings.ReplaceAll(colored, "\x1b[0m", ""); stripped != plain {
		t.Errorf("without its codes the coloured text is another one:\n%s", cmp.Diff(plain, stripped))
	}
}

func TestGitHubEscapes(t *testing.T) {
	var out bytes.Buffer
	list := List{
		{Severity: Error, Range: Range{"a,b:c.yaml", Pos{3, 5}, Pos{3, 9}}, Summary: "100% wrong", Hint: "write\nit"},
		{Severity: Warning, Range: Range{"a.yaml", Pos{1, 1}, Pos{2, 4}}, Summary: "odd"},
		{Severity: NoData, Range: Range{File: "a.yaml"}, Summary: "cold.p95 < 1s"},
	}
	if err := (Printer{Out: &out}).GitHub(list); err != nil {
		t.Fatal(err)
	}
	want := "::error file=a%2Cb%3Ac.yaml,line=3,col=5,endColumn=8::100%25 wrong%0Awrite%0Ait\n" +
		"::warning file=a.yaml,line=1,endLine=2::odd\n" +
		"::error file=a.yaml::no data: cold.p95 < 1s\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestJSONReadsBack(t *testing.T) {
	for name, list := range map[string]List{
		"nothing": nil,
		"a conflict": {{Severity: Error, Range: at(1, 1, 2), Path: "a.b", Summary: "<x> & y", Hint: "h",
			Related: []Related{{at(2, 1, 2), "n"}}}},
	} {
		var out bytes.Buffer
		if err := (Printer{Out: &out}).JSON(list); err != nil {
			t.Fatal(err)
		}
		var back List
		if err := json.Unmarshal(out.Bytes(), &back); err != nil {
			t.Fatal(err)
		}
		if back == nil || len(back) != len(list) || len(list) > 0 && !cmp.Equal(back, list) {
			t.Errorf("%s: got %s", name, out.String())
		}
	}
}

func TestSummaryCountsInWords(t *testing.T) {
	repeat := func(s Severity, n int) (list List) {
		for range n {
			list = append(list, Diagnostic{Severity: s})
		}
		return list
	}
	for want, list := range map[string]List{
		"":                                 nil,
		"1 error":                          repeat(Error, 1),
		"2 errors and 1 warning":           append(repeat(Error, 2), repeat(Warning, 1)...),
		"1 error, 3 warnings and 2 failed": append(append(repeat(Failed, 2), repeat(Warning, 3)...), repeat(Error, 1)...),
		"1 without data and 2 not judged":  append(repeat(NoData, 1), repeat(NotJudged, 2)...),
	} {
		if got := Summary(list); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
