package run

import (
	"context"
	"fmt"
	"strings"

	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/whisk"
)

// packages creates the packages of a cell, before the actions in them.
func (r *runner) packages(ctx context.Context, cell *plan.Cell, made *entities) error {
	for _, p := range cell.Packages {
		params, err := parameters(r.values.JSON(p.Params), false)
		if err != nil {
			return err
		}
		notes, err := parameters(r.values.JSON(p.Annotations), false)
		if err != nil {
			return err
		}
		name := r.name(made.cell, 0, p.Name)
		made.name[p.Name] = name
		made.created.push("remove "+name, func(ctx context.Context) error { return r.client.DeletePackage(ctx, name) })
		put := whisk.Package{Name: name, Binding: p.Binding, Parameters: params, Annotations: append(notes, r.ownership()...)}
		if err := r.client.PutPackage(ctx, put); err != nil {
			return err
		}
	}
	return nil
}

// triggers creates the triggers of a cell with their rules, after what these start.
func (r *runner) triggers(ctx context.Context, cell *plan.Cell, made *entities) error {
	for _, t := range cell.Triggers {
		params, err := parameters(r.values.JSON(t.Params), false)
		if err != nil {
			return err
		}
		trigger := r.name(made.cell, 0, t.Name)
		made.name[t.Name] = trigger
		made.created.push("remove "+trigger, func(ctx context.Context) error { return r.client.DeleteTrigger(ctx, trigger) })
		if err := r.client.PutTrigger(ctx, trigger, params, r.ownership()); err != nil {
			return err
		}
		n := 0
		for _, rule := range t.Rules {
			targets := made.names(rule.Action)
			for i := range rule.Count {
				name := fmt.Sprintf("%s-rule-%d", trigger, n)
				n++
				made.created.push("remove "+name, func(ctx context.Context) error { return r.client.DeleteRule(ctx, name) })
				if err := r.client.PutRule(ctx, name, trigger, targets[i%len(targets)], r.ownership()); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// called is the name, in the scenario, of what is called so on the server; empty for what the run did not create.
func (e *entities) called(name string) string {
	for own, server := range e.name {
		if name == server || strings.HasSuffix(name, "/"+server) {
			return own
		}
	}
	return ""
}
