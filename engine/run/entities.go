package run

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	ow "github.com/apache/openwhisk-client-go/whisk"

	"wsk-scenario/dsl"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/service"
	"wsk-scenario/engine/whisk"
)

// entities are the names, on the server, of what one cell created, by the names of the scenario.
type entities struct {
	cell    int
	name    map[string]string
	actions map[string]whisk.Action // as created, so that copies can be made
	copies  map[string][]string     // of an action, by its name: the names under which it was created
	created *cleanup
	// elsewhere: another process has created them, copies too, and removes them.
	elsewhere bool
}

// create makes the actions and sequences of a cell. Each is on the clean-up stack before it is created: a call that was
// interrupted may have had its effect.
func (r *runner) create(ctx context.Context, index int, created *cleanup) (*entities, error) {
	cell := &r.plan.Cells[index]
	made := &entities{cell: index, name: map[string]string{}, actions: map[string]whisk.Action{}, copies: map[string][]string{}, created: created}
	r.values = r.namesOf(index)
	if err := r.packages(ctx, cell, made); err != nil {
		return nil, err
	}
	for _, a := range cell.Actions {
		action, err := r.action(a)
		if err != nil {
			return nil, fmt.Errorf("%s: action %s of cell %s: %w", a.Range, a.Name, cell.ID, err)
		}
		for _, name := range a.Names() {
			action.Name = r.name(index, 0, name)
			if err := r.put(ctx, action, created); err != nil {
				return nil, fmt.Errorf("%s: %w", a.Range, err)
			}
			made.name[name], made.actions[name] = action.Name, action
		}
		made.copies[a.Name] = a.Names()
	}
	for _, s := range cell.Sequences {
		made.name[s.Name] = r.name(index, 0, s.Name)
	}
	for _, s := range inOrder(cell.Sequences) {
		components := make([]string, len(s.Actions))
		for i, a := range s.Actions {
			components[i] = made.name[a]
		}
		name := made.name[s.Name]
		created.push("remove "+name, func(ctx context.Context) error { return r.client.DeleteAction(ctx, name) })
		if err := r.client.PutSequence(ctx, name, components, r.ownership()); err != nil {
			return nil, err
		}
	}
	return made, r.triggers(ctx, cell, made)
}

// namesOf are the values of placeholders in a cell: what the services gave, and what the cell's entities are called.
func (r *runner) namesOf(index int) service.Values {
	values, cell := r.beside.Values(), &r.plan.Cells[index]
	for _, a := range cell.Actions {
		values = values.With(dsl.EntityName(a.Name), r.name(index, 0, a.Names()[0]))
	}
	for _, s := range cell.Sequences {
		values = values.With(dsl.EntityName(s.Name), r.name(index, 0, s.Name))
	}
	for _, t := range cell.Triggers {
		values = values.With(dsl.EntityName(t.Name), r.name(index, 0, t.Name))
	}
	return values
}

// names are the names, on the server, of a target: its own, or those of its copies.
func (e *entities) names(target string) []string {
	copies, isAction := e.copies[target]
	if !isAction {
		name, known := e.name[target]
		if pkg, action, packaged := strings.Cut(target, "/"); !known && packaged { // of a package that is bound
			name = e.name[pkg] + "/" + action
		}
		return []string{name}
	}
	names := make([]string, len(copies))
	for i, name := range copies {
		names[i] = e.name[name]
	}
	return names
}

// name is how an entity of the scenario is called on the server. The scenario's own name stands last, so that no name of a
// scenario can be that of a user's copy of another.
func (r *runner) name(cell, user int, entity string) string {
	if pkg, action, packaged := strings.Cut(entity, "/"); packaged {
		if user > 0 {
			action = fmt.Sprintf("%d-%s", user, action)
		}
		return r.name(cell, 0, pkg) + "/" + action
	}
	return fmt.Sprintf("%s%d.%d-%s", r.prefix(), cell, user, entity)
}

// prefix is how the names of all that the run creates begin.
func (r *runner) prefix() string { return "wsks-" + r.id + "-" }

