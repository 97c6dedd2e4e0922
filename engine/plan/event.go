package plan

import (
	"cmp"
	"encoding/json"
	"time"

	"wsk-scenario/dsl"
)

// Package is a package to create, for actions named PACKAGE/ACTION, or bound to another.
type Package struct {
	Name        string          `json:"name"`
	Params      json.RawMessage `json:"params,omitempty"`
	Annotations json.RawMessage `json:"annotations,omitempty"`
	Binding     string          `json:"binding,omitempty"` // /NAMESPACE/PACKAGE
}

// Trigger is a trigger to create, with its rules.
type Trigger struct {
	Name   string          `json:"name"`
	Params json.RawMessage `json:"params,omitempty"`
	Rules  []Rule          `json:"rules"`
}

// Rule starts an action, or a sequence, when its trigger is fired. There are Count of them.
type Rule struct {
	Action string `json:"action"`
	Count  int    `json:"count"`
}

// RuleCount is how many activations one fire starts.
func (t Trigger) RuleCount() (n int) {
	for _, rule := range t.Rules {
		n += rule.Count
	}
	return n
}

// Trigger is the trigger of that name.
func (c *Cell) Trigger(name string) (t Trigger) {
	for _, t := range c.Triggers {
		if t.Name == name {
			return t
		}
	}
	return t
}

// Extraction is a metric out of the result.
type Extraction struct {
	Name string `json:"name"`
	From string `json:"from"` // where it stands, such as result.executeTime
	Unit string `json:"unit"` // ns, us, ms, s, B, kB, KiB or none
}

func (b *builder) packages() (list []Package) {
	for _, e := range b.scenario.Packages.Entries {
		list = append(list, Package{e.Key.Value, b.object(e.Value.Params), b.object(e.Value.Annotations), read(b, e.Value.Binding)})
	}
	return list
}

func (b *builder) triggers() (list []Trigger) {
	for _, e := range b.scenario.Triggers.Entries {
		t := Trigger{Name: e.Key.Value, Params: b.object(e.Value.Params)}
		for _, r := range e.Value.Rules {
			t.Rules = append(t.Rules, Rule{read(b, r.Action), or(b, r.Count, 1)})
		}
		list = append(list, t)
	}
	return list
}

// awaitFor is how long what a call has started is waited for when the scenario does not say.
const awaitFor = time.Minute

// await is what completes the calls of a phase, and how long it is waited for.
func (b *builder) await(ph *dsl.Phase, made *Phase) {
	made.Await = read(b, ph.Await.Until)
	if made.Fire != "" {
		made.Await = cmp.Or(made.Await, "rules")
	}
	if made.Await != "" {
		made.Deadline = or(b, ph.Await.Deadline, awaitFor)
	}
}

func (b *builder) extract(ph *dsl.Phase) (list []Extraction) {
	for _, e := range ph.Extract.Entries {
		list = append(list, Extraction{e.Key.Value, read(b, e.Value.From), or(b, e.Value.Unit, "none")})
	}
	return list
}
