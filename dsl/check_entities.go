package dsl

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/dsl/syntax"
)

var kindName = regexp.MustCompile(`^[A-Za-z0-9._-]+(:[A-Za-z0-9._-]+)?$`)

func (c *checker) checkActions() {
	for _, e := range c.Actions.Entries {
		a, path := e.Value, "actions."+e.Key.Value
		c.checkRuntime(a, path, e.Key.Value)
		c.checkFile(a.Code)
		for _, f := range each(c, a.Kind) {
			if !kindName.MatchString(f.Value) {
				c.fault(a.Kind, ": %q is no kind%s", f.Value, f.where()).
					Hint = "write a runtime and its version, such as nodejs:20 or nodejs:default"
			}
		}
		c.wholeMegabytes(a.Memory, 1)
		c.wholeMegabytes(a.Logs, 0)
		c.positive(a.Timeout)
		for _, f := range each(c, a.Timeout) {
			if f.Value%time.Millisecond != 0 {
				c.fault(a.Timeout, " must be whole milliseconds, not %s%s", f.Value, f.where())
			}
		}
		atLeast(c, a.Concurrency, 1)
		atLeast(c, a.Instances, 0)
	}
}

// wholeMegabytes checks a limit that OpenWhisk counts in its own MB, which are MiB: 256MB asks it for 256.
func (c *checker) wholeMegabytes(v syntax.Val[syntax.Bytes], low syntax.Bytes) {
	for _, f := range each(c, v) {
		switch {
		case f.Value%syntax.MB != 0:
			c.fault(v, " must be a multiple of 1MB, not %s%s", f.Value, f.where()).
				Hint = "OpenWhisk counts in whole MB; write 256MB for its 256"
		case f.Value < low*syntax.MB:
			c.fault(v, " must be at least %s, not %s%s", low*syntax.MB, f.Value, f.where())
		}
	}
}

func (c *checker) positive(v syntax.Val[time.Duration]) {
	for _, f := range each(c, v) {
		if f.Value <= 0 {
			c.fault(v, " must be longer than 0s%s", f.where())
		}
	}
}

// checkFile checks that a path of the scenario is there, in every cell.
func (c *checker) checkFile(v syntax.Val[string]) {
	for _, f := range each(c, v) {
		path := f.Value
		if path == "" {
			c.fault(v, " is empty%s", f.where()).Hint = "write a path, relative to the scenario's file"
			continue
		}
		path = beside(v.Range(), path)
		if _, err := os.Stat(path); err != nil {
			c.fault(v, ": there is no file %s%s", f.Value, f.where()).Hint = c.missing(v.Range(), path)
		}
	}
}

