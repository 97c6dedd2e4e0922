package expr

import (
	"errors"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wsk-scenario/dsl/diag"
)

// names is a scope like that of a scenario with the phases cold and warm.
func names() *Scope {
	metric := NewScope()
	for _, s := range []string{"min", "p50", "p95"} {
		metric.Add(s, Duration)
	}
	metric.Add("count", Number)
	metric.Like(func(name string) string {
		if name == "p(97.5)" {
			return "p95"
		}
		return ""
	})
	metric.Absent("p", "write p(97.5)")
	phase := NewScope()
	phase.Put("response", metric)
	phase.Put("init", metric)
	phase.Add("errors", Number)
	phase.Add("throughput", Number)
	scope := NewScope()
	scope.Put("cold", phase)
	scope.Put("warm", phase)
	vars := NewScope()
	vars.Add("limit", Duration)
	vars.Add("room", Size)
	vars.Add("name", Text)
	vars.Add("deep", Any)
	scope.Put("vars", vars)
	return scope
}

// measured are the statistics that the tests evaluate on.
func measured(name string) (any, bool) {
	value, ok := map[string]any{
		"cold.response.p50": 800 * time.Millisecond, "cold.response.p95": 1320 * time.Millisecond,
		"cold.response.p(97.5)": 1500 * time.Millisecond,
		"cold.init.p95":         500 * time.Millisecond, "warm.response.p50": 40 * time.Millisecond,
		"warm.response.p95": 80 * time.Millisecond, "cold.errors": 0, "warm.errors": 3, "warm.throughput": 12.5,
		"cold.response.count": 30, "vars.limit": "500ms", "vars.room": "256MB", "vars.name": "edge",
		"vars.deep": map[string]any{"list": []any{1, "two"}, "wait": "90s", "size": "1000B"},
	}[name]
	return value, ok
}

func text(s string) diag.Text {
	return diag.Text{Value: s, Range: diag.Range{File: "a.yaml", Start: diag.Pos{Line: 3, Column: 5},
		End: diag.Pos{Line: 3, Column: 5 + len([]rune(s))}}}
}

func TestEval(t *testing.T) {
	for source, want := range map[string]any{
		"cold.errors":                         0,
		"warm.throughput":                     12.5,
		"cold.response.p95":                   1320 * time.Millisecond,
		"cold.response.p(97.5)":               1500 * time.Millisecond,
		"cold.response .p( 97.50 ) * 2":       3 * time.Second,
		"vars.limit":                          500 * time.Millisecond,
		"vars.name":                           "edge",
		"cold.response.p95 / cold.init.p95":   2.64,
		"cold.response.p95 * 2":               2640 * time.Millisecond,
		"0.5 * cold.init.p95":                 250 * time.Millisecond,
		"cold.init.p95 / 4":                   125 * time.Millisecond,
		"cold.init.p95 - 1s":                  -500 * time.Millisecond,
		"-cold.init.p95":                      -500 * time.Millisecond,
		"1m30s + 500us":                       90*time.Second + 500*time.Microsecond,
		"warm.errors * 2 + 1":                 7,
		"warm.errors / 2":                     1.5,
		"warm.errors % 2":                     1,
		"2 ** 10":                             1024,
		"1e-3 + 0x10":                         16.001,
		"cold.errors == 0 and true":           true,
		"cold.errors == 0 && not false":       true,
		"warm.errors == 0 or cold.errors==0":  true,
		"warm.errors in [1, 2, 3.0]":          true,
		"vars.name not in ['cloud']":          true,
		"'dg' in vars.name":                   true,
		"vars.name startsWith 'ed'":           true,
		"vars.name + '-' + \"x\" == 'edge-x'": true,
		"1ms < cold.init.p95 < 1s":            true,
		"cold.init.p95 == vars.limit":         true,
		"cold.init.p95 != vars.limit":         false,
		"warm.errors > 2 ? 1s : 2s":           time.Second,
		"max(cold.init.p95, vars.limit, 1s)":  time.Second,
		"min(3, 2.5)":                         2.5,
		"abs(cold.init.p95 - 1s)":             500 * time.Millisecond,
		"round(2.5) + floor(2.5) + ceil(2.5)": 8,
		"len(vars.name) + len([1, 2])":        6,
		"upper(vars.name) == 'EDGE'":          true,
		"int('12') + float('0.5')":            12.5,
		"replace(vars.name, 'e', 'E')":        "EdgE",
		"string(1.5) + string(2s)":            "1.52s",
		"vars.deep.list[1]":                   "two",
		"vars.deep['list'][0] + 1":            2,
		"vars.deep.wait / 2":                  45 * time.Second,
		"(cold.errors)":                       0,
		"vars.room >= 0.25GB":                 true,
		"vars.room in [128MB, 256MB]":         true,
		"vars.room * 2 - 12MB":                Bytes(500e6),
		"3 * 1.5KiB":                          Bytes(4608),
		"vars.room / 128MB":                   2.0,
		"vars.room / 3 < 86MB":                true,
		"max(1GiB, 1GB) == 1GiB":              true,
		"string(vars.room)":                   "256MB",
		"vars.deep.size + 1KB == 2KB":         true,
		"-abs(0B - vars.room) < 0B":           true,
	} {
		p, diags := Compile(text(source), names(), Any)
		if len(diags) > 0 {
			t.Errorf("%s: %v", source, diags)
			continue
		}
		got, err := p.Eval(measured)
		if err != nil || !cmp.Equal(got, want) {
			t.Errorf("%s = %v (%T), %v; want %v (%T)", source, got, got, err, want, want)
		}
	}
}

