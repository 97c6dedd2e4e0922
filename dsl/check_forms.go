package dsl

import (
	"regexp"
	"strings"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/dsl/expr"
	"wsk-scenario/dsl/syntax"
)

// metricName is a phase and a metric of it.
var metricName = regexp.MustCompile(`^[A-Za-z_]\w*\.[A-Za-z_]\w*$`)

// ResponseScope is the names that expect may use: those of one response.
func ResponseScope() *expr.Scope {
	scope := expr.NewScope()
	scope.Add("status", expr.Number)
	scope.Add("result", expr.Any)
	for _, name := range []string{"response", "latency", "wait", "init", "run", "duration"} {
		scope.Add(name, expr.Duration)
	}
	scope.Add("bytes", expr.Size)
	return scope
}

// checkExpect checks the expression on one response. It sees the variables and the axes as assertions do.
func (c *checker) checkExpect(v syntax.Val[string]) {
	if v.Templated() {
		c.fault(v, " is an expression, not a text with placeholders").Hint = "write matrix.name or vars.name without ${{ }}"
		return
	}
	if !v.Set() {
		return
	}
	scope := ResponseScope()
	if c.values.names != nil {
		for _, name := range []string{"vars", "matrix"} {
			if members := c.values.names.Member(name); members != nil {
				scope.Put(name, members)
			}
		}
	}
	c.compiled(v, scope, expr.Bool)
}

// checkForm checks that a phase does one thing, and that every other key of it means something there.
func (c *checker) checkForm(ph Phase, path string, n *syntax.Node) {
	section := func(key string) scalar { return keyOf(n, path, key) }
	forms := []string{"invoke", "mix", "fire", "request", "exec", "wait", "together"}
	var all []scalar
	var form string
	for _, key := range forms {
		all = append(all, section(key))
		if section(key).Set() {
			form = key
		}
	}
	if played := keyOf(n.Get("load"), path+".load", "population"); played.Set() {
		if form != "" {
			c.fault(section(form), " has no meaning beside load.population").Hint = "remove it; the population knows what it invokes"
		}
		return
	}
	if !c.exactlyOne(path, n.Range, forms, all...) {
		return
	}
	c.holds(n, path, form)
	for _, r := range []struct {
		keys   []string
		only   string // the forms beside which the keys mean something
		remedy string
	}{
		{[]string{"load", "warmup", "timeout", "measure", "expect"}, "invoke mix fire request exec", "remove it"},
		{[]string{"extract"}, "invoke mix fire request exec", "remove it"},
		{[]string{"with"}, "invoke mix fire request", "remove it"},
		{[]string{"blocking"}, "invoke mix", "remove it"},
		{[]string{"start"}, "invoke", "remove it; a start can be forced for one action only"},
		{[]string{"await"}, "invoke mix fire", "remove it"},
	} {
		for _, key := range r.keys {
			if v := section(key); v.Set() && !strings.Contains(" "+r.only+" ", " "+form+" ") {
				c.fault(v, " has no meaning beside %s", form).Hint = r.remedy
			}
		}
	}
	if form != "wait" && form != "together" && !section("load").Set() && !c.misspelled(path) {
		d := c.diags.Errorf(n.Range, "%s has no %q", path, "load")
		d.Path, d.Hint = path, "add load, such as load: {iterations: 100}"
	}
}

// keyOf is a key of a section as it is written, whatever stands behind it.
func keyOf(n *syntax.Node, path, key string) written {
	w := written{path: path + "." + key}
	if inner := n.Get(key); inner != nil {
		w.set, w.place = true, inner.Range
	}
	return w
}

// holds checks that the key which says what a section is holds something.
func (c *checker) holds(n *syntax.Node, path, key string) {
	inner := n.Get(key)
	var what string
	switch {
	case inner == nil || len(inner.Items)+len(inner.Fields) > 0:
		return
	case inner.Kind == syntax.List:
		what = "an empty list"
	case inner.Kind == syntax.Map:
		what = "an empty mapping"
	case inner.Kind == syntax.Null:
		what = "empty"
	default:
		return
	}
	if path += "." + key; !c.faulty(path) {
		d := c.diags.Errorf(inner.Range, "%s is %s", path, what)
		d.Path, d.Hint = path, "write one item at least"
	}
}

