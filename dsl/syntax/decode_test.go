package syntax

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wsk-scenario/dsl/diag"
)

type sample struct {
	Text  Val[string]        `yaml:"text,required" example:"hello"`
	Whole Val[int]           `yaml:"whole"`
	Float Val[float64]       `yaml:"float"`
	Truth Val[bool]          `yaml:"truth"`
	For   Val[time.Duration] `yaml:"for"`
	Size  Val[Bytes]         `yaml:"size"`
	Rate  Val[Rate]          `yaml:"rate"`
	Any   Val[any]           `yaml:"any"`
	Word  Val[string]        `yaml:"word" enum:"cold|warm"`
	List  []Val[int]         `yaml:"list"`
	Table Dict[Val[int]]     `yaml:"table"`
	Free  *Node              `yaml:"free"`
	Short short              `yaml:"short"`
	Inner []sample           `yaml:"inner"`
}

type short struct {
	Names []Val[string]  `yaml:"names,shorthand"`
	Times Val[int]       `yaml:"times"`
	Rest  Dict[Val[int]] `yaml:",rest"`
}

func literal[T any](t *testing.T, v Val[T]) T {
	t.Helper()
	value, ok := v.Literal()
	if !ok {
		t.Errorf("%s is no literal", v.Path())
	}
	return value
}