func TestEvalTellsWhatIsMissing(t *testing.T) {
	p, diags := Compile(text("cold.errors == 0 and cold.init.p50 < 1s"), names(), Bool)
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	_, err := p.Eval(measured)
	var missing *MissingError
	if !errors.As(err, &missing) || missing.Name != "cold.init.p50" {
		t.Errorf("got %v", err)
	}
	if e := p.Explain(measured); !errors.As(e.Err, &missing) || e.Holds {
		t.Errorf("got %+v", e)
	}
}

func TestEvalRefusesWhatIsNoNumber(t *testing.T) {
	for source, want := range map[string]error{
		"warm.errors / cold.errors > 1":       ErrDivision,
		"warm.errors % cold.errors > 1":       ErrDivision,
		"cold.init.p95 / cold.errors > 1s":    ErrDivision,
		"10.0 ** 400 > warm.errors":           nil,
		"cold.response.p95 * 10 ** 15 > 1s":   nil,
		"vars.deep.list[warm.errors] == 1":    nil,
		"vars.deep.nothing == 1":              nil,
		"vars.deep.list < warm.errors":        nil,
		"float(vars.name) < 1":                nil,
		"vars.deep.list[0].more == 1":         nil,
		"not vars.deep.list[0]":               nil,
		"vars.deep.list and warm.errors == 3": nil,
	} {
		scope := names()
		program, diags := compile(text(source), []rune(source), 0, len([]rune(source)), scope)
		if len(diags) > 0 {
			t.Errorf("%s: %v", source, diags)
			continue
		}
		value, err := program.Eval(measured)
		if err == nil || want != nil && !errors.Is(err, want) {
			t.Errorf("%s = %v, %v; want the error %v", source, value, err, want)
		}
	}
}

