package run

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/target"
	"wsk-scenario/engine/whisk"
)

// placeable refuses a scenario that places actions where the target cannot: where nothing can prove a placement, none is
// measured.
func (r *runner) placeable() error {
	role, asked := r.plan.Placed()
	if !asked {
		return nil
	}
	if _, can := r.opts.Target.(target.Placer); can {
		return nil
	}
	return fmt.Errorf("%s: %s can neither place actions on nodes of the role %q nor prove that they ran there; "+
		"leave the placement out, or run on the embedded OpenWhisk", role.Range, r.opts.Target.Name(), role.Value)
}

// placement finds the nodes of the target, once it is up, and checks that there is one for every role that is asked for.
func (r *runner) placement() error {
	placer, can := r.opts.Target.(target.Placer)
	if !can {
		return nil
	}
	r.places.placer, r.places.roles = placer, map[string]string{}
	for _, n := range placer.Nodes() {
		r.places.roles[n.Name] = n.Role
	}
	var faults []string
	for _, asked := range r.plan.Roles() {
		if !slices.Contains(slices.Collect(maps.Values(r.places.roles)), asked.Value) {
			faults = append(faults, fmt.Sprintf("%s: %s", asked.Range, r.noNode(asked.Value)))
		}
	}
	if len(faults) > 0 {
		return fmt.Errorf("%s", strings.Join(faults, "\n"))
	}
	return nil
}

func (r *runner) noNode(role string) string {
	roles := slices.Compact(slices.Sorted(maps.Values(r.places.roles)))
	known := "it has no nodes with roles"
	if len(roles) > 0 {
		known = "it has " + strings.Join(roles, ", ")
	}
	return fmt.Sprintf("no node of %s has the role %q; %s", r.opts.Target.Name(), role, known)
}

// places proves where activations ran. The zero value is of a target that cannot, where nothing is asked for.
type places struct {
	placer target.Placer
	roles  map[string]string // of the nodes, by name
}

// notes are the annotations that place an action.
func (p *places) notes(a plan.Action) (list []whisk.Parameter, err error) {
	if a.Role == "" {
		return nil, nil
	}
	notes := p.placer.Annotations(a.Role)
	for _, key := range slices.Sorted(maps.Keys(notes)) {
		value, err := json.Marshal(notes[key])
		if err != nil {
			return nil, fmt.Errorf("place it on %s: %w", a.Role, err)
		}
		list = append(list, whisk.Parameter{Key: key, Value: value})
	}
	return list, nil
}

// judge says how an activation missed the role that its action asks for.
func (p *places) judge(role, node string) measure.Place {
	switch {
	case role == "":
		return ""
	case node == "":
		return measure.Unproved
	case p.roles[node] != role:
		return measure.Elsewhere
	}
	return ""
}

// witness proves the places of one phase's calls.
type witness struct {
	places
	watcher target.Watcher    // nil where the target tells nothing of how containers come to be
	roles   map[string]string // of the cell's actions, by their names in the scenario
	asks    map[string]bool   // by what the phase calls: whether anything of it is placed
	only    string            // what the phase calls, when that is one
}

func (r *runner) witness(cell *plan.Cell, ph *plan.Phase) witness {
	w := witness{places: r.places, roles: map[string]string{}, asks: map[string]bool{}}
	w.watcher, _ = r.opts.Target.(target.Watcher)
	if targets := ph.Targets(); len(targets) == 1 {
		w.only = targets[0]
	}
	for _, a := range cell.Actions {
		for _, name := range a.Names() {
			w.roles[name] = a.Role
		}
	}
	for _, target := range ph.Targets() {
		w.asks[target] = len(cell.Roles(target)) > 0
	}
	return w
}

// see notes on the sample of a call where its activation ran, and how that misses what was asked for. A sequence is seen
// part by part.
func (w *witness) see(s *measure.Sample, record *whisk.Record) {
	w.await(s)
	called := cmp.Or(s.Target, w.only)
	switch s.Place = ""; {
	case w.placer == nil:
	case record == nil, record.Sequence():
		if w.asks[called] && (record == nil || len(record.Components) == 0) {
			s.Place = measure.Unproved
		}
	default:
		s.Node = w.placer.NodeOf(record)
		s.Place = w.judge(w.roles[called], s.Node)
	}
}

// part notes on the sample of a sequence where one of its components ran. The first that missed its place decides.
func (w *witness) part(s *measure.Sample, component *whisk.Record) {
	if w.placer != nil && s.Place == "" {
		s.Place = w.judge(w.roles[scenarioName(component.Name)], w.placer.NodeOf(component))
	}
}

// torn notes on the sample of a sequence that a component's record is missing.
func (w *witness) torn(s *measure.Sample) {
	if w.asks[cmp.Or(s.Target, w.only)] && s.Place == "" {
		s.Place = measure.Unproved
	}
}

// scenarioName is what the scenario calls an entity that the run created: what stands last in its name on the server.
func scenarioName(entity string) string {
	parts := strings.SplitN(entity, "-", 4) // wsks, the run, cell and user, the name
	return parts[len(parts)-1]
}
