package diag

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNearest(t *testing.T) {
	statistics := []string{"p50", "p75", "p90", "p95", "p99", "p999", "mean", "max"}
	for _, test := range []struct {
		case_, name string
		names, want []string
	}{
		{"the nearest, not the first that is near", "p9999", statistics, []string{"p999"}},
		{"all that are equally near", "p9", statistics, []string{"p90", "p95", "p99"}},
		{"two letters swapped are one slip", "duratoin", []string{"iteration", "duration"}, []string{"duration"}},
		{"capitals do not count", "Memory", []string{"memory"}, []string{"memory"}},
		{"nothing when all are too far", "zzz", statistics, nil},
		{"nothing when a short name would be another word", "ab", []string{"cd"}, nil},
		{"a name of one letter is not near to everything", "q", []string{"a", "b"}, nil},
		{"runes, not bytes", "größe", []string{"grösse", "größer"}, []string{"größer"}},
		{"an endless name costs nothing", strings.Repeat("x", 10000), statistics, nil},
	} {
		if diff := cmp.Diff(test.want, Nearest(test.name, test.names)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.case_, diff)
		}
	}
}

func TestSuggest(t *testing.T) {
	many := strings.Fields("aa bb cc dd ee ff gg hh ii jj kk ll mm nn oo pp qq rr ss tt uu vv")
	for _, test := range []struct {
		name  string
		names []string
		want  string
	}{
		{"helo", []string{"hello", "other"}, `did you mean "hello"?`},
		{"xyz", []string{"hello", "other", "other"}, "known are hello and other"},
		{"xyz", []string{"hello"}, `only "hello" is known`},
		{"xyz", nil, ""},
		{"wxyz", many, "known are aa, bb, cc, dd, ee, ff, gg, hh, ii, jj, kk, ll, mm, nn, oo, pp, qq, rr, ss, tt and 2 more"},
	} {
		if got := Suggest(test.name, test.names); got != test.want {
			t.Errorf("Suggest(%q, %v) = %q; want %q", test.name, test.names, got, test.want)
		}
	}
}

func TestMergeSortsAndDropsRepeats(t *testing.T) {
	b := Diagnostic{Severity: Error, Range: at(2, 1, 2), Summary: "b"}
	a := Diagnostic{Severity: Error, Range: at(1, 1, 2), Summary: "a"}
	if diff := cmp.Diff(List{a, b}, Merge(List{b}, List{a, b})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTextOfAScalarKnowsItsPlaces(t *testing.T) {
	folded := Text{Value: "ab cd", Range: Range{"a.yaml", Pos{2, 3}, Pos{3, 5}}, Segments: []Segment{
		{0, Pos{2, 3}}, {3, Pos{3, 3}},
	}}
	for _, test := range []struct {
		case_ string
		text  Text
		from  int
		to    int
		want  Range
	}{
		{"on the first line", folded, 0, 2, at(2, 3, 5)},
		{"on the second line", folded, 3, 5, at(3, 3, 5)},
		{"over both", folded, 1, 4, Range{"a.yaml", Pos{2, 4}, Pos{3, 4}}},
		{"an empty slice is one rune wide", folded, 3, 3, at(3, 3, 4)},
		{"without segments", Text{Value: "abc", Range: at(4, 7, 10)}, 1, 3, at(4, 8, 10)},
		{"of unknown place", Text{Value: "abc", Range: Range{File: "--set a=b"}}, 1, 3, Range{File: "--set a=b"}},
	} {
		if diff := cmp.Diff(test.want, test.text.Slice(test.from, test.to)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.case_, diff)
		}
	}
}
