package plan

import (
	"wsk-scenario/dsl"
	"wsk-scenario/dsl/diag"
	"wsk-scenario/dsl/syntax"
)

// Require is what the target must have before anything is created on it. The zero value asks for nothing.
type Require struct {
	PerMinute  Requirement   `json:"invocations_per_minute,omitzero"`
	Concurrent Requirement   `json:"concurrent,omitzero"`
	Kinds      []Requirement `json:"kinds,omitempty"`
	Roles      []Requirement `json:"roles,omitempty"`
}

// Requirement is one thing that is required, with where the scenario says so.
type Requirement struct {
	Least int        `json:"least,omitempty"`
	Kind  string     `json:"kind,omitempty"` // a family such as java, or one kind of it
	Role  string     `json:"role,omitempty"`
	Range diag.Range `json:"range"`
}

func (b *builder) require() (r Require) {
	b.env = b.scenario.Env(dsl.Cell{})
	written := b.scenario.Require
	r.PerMinute, r.Concurrent = b.least(written.Limits.PerMinute), b.least(written.Limits.Concurrent)
	for _, v := range written.Kinds {
		r.Kinds = append(r.Kinds, Requirement{Kind: read(b, v), Range: v.Range()})
	}
	for _, v := range written.Roles {
		r.Roles = append(r.Roles, Requirement{Role: read(b, v), Range: v.Range()})
	}
	return r
}

func (b *builder) least(v syntax.Val[int]) Requirement {
	if !v.Set() {
		return Requirement{}
	}
	return Requirement{Least: read(b, v), Range: v.Range()}
}
