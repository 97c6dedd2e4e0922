package plan

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"wsk-scenario/dsl"
	"wsk-scenario/dsl/diag"
	"wsk-scenario/dsl/syntax"
)

// Options are what decides a plan beside the scenario.
type Options struct {
	Seed      uint64   // of everything random; 1 is as good as any
	Overrides []string // the --set flags, for the record: the scenario already has them
	// Profile is where the plan runs; nil is the embedded OpenWhisk as it comes. The scenario already has its vars.
	Profile *dsl.Profile
}

// callTimeout is a phase's time-out when it says none: longer than the 60 s that OpenWhisk lets a blocking call wait and
// than the 65 s of its controller, so that the platform's own answer comes first.
const callTimeout = 70 * time.Second

// Build makes the plan of a scenario that loaded without errors. What only shows when a placeholder has its value in some
// cell is reported at the placeholder.
func Build(s *dsl.Scenario, opts Options) (*Plan, diag.List) {
	b := &builder{scenario: s, profile: opts.Profile, seed: opts.Seed, where: ClusterOf(opts.Profile)}
	p := &Plan{
		Scenario: literal(s.Name), About: literal(s.About), File: s.File, Seed: opts.Seed, Overrides: opts.Overrides,
		Tags: b.tags(), Vars: b.vars(), Axes: b.axes(), Cluster: b.where,
	}
	b.same = likenessOf(s)
	envs := s.Envs()
	for i, cell := range s.Cells() {
		b.env = envs[i]
		p.Cells = append(p.Cells, b.cell(cell, p.Cells))
	}
	p.Require = b.require()
	p.Nodes = b.nodes(p)
	p.Services = b.services()
	p.Fingerprint = fingerprint(p, b.same, b.passes())
	b.repeat(p)
	b.diags = append(b.diags, notYet(s, b.profile)...)
	p.Tables, p.Figures = b.tables(), b.figures()
	b.assertions(p)
	b.diags.Sort()
	return p, b.diags
}

// builder reads a scenario in the environment of one cell after the other.
type builder struct {
	scenario *dsl.Scenario
	profile  *dsl.Profile
	where    *Cluster // of the profile
	env      syntax.Env
	same     likeness
	diags    diag.List
	seed     uint64
	apps     []application // of the cell's population
}

// read returns the value of v in the current cell; its diagnostics are collected.
func read[T any](b *builder, v syntax.Val[T]) T {
	value, d := v.In(b.env)
	if d != nil {
		b.diags = append(b.diags, *d)
	}
	return value
}

// or is read with a default for what is not written.
func or[T any](b *builder, v syntax.Val[T], otherwise T) T {
	if !v.Set() {
		return otherwise
	}
	return read(b, v)
}

// literal is for the few scalars in which no placeholder may stand.
func literal[T any](v syntax.Val[T]) T {
	value, _ := v.Literal()
	return value
}

func (b *builder) json(n *syntax.Node) json.RawMessage {
	if n == nil {
		return nil
	}
	raw, diags := n.JSON(b.env)
	b.diags = append(b.diags, diags...)
	return raw
}

// object is the JSON object of a mapping with free keys; nil when there are none.
func (b *builder) object(d syntax.Dict[*syntax.Node]) json.RawMessage {
	if len(d.Entries) == 0 {
		return nil
	}
	n := &syntax.Node{Kind: syntax.Map, Range: d.Range}
	for _, e := range d.Entries {
		n.Fields = append(n.Fields, syntax.Field(e))
	}
	return b.json(n)
}

func (b *builder) vars() (values []Value) {
	for _, v := range b.scenario.VarValues() {
		values = append(values, Value{v.Name, v.Value})
	}
	return values
}

func (b *builder) axes() (axes []Axis) {
	for _, e := range b.scenario.Matrix.Axes.Entries {
		axis := Axis{Name: e.Key.Value}
		axis.Values = b.scenario.AxisValues(axis.Name)
		axes = append(axes, axis)
	}
	return axes
}

// cell plans one cell. What is alike in an earlier one is taken from there.
func (b *builder) cell(c dsl.Cell, before []Cell) Cell {
	cell := Cell{ID: c.ID()}
	for _, v := range c.Values {
		cell.Values = append(cell.Values, Value{v.Axis, v.Value})
	}
	cell.Actions = shared(b.same.actions, c.Index, func(i int) []Action { return before[i].Actions }, func(i int) Action {
		e := &b.scenario.Actions.Entries[i]
		return b.action(e.Key.Value, e.Value)
	})
	for _, e := range b.scenario.Sequences.Entries {
		cell.Sequences = append(cell.Sequences, b.sequence(e.Key.Value, e.Value))
	}
	cell.Actions = cell.Actions[:len(b.scenario.Actions.Entries)] // those of the population are the cell's own
	b.populate(&cell)
	cell.Deployment = b.deployment(cell.Actions)
	cell.Packages, cell.Triggers = b.packages(), b.triggers()
	running := b.scenario.Running()
	cell.Phases = shared(b.same.phases, c.Index, func(i int) []Phase { return before[i].Phases }, func(i int) Phase {
		ph := running[i]
		if first := b.same.inputs.parts[i][c.Index]; first < c.Index {
			return b.phase(ph, before[first].Phases[i].Payload)
		}
		return b.phase(ph, b.with(ph.With))
	})
	return cell
}