func TestReferencesAreInOrderAndPlaced(t *testing.T) {
	p, diags := Compile(text("warm.errors == 0 and cold.init.p95 < 500ms and warm.errors < 3"), names(), Bool)
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	if diff := cmp.Diff([]string{"warm.errors", "cold.init.p95"}, p.References()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var columns []int
	for _, r := range p.Places() {
		columns = append(columns, r.Range.Start.Column, r.Range.End.Column)
	}
	// The third stands behind a duration, which the grammar reads as something longer.
	if diff := cmp.Diff([]int{5, 16, 26, 39, 52, 63}, columns); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAllFaultsOfAnExpressionAtOnce(t *testing.T) {
	_, diags := Compile(text("cold.erors == 0 and 'é' == 1 and 1s > 5 and wram.init.p95 < 5min"), names(), Bool)
	type fault struct {
		Column, End   int
		Summary, Hint string
	}
	var got []fault
	diags.Sort()
	for _, d := range diags {
		got = append(got, fault{d.Range.Start.Column, d.Range.End.Column, d.Summary, d.Hint})
	}
	want := []fault{
		{10, 15, `cold has no "erors"`, `did you mean "errors"?`},
		{25, 33, "text cannot be compared with a number", ""},
		{43, 44, "a duration cannot be compared with a number", "a duration needs a unit: 5ms"},
		{49, 53, `there is no "wram"`, `did you mean "warm"?`},
		{65, 69, "5min is no number, duration or size", "the units are ns, us, ms, s, m and h, and B, KB, MB, GB, KiB, MiB and GiB"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestExplain(t *testing.T) {
	for _, test := range []struct {
		source  string
		failing string // the text of the first part that fails
		values  []string
	}{
		{"cold.response.p95 < 900ms", "cold.response.p95 < 900ms", []string{"1.32s < 900ms: 47 % above the limit"}},
		{"cold.errors == 0 and (warm.response.p95) <= 70ms", "(warm.response.p95) <= 70ms",
			[]string{"0 == 0: ", "80ms <= 70ms: 14 % above the limit"}},
		{"warm.throughput > 100", "warm.throughput > 100", []string{"12.5 > 100: 88 % below the limit"}},
		{"0.9 <= warm.errors", "", []string{"0.9 <= 3: 233 % above the limit"}},
		{"warm.response.p95 < cold.response.p95 / 5", "", []string{"80ms < 264ms: 70 % below the limit"}},
		{"cold.response.p95 < 2us", "cold.response.p95 < 2us", []string{"1.32s < 2µs: 660000 times the limit"}},
		{"vars.name == 'cloud'", "vars.name == 'cloud'", []string{"edge == cloud: "}},
		{"warm.errors == 0 or cold.errors > 0", "warm.errors == 0 or cold.errors > 0", []string{"false  : "}},
		{"warm.errors == 3 && 1ms < warm.response.p50 < 40ms", "warm.response.p50 < 40ms",
			[]string{"3 == 3: exactly the limit", "1ms < 40ms: 40 times the limit", "40ms < 40ms: exactly the limit"}},
	} {
		p, diags := Compile(text(test.source), names(), Bool)
		if len(diags) > 0 {
			t.Errorf("%s: %v", test.source, diags)
			continue
		}
		e := p.Explain(measured)
		var got []string
		for _, c := range e.Comparisons {
			got = append(got, c.Left+" "+c.Op+" "+c.Right+": "+c.Margin)
		}
		c, fails := e.Failing()
		if c.Text != test.failing || fails == e.Holds {
			t.Errorf("%s: the failing part is %q; want %q", test.source, c.Text, test.failing)
		}
		if diff := cmp.Diff(test.values, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.source, diff)
		}
	}
}

func TestTightestIsNextToItsLimit(t *testing.T) {
	for source, want := range map[string]string{
		"cold.errors == 0 and warm.response.p95 < 1s and warm.response.p50 < 50ms": "warm.response.p50 < 50ms",
		"warm.response.p50 < 50ms and warm.errors == 0":                            "warm.errors == 0",
		"cold.errors == 0":                              "cold.errors == 0",
		"vars.name == 'edge' or warm.errors > 5":        "vars.name == 'edge' or warm.errors > 5",
		"(warm.errors > 5 or true) and warm.errors < 4": "warm.errors < 4",
	} {
		p, diags := Compile(text(source), names(), Bool)
		if len(diags) > 0 {
			t.Fatal(diags)
		}
		if c, ok := p.Explain(measured).Tightest(); !ok || c.Text != want {
			t.Errorf("%s: got %q, want %q", source, c.Text, want)
		}
	}
}

func TestValueAndLimitFollowTheMeasuredSide(t *testing.T) {
	p, _ := Compile(text("900ms > cold.response.p95"), names(), Bool)
	c, _ := p.Explain(measured).Failing()
	if c.Value() != "1.32s" || c.Limit() != "900ms" || c.Margin != "47 % above the limit" {
		t.Errorf("got %+v", c)
	}
}

func TestFormat(t *testing.T) {
	for want, value := range map[string]any{
		"1.32s": 1320 * time.Millisecond, "745ms": 745 * time.Millisecond, "12.3ms": 12345 * time.Microsecond,
		"1.50µs": 1500 * time.Nanosecond, "15ns": 15 * time.Nanosecond, "0ms": time.Duration(0), "90s": 90 * time.Second,
		"3600s": time.Hour, "-1.50s": -1500 * time.Millisecond, "3": 3, "12.3": 12.345, "0.0123": 0.012345,
		"1235": 1234.6, "true": true, "edge": "edge", "1000000": 1e6,
	} {
		if got := Format(value); got != want {
			t.Errorf("Format(%v) = %s; want %s", value, got, want)
		}
	}
	if got := KindOf("90s"); got != Duration {
		t.Errorf("90s is %s", got)
	}
	if got := CommonKind([]any{"90s", "edge"}); got != Text {
		t.Errorf("90s and edge are %s", got)
	}
	if got := CommonKind([]any{"90s", 3}); got != Any || !math.IsNaN(float("x")) {
		t.Errorf("90s and 3 are %s", got)
	}
}