// invoked checks that what a phase calls exists.
func (c *checker) invoked(v scalar, f found[string]) {
	c.actions[c.ofCopies(f.Value)] = true
	if !c.exists(f.Value) {
		c.noSuchAction(v, f.Value, f.where())
	}
}

func (c *checker) checkMix(mix syntax.Dict[syntax.Val[float64]]) {
	for _, e := range mix.Entries {
		c.actions[c.ofCopies(e.Key.Value)] = true
		if !c.exists(e.Key.Value) {
			d := c.diags.Errorf(e.Key.Range, "mix: there is no action or sequence %q", e.Key.Value)
			if d.Hint = diag.Suggest(e.Key.Value, c.invocable()); d.Hint == "" {
				d.Hint = "the scenario has no actions"
			}
		}
		moreThanNothing(c, e.Value, "0")
	}
}

func (c *checker) checkRequest(r Request, path string) {
	if first := firstSet(r.Action, r.Path, r.Method); first.Set() {
		c.exactlyOne(path, first.Range(), []string{"action", "path"}, r.Action, r.Path)
	}
	for _, f := range each(c, r.Action) {
		c.actions[f.Value] = true
		a, known := c.Actions.Get(f.Value)
		if !known {
			d := c.fault(r.Action, ": there is no action %q%s", f.Value, f.where())
			d.Hint = diag.Suggest(f.Value, c.Actions.Names())
		} else if !a.Web.Set() {
			c.fault(r.Action, ": %s is no web action%s", f.Value, f.where()).Hint = "add web: true to the action"
		}
	}
	if r.Extension.Set() && r.Path.Set() {
		c.fault(r.Extension, " has no meaning beside path").Hint = "write it behind the path"
	}
	for _, f := range each(c, r.Path) {
		if !strings.HasPrefix(f.Value, "/") {
			c.fault(r.Path, " must begin with /, not %q%s", f.Value, f.where())
		}
	}
}

func (c *checker) checkAwait(ph Phase, path string) {
	a := ph.Await
	c.positive(a.Deadline)
	for _, f := range each(c, a.Until) {
		if f.Value == "rules" && !ph.Fire.Set() {
			c.fault(a.Until, " is rules, and no trigger is fired%s", f.where()).Hint = "write await: chain for what the results name"
		}
	}
	until, _ := a.Until.Literal()
	if until == "service" && !a.Service.Set() && !c.faulty(path) {
		c.fault(a.Until, " has no service beside it").Hint = "write {until: service, service: store, when: \"…\"}"
	}
	for _, f := range each(c, a.Service) {
		if _, ok := c.Services.Get(f.Value); !ok {
			d := c.fault(a.Service, ": there is no service %q%s", f.Value, f.where())
			if d.Hint = diag.Suggest(f.Value, c.Services.Names()); d.Hint == "" {
				d.Hint = "the scenario has no services"
			}
		}
	}
}

// checkExtract checks that the metrics can be spoken of, and are none that every phase has.
func (c *checker) checkExtract(extract syntax.Dict[Extraction]) {
	usual := PhaseScope()
	for _, e := range extract.Entries {
		switch {
		case !expr.Word(e.Key.Value):
			c.diags.Errorf(e.Key.Range, "extract.%s cannot be used in an expression", e.Key.Value).Hint = nameHint(e.Key.Value)
		case usual.Member(e.Key.Value) != nil:
			c.diags.Errorf(e.Key.Range, "extract.%s: every phase has %s already", e.Key.Value, e.Key.Value).Hint = "give it another name"
		}
		if from, ok := e.Value.From.Literal(); ok && from != "result" && !strings.HasPrefix(from, "result.") {
			c.fault(e.Value.From, " must begin with result, not %q", from).Hint = "write it such as result." + strings.TrimPrefix(from, ".")
		}
	}
}

// phaseNamed checks the name of a phase.
func (c *checker) phaseNamed(v syntax.Val[string]) {
	name, ok := v.Literal()
	var names []string
	for _, ph := range c.all() {
		known, _ := ph.Name.Literal()
		names = append(names, known)
		ok = ok && known != name
	}
	if ok {
		c.fault(v, ": there is no phase %q", name).Hint = diag.Suggest(name, names)
	}
}