// blackbox is OpenWhisk's kind of actions that are made of an image.
const blackbox = "blackbox"

func (b *builder) action(name string, a dsl.Action) Action {
	role := b.role(name)
	action := Action{
		Name: name, Code: dsl.PathOf(a.Code, read(b, a.Code)), Kind: b.kind(read(b, a.Kind)), Main: read(b, a.Main),
		MemoryMB: int(read(b, a.Memory) / syntax.MB), Timeout: read(b, a.Timeout), Concurrency: read(b, a.Concurrency), Instances: read(b, a.Instances),
		Params: b.object(a.Params), Env: b.object(a.Env), Annotations: b.object(b.annotations(a)),
		Role: read(b, role), Range: a.Code.Range(), Build: b.recipe(a.Build), Pad: int64(read(b, a.Pad)), Copies: read(b, a.Copies),
	}
	if action.Role != "" {
		action.RoleAt = role.Range()
	}
	if image := (Image{Name: read(b, a.Image.Name), AMD64: read(b, a.Image.AMD64), ARM64: read(b, a.Image.ARM64)}); image != (Image{}) {
		action.Image, action.Kind = &image, blackbox
		if !a.Code.Set() {
			action.Code, action.Range = "", a.Image.Range()
		}
	}
	if a.Logs.Set() {
		logs := int(read(b, a.Logs) / syntax.MB)
		action.LogsMB = &logs
	}
	return action
}

// buildWithin is how long a build may take that does not say.
const buildWithin = 10 * time.Minute

func (b *builder) recipe(s dsl.BuildStep) *Recipe {
	if !s.Run.Set() {
		return nil
	}
	build := &Recipe{Run: read(b, s.Run), Output: read(b, s.Output), Within: or(b, s.Within, buildWithin)}
	for _, input := range s.Inputs {
		build.Inputs = append(build.Inputs, read(b, input))
	}
	return build
}

// annotations are those of an action, with what the key web stands for.
func (b *builder) annotations(a dsl.Action) syntax.Dict[*syntax.Node] {
	notes := a.Annotations
	if !a.Web.Set() {
		return notes
	}
	web := read(b, a.Web)
	exported := web == true || web == "raw"
	notes.Entries = slices.Clone(notes.Entries)
	for _, note := range []struct {
		name string
		on   bool
	}{{"web-export", exported}, {"raw-http", web == "raw"}, {"final", exported}} {
		value := &syntax.Node{Kind: syntax.Bool, Range: a.Web.Range(), Bool: note.on}
		notes.Entries = append(notes.Entries, syntax.Entry[*syntax.Node]{Key: diag.Text{Value: note.name, Range: a.Web.Range()}, Value: value})
	}
	return notes
}

func (b *builder) role(action string) syntax.Val[string] {
	if role, ok := b.scenario.Placement.Action.Get(action); ok {
		return role
	}
	return b.scenario.Placement.All
}

func (b *builder) sequence(name string, s dsl.Sequence) Sequence {
	seq := Sequence{Name: name}
	for _, a := range s.Actions {
		seq.Actions = append(seq.Actions, read(b, a))
	}
	if s.Repeat.Set() {
		for range read(b, s.Times) {
			seq.Actions = append(seq.Actions, read(b, s.Repeat))
		}
	}
	return seq
}