func TestDecodeFillsEveryKind(t *testing.T) {
	root, _ := Parse("a.yaml", []byte(`
text: one two
whole: 0x10
float: 3
truth: true
for: 1m30s
size: 1.5KiB
rate: 60/m
any: 2.5
word: warm
list: [1, 2]
table: {b: 1, a: 2}
free: {deep: [1]}
short: [x, y]
inner: [{text: a, short: {times: 3, other: 4}}]
`))
	var s sample
	if diags := Decode(root, &s, "the sample"); len(diags) > 0 {
		t.Fatal(diags)
	}
	got := []any{
		literal(t, s.Text), literal(t, s.Whole), literal(t, s.Float), literal(t, s.Truth), literal(t, s.For),
		literal(t, s.Size), literal(t, s.Rate), literal(t, s.Any), literal(t, s.Word), literal(t, s.List[1]),
		s.Table.Names(), literal(t, s.Table.Entries[1].Value), s.Free.Get("deep").Items[0].Int,
		literal(t, s.Short.Names[1]), s.Inner[0].Short.Rest.Names(), literal(t, s.Inner[0].Short.Times),
		s.Inner[0].Short.Times.Path(), s.Inner[0].Short.Rest.Entries[0].Value.Path(),
	}
	want := []any{
		"one two", 16, 3.0, true, 90 * time.Second, Bytes(1536), Rate(1), 2.5, "warm", 2,
		[]string{"b", "a"}, 2, int64(1), "y", []string{"other"}, 3, "inner[0].short.times", "inner[0].short.other",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestDecodeGoesOnAfterAFault(t *testing.T) {
	root, _ := Parse("a.yaml", []byte("text: [1]\nword: false\nwhole: many\ntruth: true\nlist: [1, x, 3]\nshort: {names: y}\ninner: [{}, 3]"))
	var s sample
	diags := Decode(root, &s, "the sample")
	var got []string
	for _, d := range diags {
		got = append(got, d.Summary)
	}
	want := []string{
		"text must be text, not a list",
		"word must be cold or warm, not false",
		`whole must be a whole number, not "many"`,
		`list[1] must be a whole number, not "x"`,
		`short.names must be a list, not "y"`,
		`inner[0] has no "text"`,
		"inner[1] must be a mapping, not 3",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !literal(t, s.Truth) || literal(t, s.List[2]) != 3 {
		t.Error("what stands behind a fault is not decoded")
	}
	if !s.Whole.Set() || !s.Whole.Broken() {
		t.Error("a faulty value must count as written and as broken")
	}
}

func TestMisspelledKeyIsNotAlsoMissing(t *testing.T) {
	root, _ := Parse("a.yaml", []byte("txet: hello"))
	var s sample
	diags := Decode(root, &s, "the sample")
	if len(diags) != 1 || diags[0].Hint != `did you mean "text"?` {
		t.Errorf("got %v", diags)
	}
}

// fixed is a template whose value is known.
type fixed struct{ value any }

func (f fixed) Resolve(Env) (any, *diag.Diagnostic) { return f.value, nil }

func (f fixed) References() []string { return nil }

func TestPlaceholderValuesAreCheckedLikeWrittenOnes(t *testing.T) {
	for name, test := range map[string]struct {
		value any
		want  any
		fault string
	}{
		"a whole number":                       {3, 3, ""},
		"a fraction that is whole":             {4.0, 4, ""},
		"a fraction":                           {4.5, 0, "whole must be a whole number, not 4.5"},
		"a text":                               {"many", 0, `whole must be a whole number, not "many"`},
		"a list":                               {[]any{1}, 0, "whole must be a whole number, not a list"},
		"nothing":                              {nil, 0, "whole must be a whole number, not empty"},
		"a number beyond all that can be told": {math.MaxFloat64, 0, "whole must be a whole number, not 1.7976931348623157e+308"},
	} {
		root, _ := Parse("a.yaml", []byte(`{text: x, whole: "${{ x }}"}`))
		Compile(root, func(diag.Text) (Template, diag.List) { return fixed{test.value}, nil })
		var s sample
		if diags := Decode(root, &s, "the sample"); len(diags) > 0 {
			t.Fatal(diags)
		}
		got, d := s.Whole.In(nil)
		if d == nil && (test.fault != "" || got != test.want) || d != nil && d.Summary != test.fault {
			t.Errorf("%s: got %v, %v; want %v, %q", name, got, d, test.want, test.fault)
		}
		if d != nil && d.Range != s.Whole.Range() {
			t.Errorf("%s: the fault stands at %v", name, d.Range)
		}
	}
}

func TestEnumHoldsForPlaceholdersToo(t *testing.T) {
	root, _ := Parse("a.yaml", []byte(`{text: x, word: "${{ x }}"}`))
	Compile(root, func(diag.Text) (Template, diag.List) { return fixed{"wram"}, nil })
	var s sample
	Decode(root, &s, "the sample")
	_, d := s.Word.In(nil)
	if d == nil || d.Summary != `word must be cold or warm, not "wram"` || d.Hint != `did you mean "warm"?` {
		t.Errorf("got %v", d)
	}
}

func TestPlaceholdersFindsThemAll(t *testing.T) {
	root, _ := Parse("a.yaml", []byte(`{text: "${{ x }}", free: {a: ["${{ x }}"]}, table: {b: "${{ x }}"}, inner: [{text: "${{ x }}"}]}`))
	Compile(root, func(diag.Text) (Template, diag.List) { return fixed{"x"}, nil })
	var s sample
	Decode(root, &s, "the sample")
	var got []string
	for _, p := range Placeholders(&s) {
		got = append(got, p.Path)
		faulty := len(p.Try(nil)) > 0
		if wants := p.Path == "table.b"; faulty != wants {
			t.Errorf("%s: faulty is %t", p.Path, faulty)
		}
	}
	if diff := cmp.Diff([]string{"text", "table.b", "free.a[0]", "inner[0].text"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestJSONKeepsOrderAndDigits(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"the order of keys":            {"{b: 1, a: 2, c: {z: 1, y: 2}}", `{"b":1,"a":2,"c":{"z":1,"y":2}}`},
		"a number beyond 64 bits":      {"[123456789012345678901234567890]", `[123456789012345678901234567890]`},
		"all digits of a fraction":     {"[0.1000000000000000055511151231257827]", `[0.1000000000000000055511151231257827]`},
		"a hexadecimal number":         {"[0x1F, 1_000, 0o17]", `[31,1000,15]`},
		"text that looks like numbers": {`["1", '2', !!str 3]`, `["1","2","3"]`},
		"nothing, truth, text":         {"[~, null, true, yes, <&>]", `[null,null,true,"yes","<&>"]`},
		"a placeholder alone":          {`["${{ x }}"]`, `[{"q":[1,"90s"]}]`},
		"the days of a calendar":       {"[2024-01-02]", `["2024-01-02"]`},
	} {
		root, diags := Parse("a.yaml", []byte(test.text))
		if diags.HasErrors() {
			t.Fatalf("%s: %v", name, diags)
		}
		Compile(root, func(diag.Text) (Template, diag.List) {
			return fixed{map[string]any{"q": []any{1, "90s"}}}, nil
		})
		got, diags := root.JSON(nil)
		if len(diags) > 0 || string(got) != test.want {
			t.Errorf("%s: got %s %v, want %s", name, got, diags, test.want)
		}
	}
}

func TestJSONHasNoInfinity(t *testing.T) {
	root, _ := Parse("a.yaml", []byte("{a: .inf}"))
	_, diags := root.JSON(nil)
	if len(diags) != 1 || diags[0].Summary != "JSON has no number .inf" || diags[0].Range.Start.Column != 5 {
		t.Errorf("got %v", diags)
	}
}

func TestUnitsReadBack(t *testing.T) {
	for _, text := range []string{"0B", "1B", "999B", "1KB", "256MB", "1GB", "1KiB", "256MiB", "3GiB", "1536B"} {
		b, fault := convert[Bytes](text)
		if fault != nil || b.String() != text {
			t.Errorf("%s reads as %s %v", text, b, fault)
		}
	}
	for _, text := range []string{"1/s", "100/s", "30/m", "0.5/h", "2.5/s"} {
		r, fault := convert[Rate](text)
		if fault != nil || r.String() != text {
			t.Errorf("%s reads as %s %v", text, r, fault)
		}
	}
	for _, text := range []string{"0s", "800ms", "1.5s", "90s", "2m30s", "1h", "20m", "1h0m5s", "15ns"} {
		d, err := ParseDuration(text)
		if again, err2 := ParseDuration(FormatDuration(d)); err != nil || err2 != nil || again != d {
			t.Errorf("%s reads as %s and is written as %s", text, d, FormatDuration(d))
		}
	}
	for _, text := range []string{"", "0", "5", "s", "1 s", "1S", "5sec", "-", "1e3s", strings.Repeat("9", 400) + "s"} {
		if d, fault := convert[time.Duration](text); fault == nil {
			t.Errorf("%q reads as %s", text, d)
		}
	}
	for _, text := range []string{"1", "MB", "1mb", "1 MB", "-1MB", "0.5B", "1TB", strings.Repeat("9", 400) + "GB"} {
		if b, fault := convert[Bytes](text); fault == nil {
			t.Errorf("%q reads as %s", text, b)
		}
	}
}
