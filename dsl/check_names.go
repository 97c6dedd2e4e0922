package dsl

import (
	"regexp"
	"slices"
	"strings"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/dsl/expr"
	"wsk-scenario/dsl/syntax"
)

var (
	fileName   = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_-]*$`)
	entityName = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_@.-]*$`) // OpenWhisk's rule, without spaces
)

// checkNames checks that what is named can be spoken of: in files, in OpenWhisk, in expressions.
func (c *checker) checkNames() {
	for _, f := range each(c, c.Name) {
		if len(f.Value) > maxName {
			c.fault(c.Name, " is longer than %d characters", maxName)
		}
		if !fileName.MatchString(f.Value) {
			c.fault(c.Name, " must be letters, digits, - and _, not %q", f.Value).Hint = "results are kept in files of this name"
		}
	}
	c.checkWords("vars", c.Vars.Keys())
	c.checkWords("matrix", c.Matrix.Axes.Keys())
	c.checkEntities()
	c.checkPhaseNames()
}

// checkWords checks names that expressions use.
func (c *checker) checkWords(path string, keys []diag.Text) {
	for _, k := range keys {
		if expr.Word(k.Value) {
			continue
		}
		d := c.diags.Errorf(k.Range, "%s.%s cannot be used in an expression", path, k.Value)
		d.Path, d.Hint = path, nameHint(k.Value)
	}
}

// nameHint says how to write a name of letters, digits and _.
func nameHint(name string) string {
	better := regexp.MustCompile(`[^A-Za-z0-9_]+`).ReplaceAllString(name, "_")
	if strings.Trim(better, "_") != "" && better != name && expr.Word(better) {
		return "write it as " + better
	}
	return "a name is letters, digits and _, begins with a letter, and is no word of the language such as and, or, not, in"
}

// checkEntities checks the names that become actions and sequences.
func (c *checker) checkEntities() {
	keys := append(c.Actions.Keys(), c.Sequences.Keys()...)
	for i, k := range keys {
		if strings.Contains(k.Value, "${{") {
			continue // a diagnostic has spoken of it
		}
		if !entityName.MatchString(simple(k.Value)) || len(k.Value) > maxName {
			c.diags.Errorf(k.Range, "OpenWhisk takes no action with the name %q", k.Value).
				Hint = "a name is letters, digits, _, @, . and -"
		}
		first := slices.IndexFunc(keys[:i], func(o diag.Text) bool { return o.Value == k.Value })
		if first >= 0 {
			d := c.diags.Errorf(k.Range, "there is both an action and a sequence %q", k.Value)
			d.Hint = "give one of them another name"
			d.Related = related(keys[first].Range, "this is the action")
		}
	}
}

// simple is the name of an action without its package.
func simple(name string) string {
	if pkg, action, packaged := strings.Cut(name, "/"); packaged && entityName.MatchString(pkg) {
		return action
	}
	return name
}

func (c *checker) checkPhaseNames() {
	taken := []string{"vars", "matrix", "limits", "baseline", "services", "names"}
	seen := make(map[string]syntax.Val[string])
	for _, ph := range c.all() {
		name, ok := ph.Name.Literal()
		if !ok {
			continue
		}
		first, twice := seen[name]
		switch {
		case slices.Contains(taken, name):
			c.fault(ph.Name, " cannot be %q", name).Hint = "expressions use that name for something else"
		case !expr.Word(name):
			c.fault(ph.Name, " cannot be %q", name).Hint = nameHint(name)
		case twice:
			d := c.fault(ph.Name, ": there is a phase %q already", name)
			d.Hint = "give one of them another name"
			d.Related = related(first.Range(), "this is the first")
		}
		if !twice {
			seen[name] = ph.Name
		}
	}
}

// checkRun checks what is said of the whole run.
func (c *checker) checkRun() {
	for _, tag := range c.Tags {
		for _, f := range each(c, tag) {
			if !fileName.MatchString(f.Value) {
				c.fault(tag, ": %q is no tag", f.Value).Hint = "a tag is letters, digits, - and _, such as smoke"
			}
		}
	}
	atLeast(c, c.Repeat, 1)
	for _, f := range each(c, c.Repeat) {
		if n := len(c.values.cells); f.Value > 1 && f.Value > maxPasses/max(n, 1) {
			c.fault(c.Repeat, " makes more than %d cells of the %d of the matrix", maxPasses, n).Hint = "nobody waits for so many"
		}
	}
}

// maxPasses is how many cells a run may have, all its repeats together.
const maxPasses = 10_000