func (b *builder) phase(ph dsl.Running, input Payload) Phase {
	if ph.Wait.Set() {
		return Phase{Name: literal(ph.Name), Start: AnyStart, Wait: read(b, ph.Wait), Group: ph.Group}
	}
	invoke := read(b, ph.Invoke)
	_, isAction := b.scenario.Actions.Get(invoke)
	start := Start(or(b, ph.Start.Kind, string(AnyStart)))
	by, _ := ph.Start.By.Literal()
	made := Phase{
		Name: literal(ph.Name), Invoke: invoke, Sequence: ph.Invoke.Set() && !isAction, Payload: input,
		Blocking: Blocking(or(b, ph.Blocking, string(ForRecord))), Start: start, StartAt: ph.Start.Kind.Text(),
		Warmup:  Warmup{Iterations: read(b, ph.Warmup.Iterations), For: read(b, ph.Warmup.For)},
		Load:    b.load(ph.Load),
		Timeout: or(b, ph.Timeout, callTimeout), Unmeasured: !or(b, ph.Measure, true), Mix: b.mix(ph.Mix), Expect: ph.Expect.Text(),
		ByCopies: by == "copies", ByPods: by == "pods", Group: ph.Group, Exec: b.exec(ph.Exec), Request: b.request(ph.Request),
		Fire: read(b, ph.Fire), Extract: b.extract(ph.Phase),
	}
	b.await(ph.Phase, &made)
	if ph.Load.Population.Set() {
		made.Mix = b.shares()
	}
	if made.Load.On != "" && made.Exec != nil {
		d := b.diags.Errorf(ph.Load.On.Range(), "%s: commands are run on this machine: workers on nodes have none", ph.Load.On.Path())
		d.Path, d.Hint = ph.Load.On.Path(), "remove it"
	}
	made.Load.Background = ph.Group > 0 && ph.Background()
	if made.Load.Workers > 0 && made.Load.Open != nil && start == ColdStart && !made.ByCopies {
		d := b.diags.Errorf(ph.Load.Workers.Range(), "%s: several workers cannot force cold starts in an open load", ph.Load.Workers.Path())
		d.Path, d.Hint = ph.Load.Workers.Path(), "remove it, write users instead of rate, or start: {kind: cold, by: copies}"
	}
	if made.Load.Workers > 0 && start == ColdStart && made.ByPods {
		d := b.diags.Errorf(ph.Load.Workers.Range(), "%s: several workers cannot force cold starts by deleting pods", ph.Load.Workers.Path())
		d.Path, d.Hint = ph.Load.Workers.Path(), "remove it, or write start: {kind: cold, by: update}"
	}
	if made.ByCopies && start == ColdStart {
		b.enoughCopies(ph.Phase, made)
	}
	return made
}

// enoughCopies reports a phase that has more calls than there are copies to start cold.
func (b *builder) enoughCopies(ph *dsl.Phase, made Phase) {
	action, _ := b.scenario.Actions.Get(made.Invoke)
	copies, e := read(b, action.Copies), made.Estimate()
	if e.Exact && e.Invocations <= copies {
		return
	}
	calls := strconv.Itoa(e.Invocations)
	if !e.Exact {
		calls = "a number that nobody knows"
	}
	d := b.diags.Errorf(ph.Start.By.Range(), "%s: the calls are %s, and %s has %d copies", ph.Start.By.Path(), calls, made.Invoke, copies)
	d.Path, d.Hint = ph.Start.By.Path(), "a copy is cold once; write as many copies as there are calls, or by: update"
}

func (b *builder) mix(weights syntax.Dict[syntax.Val[float64]]) (shares []Share) {
	for _, e := range weights.Entries {
		shares = append(shares, Share{e.Key.Value, read(b, e.Value)})
	}
	return shares
}

func (b *builder) tables() (list []Table) {
	for _, t := range b.scenario.Report {
		if len(t.Columns) == 0 {
			continue
		}
		table := Table{Title: literal(t.Title)}
		for _, r := range t.Rows {
			table.Rows = append(table.Rows, literal(r))
		}
		if len(t.Rows) == 0 {
			table.Rows = b.scenario.Matrix.Axes.Names()
		}
		for _, c := range t.Columns {
			table.Columns = append(table.Columns, c.Text())
		}
		list = append(list, table)
	}
	return list
}

// with is a payload's name, or a JSON object written in the phase.
func (b *builder) with(n *syntax.Node) Payload {
	if n == nil {
		return Payload{}
	}
	if n.Kind != syntax.String {
		return b.made(Payload{JSON: b.json(n)}, n)
	}
	name := b.text(n)
	payload, ok := b.scenario.Payloads.Get(name)
	if !ok {
		b.diags.Errorf(n.Range, "there is no payload %q", name)
		return Payload{}
	}
	return b.made(Payload{
		Name: name, JSON: b.json(payload.JSON),
		File: dsl.PathOf(payload.File, read(b, payload.File)), Encode: or(b, payload.Encode, "base64"), And: b.object(payload.And),
		Key: or(b, payload.Key, "payload"), Size: int64(read(b, payload.Size)), Fill: or(b, payload.Fill, "zeros"),
	}, payload.JSON)
}

// text is a string scalar with its placeholders filled.
func (b *builder) text(n *syntax.Node) string {
	if n.Template == nil {
		return n.Text.Value
	}
	value, d := n.Template.Resolve(b.env)
	if d != nil {
		b.diags = append(b.diags, *d)
	}
	return fmt.Sprint(value)
}