// missingHint finds where a path goes wrong and what is there instead.
func missingHint(path string) string {
	folder, name := filepath.Split(path)
	entries, err := os.ReadDir(filepath.Clean(folder))
	if err != nil {
		return "paths are relative to the scenario's file"
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if len(diag.Nearest(name, names)) > 0 {
		return diag.Suggest(name, names)
	}
	return "paths are relative to the scenario's file"
}

func (c *checker) checkSequences() {
	for _, e := range c.Sequences.Entries {
		s, path := e.Value, "sequences."+e.Key.Value
		keys := []string{"actions", "repeat"}
		list := firstOf(s.Actions)
		if len(s.Actions) == 0 && !s.Repeat.Set() && !c.faulty(path) {
			d := c.diags.Errorf(e.Key.Range, "%s has no components", path)
			d.Path, d.Hint = path, "write the actions in [ ], separated by commas"
		} else {
			c.exactlyOne(path, e.Key.Range, keys, list, s.Repeat)
		}
		if s.Repeat.Set() && !s.Times.Set() && !c.faulty(path) {
			c.fault(s.Repeat, " has no times beside it").Hint = "write how often, such as times: 10"
		}
		if s.Times.Set() && !s.Repeat.Set() && !c.faulty(path) {
			c.fault(s.Times, " has no repeat beside it").Hint = "write which action, such as repeat: increment"
		}
		atLeast(c, s.Times, 1)
		atMost(c, s.Times, maxLength)
		for _, v := range append(slices.Clone(s.Actions), s.Repeat) {
			c.component(v)
		}
	}
	c.checkCycles()
}

// firstOf stands for a whole list.
func firstOf(list []syntax.Val[string]) syntax.Val[string] {
	if len(list) == 0 {
		return syntax.Val[string]{}
	}
	return list[0]
}

// component checks that a part of a sequence exists, and is one action.
func (c *checker) component(v syntax.Val[string]) {
	for _, f := range each(c, v) {
		c.actions[c.ofCopies(f.Value)] = true
		if a, _ := c.Actions.Get(f.Value); a.Copies.Set() {
			c.fault(v, ": %s has copies%s", f.Value, f.where()).Hint = "name one of them, such as " + CopyName(f.Value, 0)
		}
		if !c.exists(f.Value) {
			c.noSuchAction(v, f.Value, f.where())
		}
	}
}

func (c *checker) exists(name string) bool {
	pkg, _, packaged := strings.Cut(name, "/")
	if p, known := c.Packages.Get(pkg); packaged && known && p.Binding.Set() {
		return true // what a package of another one holds shows when it is called
	}
	return slices.Contains(c.invocable(), name)
}

// invocable are the names that a phase may invoke.
func (c *checker) invocable() []string {
	return slices.Concat(c.Actions.Names(), c.Sequences.Names(), c.copyNames())
}

func (c *checker) noSuchAction(v scalar, name, where string) {
	d := c.fault(v, ": there is no action or sequence %q%s", name, where)
	if d.Hint = diag.Suggest(name, c.invocable()); d.Hint == "" {
		d.Hint = "the scenario has no actions"
	}
}

// checkCycles finds sequences that contain themselves, in any cell.
func (c *checker) checkCycles() {
	parts := make(map[string][]found[string])
	for _, e := range c.Sequences.Entries {
		for _, v := range append(slices.Clone(e.Value.Actions), e.Value.Repeat) {
			parts[e.Key.Value] = append(parts[e.Key.Value], each(c, v)...)
		}
	}
	for _, e := range c.Sequences.Entries {
		if way := wayBack(parts, e.Key.Value); way != nil {
			d := c.diags.Errorf(e.Key.Range, "the sequence %s contains itself: %s", e.Key.Value, strings.Join(way, " → "))
			d.Path, d.Hint = "sequences."+e.Key.Value, "a sequence must end"
		}
	}
}

// wayBack is the way from a sequence to itself, nil when there is none.
func wayBack(parts map[string][]found[string], start string) []string {
	seen := make(map[string]bool)
	var walk func(name string) []string
	walk = func(name string) []string {
		for _, p := range parts[name] {
			if p.Value == start {
				return []string{name, start}
			}
			if seen[p.Value] {
				continue
			}
			seen[p.Value] = true
			if way := walk(p.Value); way != nil {
				return append([]string{name}, way...)
			}
		}
		return nil
	}
	return walk(start)
}

func (c *checker) checkPlacement() {
	for _, e := range c.Placement.Action.Entries {
		if _, ok := c.Actions.Get(e.Key.Value); !ok {
			d := c.diags.Errorf(e.Key.Range, "placement: there is no action %q", e.Key.Value)
			d.Path, d.Hint = "placement", diag.Suggest(e.Key.Value, c.Actions.Names())
		}
		c.checkRole(e.Value)
	}
	c.checkRole(c.Placement.All)
}

func (c *checker) checkRole(v syntax.Val[string]) {
	for _, f := range each(c, v) {
		if !fileName.MatchString(f.Value) {
			c.fault(v, ": %q is no role%s", f.Value, f.where()).Hint = "a role is letters, digits, - and _, such as cloud or edge"
		}
	}
}
