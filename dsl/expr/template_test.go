package expr

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTemplateKeepsTypesAndText(t *testing.T) {
	env := map[string]any{"vars": map[string]any{
		"limit": "90s", "name": "edge", "room": "256MB", "deep": map[string]any{"list": []any{1, 2.5, true}},
	}}
	for source, want := range map[string]any{
		"${{ vars.limit }}":                     "90s",
		"${{ vars.limit * 2 }}/x":               "180s/x",
		"${{ vars.room }}":                      "256MB",
		"${{ vars.room * 4 }}":                  "1024MB",
		"${{ vars.room / 3MB > 85 }}":           true,
		"${{ vars.room * 1000 }} in all":        "256GB in all",
		"${{vars.deep.list}}":                   []any{1, 2.5, true},
		"${{ vars.deep.list[0] }}":              1,
		" ${{ vars.deep.list[0] }}":             " 1",
		"a${{ vars.name }}b${{ vars.name }}":    "aedgebedge",
		"${{ vars.deep.list[1] }}${{ 2 }}":      "2.52",
		"${{ vars.deep.list[2] }}!":             "true!",
		"${{ \"}}\" }} and ${{ '${{' }}":        "}} and ${{",
		"${{ vars.name == 'edge' ? 'a' : 'b'}}": "a",
		"日本 ${{ vars.name }}":                   "日本 edge",
	} {
		template, diags := CompileTemplate(text(source), names())
		if len(diags) > 0 {
			t.Errorf("%s: %v", source, diags)
			continue
		}
		got, d := template.Resolve(env)
		if d != nil || !cmp.Equal(got, want) {
			t.Errorf("%s gives %v (%T), %v; want %v", source, got, got, d, want)
		}
	}
}

func TestTemplateFaultsStandWhereTheyAre(t *testing.T) {
	for source, want := range map[string]string{
		"x ${{ vars.nam }} y ${{ var.name }}": "16-19 vars has no \"nam\", 29-32 there is no \"var\"",
		"x ${{ vars.name":                     "7-10 a placeholder is opened and never closed",
		"${{ 'a' * 2 }}":                      "9-16 text cannot be multiplied by a number",
		"${{ }}":                              "8-9 the expression is empty",
		"${{}}":                               "8-9 the expression is empty",
	} {
		template, diags := CompileTemplate(text(source), names())
		var got []string
		for _, d := range diags {
			got = append(got, strings.TrimPrefix(d.Range.String(), "a.yaml:3:")+"-"+strconv.Itoa(d.Range.End.Column)+" "+d.Summary)
		}
		if template != nil || strings.Join(got, ", ") != want {
			t.Errorf("%s: got %q, want %q", source, strings.Join(got, ", "), want)
		}
	}
}

func TestTemplateWithoutAValueSaysWhere(t *testing.T) {
	template, diags := CompileTemplate(text("x ${{ vars.name }}"), names())
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	_, d := template.Resolve(map[string]any{"vars": map[string]any{}})
	if d == nil || d.Range.Start.Column != 11 || d.Range.End.Column != 20 {
		t.Errorf("got %v", d)
	}
}

// FuzzCompile: no panic, and every place inside the text.
func FuzzCompile(f *testing.F) {
	for _, seed := range []string{
		"cold.errors == 0 and cold.init.p95 < 500ms", "(a ? b : c).d[1]", "not (x in [1, 2])", "'é' + \"\\\"\" + `a`",
		"${{ vars.name }}-${{ 1 + 2 }}", "5min < 1KB", "min(1s, 2) / 0", "a..b", "let x = 1; x", "$env['x']", "1 < 2 < 3",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		scalar := text(source)
		p, diags := Compile(scalar, names(), Any)
		_, more := CompileTemplate(scalar, names())
		for _, d := range append(diags, more...) {
			from, to := d.Range.Start.Column, d.Range.End.Column
			if from < 5 || to <= from || to > max(scalar.Range.End.Column, 6) {
				t.Errorf("%q: %s stands at %d-%d", source, d.Summary, from, to)
			}
		}
		if p != nil {
			p.Eval(measured)
			p.Explain(measured)
		}
	})
}
