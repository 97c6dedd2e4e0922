package dsl

import (
	"strings"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/dsl/syntax"
)

// Trigger is an event that starts actions by its rules.
type Trigger struct {
	Rules  []Rule                    `yaml:"rules,required,single" doc:"What the trigger starts: one rule or several." example:"{action: sleeper, count: 4}"`
	Params syntax.Dict[*syntax.Node] `yaml:"params" doc:"Parameters bound to the trigger." example:"{depth: 1}"`
	Feed   Feed                      `yaml:"feed" doc:"The feed action that fires the trigger." example:"{action: /whisk.system/alarms/interval, params: {minutes: 1}}"`
}

// Rule starts an action when its trigger is fired.
type Rule struct {
	Action syntax.Val[string] `yaml:"action,shorthand,required" doc:"The action or sequence that is started." example:"sleeper"`
	Count  syntax.Val[int]    `yaml:"count" doc:"How many such rules there are; 1 when not said." example:"4"`
}

// Feed is an action that fires a trigger.
type Feed struct {
	Action syntax.Val[string]        `yaml:"action,shorthand" doc:"The feed action." example:"/whisk.system/alarms/interval"`
	Params syntax.Dict[*syntax.Node] `yaml:"params" doc:"Its parameters." example:"{minutes: 1}"`
}

// Package is a group of actions with parameters in common.
type Package struct {
	Params      syntax.Dict[*syntax.Node] `yaml:"params" doc:"Parameters bound to all its actions." example:"{currency: EUR}"`
	Annotations syntax.Dict[*syntax.Node] `yaml:"annotations" doc:"Annotations of the package." example:"{description: SmallBank}"`
	Binding     syntax.Val[string]        `yaml:"binding" doc:"The package that this one is bound to." example:"/whisk.system/utils"`
}

func (c *checker) checkTriggers() {
	for _, e := range c.Triggers.Entries {
		for _, r := range e.Value.Rules {
			for _, f := range each(c, r.Action) {
				c.invoked(r.Action, f)
			}
			atLeast(c, r.Count, 1)
			atMost(c, r.Count, maxUsers)
		}
		c.checkEntityName(e.Key, "trigger")
	}
}

func (c *checker) checkPackages() {
	for _, e := range c.Packages.Entries {
		c.checkEntityName(e.Key, "package")
		if e.Key.Value == "default" {
			c.diags.Errorf(e.Key.Range, "packages.default: OpenWhisk keeps the name default for itself").Hint = "give it another name"
		}
		for _, f := range each(c, e.Value.Binding) {
			if parts := strings.Split(f.Value, "/"); len(parts) != 3 || parts[0] != "" {
				c.fault(e.Value.Binding, ": %q is no package%s", f.Value, f.where()).Hint = "write it as /NAMESPACE/PACKAGE"
			}
		}
	}
	for _, k := range c.Actions.Keys() {
		pkg, _, packaged := strings.Cut(k.Value, "/")
		if _, known := c.Packages.Get(pkg); packaged && !known {
			d := c.diags.Errorf(k.Range, "actions.%s: there is no package %q", k.Value, pkg)
			if d.Hint = diag.Suggest(pkg, c.Packages.Names()); d.Hint == "" {
				d.Hint = "describe it under packages"
			}
		}
	}
}

// checkEntityName checks a name that OpenWhisk must take.
func (c *checker) checkEntityName(k diag.Text, what string) {
	if !entityName.MatchString(k.Value) || len(k.Value) > maxName {
		c.diags.Errorf(k.Range, "OpenWhisk takes no %s with the name %q", what, k.Value).Hint = "a name is letters, digits, _, @, . and -"
	}
}

// noSuchTrigger says that a trigger is not described.
func (c *checker) checkFire(v syntax.Val[string]) {
	for _, f := range each(c, v) {
		c.triggers[f.Value] = true
		if _, ok := c.Triggers.Get(f.Value); !ok {
			d := c.fault(v, ": there is no trigger %q%s", f.Value, f.where())
			if d.Hint = diag.Suggest(f.Value, c.Triggers.Names()); d.Hint == "" {
				d.Hint = "the scenario has no triggers"
			}
		}
	}
}