// put creates an action and what removes it.
func (r *runner) put(ctx context.Context, action whisk.Action, created *cleanup) error {
	created.push("remove "+action.Name, func(ctx context.Context) error { return r.client.DeleteAction(ctx, action.Name) })
	_, err := r.client.PutAction(ctx, action)
	return err
}

// copyFor makes the action that a user calls: the first user's is the action itself, every other has a copy, so that an
// update for one user does not touch the container of another.
func (e *entities) copyFor(ctx context.Context, r *runner, action string, user int) (string, error) {
	if e.elsewhere && user > 0 {
		return r.name(e.cell, user, action), nil
	}
	if e.elsewhere {
		return e.name[action], nil
	}
	copied := e.actions[action]
	if user == 0 {
		return copied.Name, nil
	}
	copied.Name = r.name(e.cell, user, action)
	return copied.Name, r.put(ctx, copied, e.created)
}

// inOrder sorts sequences so that one stands behind those it is made of. The language refuses circles.
func inOrder(sequences []plan.Sequence) (ordered []plan.Sequence) {
	byName, done := map[string]plan.Sequence{}, map[string]bool{}
	for _, s := range sequences {
		byName[s.Name] = s
	}
	var add func(plan.Sequence)
	add = func(s plan.Sequence) {
		if done[s.Name] {
			return
		}
		done[s.Name] = true
		for _, component := range s.Actions {
			if inner, ok := byName[component]; ok {
				add(inner)
			}
		}
		ordered = append(ordered, s)
	}
	for _, s := range sequences {
		add(s)
	}
	return ordered
}

// action makes what is put of an action of the plan.
func (r *runner) action(a plan.Action) (whisk.Action, error) {
	packed, values := r.packed[packedOf(a)], r.values
	main := a.Main
	if main == "" {
		main = packed.Main
	}
	params, err := parameters(values.JSON(a.Params), false)
	if err != nil {
		return whisk.Action{}, err
	}
	env, err := parameters(values.JSON(a.Env), true)
	if err != nil {
		return whisk.Action{}, err
	}
	notes, err := parameters(values.JSON(a.Annotations), false)
	exec := &ow.Exec{Kind: a.Kind, Main: main}
	if a.Image != nil {
		exec.Image = a.Image.For(r.architecture())
	}
	if a.Code != "" {
		exec.Code, exec.Binary = &packed.Code, &packed.Binary
	}
	if err != nil {
		return whisk.Action{}, err
	}
	place, err := r.places.notes(a)
	return whisk.Action{
		Exec:       exec,
		Limits:     limits(a),
		Parameters: append(params, env...), Annotations: slices.Concat(notes, place, r.ownership()),
	}, err
}

func limits(a plan.Action) *whisk.Limitation {
	l := &whisk.Limitation{Limits: ow.Limits{Logsize: a.LogsMB}}
	if a.MemoryMB > 0 {
		l.Memory = &a.MemoryMB
	}
	if ms := int(a.Timeout.Milliseconds()); ms > 0 {
		l.Timeout = &ms
	}
	if a.Concurrency > 0 {
		l.Concurrency = &a.Concurrency
	}
	if a.Instances > 0 {
		l.Instances = &a.Instances
	}
	return l
}

// parameters are the members of a JSON object, by name.
func parameters(object json.RawMessage, init bool) (list []whisk.Parameter, err error) {
	if object == nil {
		return nil, nil
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(object, &members); err != nil {
		return nil, fmt.Errorf("read parameters: %w", err)
	}
	for _, key := range slices.Sorted(maps.Keys(members)) {
		list = append(list, whisk.Parameter{Key: key, Value: members[key], Init: init})
	}
	return list, nil
}

// ownership marks what the run created, so that it can be told from everything else.
func (r *runner) ownership() []whisk.Parameter {
	return []whisk.Parameter{{Key: "wsk-scenario", Value: json.RawMessage(`{"run":"` + r.id + `"}`)}}
}
