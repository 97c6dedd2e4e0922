package expr

import (
	"slices"
	"strings"

	"wsk-scenario/dsl/diag"
)

// Template is a text with placeholders.
type Template struct {
	text  diag.Text
	parts []part
}

// part is a stretch of plain text, or a placeholder.
type part struct {
	literal string
	program *Program
}

// CompileTemplate checks every placeholder of a text against the names of scope. The template is nil when there are
// errors.
func CompileTemplate(text diag.Text, scope *Scope) (*Template, diag.List) {
	t := &Template{text: text}
	var diags diag.List
	runes := []rune(text.Value)
	for i := 0; i < len(runes); {
		start := find(runes, i, "${{")
		if start > i {
			t.parts = append(t.parts, part{literal: string(runes[i:start])})
		}
		if start == len(runes) {
			break
		}
		end := placeholderEnd(runes, start+3)
		if end < 0 || end-start > maxLength {
			diags.Errorf(text.Slice(start, start+3), "a placeholder is opened and never closed").Hint = "end it with }}"
			break
		}
		p, ds := compile(text, runes, start+3, end, scope)
		if len(ds) == 0 && p != nil {
			t.parts = append(t.parts, part{program: p})
		}
		diags = append(diags, ds...)
		i = end + 2
	}
	if diags.HasErrors() {
		return nil, diags
	}
	return t, diags
}

// find returns where word stands next, the length when it does not.
func find(runes []rune, from int, word string) int {
	w := []rune(word)
	for i := from; i+len(w) <= len(runes); i++ {
		if slices.Equal(runes[i:i+len(w)], w) {
			return i
		}
	}
	return len(runes)
}

// placeholderEnd returns where the }} of a placeholder stands, -1 when there is none. A }} in quotes is none.
func placeholderEnd(runes []rune, i int) int {
	for i < len(runes) {
		switch r := runes[i]; {
		case r == '"' || r == '\'' || r == '`':
			i = stringEnd(runes, i)
		case r == '}' && i+1 < len(runes) && runes[i+1] == '}':
			return i
		default:
			i++
		}
	}
	return -1
}

// References are the names that the placeholders use.
func (t *Template) References() []string {
	var names []string
	for _, p := range t.parts {
		if p.program != nil {
			names = append(names, p.program.References()...)
		}
	}
	return names
}

// Resolve fills in the placeholders. A text that is one placeholder keeps the type of its value.
func (t *Template) Resolve(env map[string]any) (any, *diag.Diagnostic) {
	if len(t.parts) == 1 && t.parts[0].program != nil {
		return t.parts[0].program.resolve(env)
	}
	var b strings.Builder
	for _, p := range t.parts {
		b.WriteString(p.literal)
		if p.program == nil {
			continue
		}
		value, d := p.program.resolve(env)
		if d != nil {
			return nil, d
		}
		text, err := plain(value)
		if err != nil {
			return nil, p.program.code.fault(p.program.root.from, p.program.root.to, err.Error(), "")
		}
		b.WriteString(text)
	}
	return b.String(), nil
}

func (p *Program) resolve(env map[string]any) (any, *diag.Diagnostic) {
	run := p.root.eval
	if p.root.raw != nil {
		run = p.root.raw // "90s" stays as it was written
	}
	value, err := run(func(name string) (any, bool) { return Within(env, name) })
	if err != nil {
		return nil, p.code.fault(p.root.from, p.root.to, "the placeholder has no value: "+err.Error(), "")
	}
	if size, ok := value.(Bytes); ok {
		return size.String(), nil
	}
	return value, nil
}

// Within finds a dotted name in nested maps.
func Within(env map[string]any, name string) (any, bool) {
	step, rest, deeper := strings.Cut(name, ".")
	value, ok := env[step]
	if !ok || !deeper {
		return value, ok
	}
	inner, ok := value.(map[string]any)
	if !ok {
		return nil, false
	}
	return Within(inner, rest)
}
