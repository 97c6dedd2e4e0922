package plan

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"time"

	"wsk-scenario/dsl"
	"wsk-scenario/dsl/syntax"
	"wsk-scenario/engine/load"
)

// What a population may grow to. More is a slip, or nobody waits for it.
const (
	maxPlayed = 1_000_000
	maxChain  = 100
)

// application is one of a population: what is invoked, and when.
type application struct {
	name    string
	arrival load.Distribution
	seed    uint64
}

// populate samples the applications of a population: each is a chain of actions like the one that is named, called app-0-0,
// app-0-1 and so on, and the sequence of these, app-0. One action alone is the application. The same seed gives the same ones.
func (b *builder) populate(cell *Cell) {
	p := b.scenario.Population
	b.apps = nil
	if !p.Count.Set() {
		return
	}
	template := slices.IndexFunc(cell.Actions, func(a Action) bool { return a.Name == read(b, p.Action) })
	if template < 0 {
		return // told where the scenario is checked
	}
	chain := b.numbers(p.Chain)
	memory, duration, arrival := b.bytes(p.Memory), b.durations(p.Duration), b.durations(p.Arrival)
	seed := uint64(or(b, p.Seed, int(b.seed)))
	cell.Actions = slices.Clone(cell.Actions)
	for i := range read(b, p.Count) {
		random := rand.New(rand.NewPCG(seed, uint64(i)))
		app := application{name: fmt.Sprintf("app-%d", i), arrival: arrival, seed: seed}
		length := 1
		if chain != nil {
			length = min(max(1, int(math.Round(chain(random)))), maxChain)
		}
		var names []string
		for k := range length {
			a := cell.Actions[template]
			if a.Name = app.name; length > 1 {
				a.Name = fmt.Sprintf("%s-%d", app.name, k)
			}
			if memory != nil {
				a.MemoryMB = max(1, int(math.Round(memory(random)/float64(syntax.MB))))
			}
			if duration != nil {
				a.Params = b.withMS(a.Params, time.Duration(duration(random)))
			}
			names, cell.Actions = append(names, a.Name), append(cell.Actions, a)
		}
		if length > 1 {
			cell.Sequences = append(cell.Sequences, Sequence{app.name, names})
		}
		b.apps = append(b.apps, app)
	}
}

// withMS are parameters with one more: how many milliseconds an action shall run.
func (b *builder) withMS(params json.RawMessage, d time.Duration) json.RawMessage {
	members := map[string]json.RawMessage{}
	if params != nil {
		if err := json.Unmarshal(params, &members); err != nil {
			b.diags.Errorf(b.scenario.Population.Action.Range(), "the parameters of the action: %v", err)
		}
	}
	members = maps.Clone(members)
	members["ms"] = json.RawMessage(strconv.FormatFloat(math.Round(d.Seconds()*1e6)/1e3, 'f', -1, 64))
	raw, err := json.Marshal(members)
	if err != nil {
		b.diags.Errorf(b.scenario.Population.Action.Range(), "the parameters of the action: %v", err)
	}
	return raw
}

// shares are the applications as a phase invokes them.
func (b *builder) shares() (list []Share) {
	for _, app := range b.apps {
		list = append(list, Share{app.name, 1})
	}
	return list
}

// played are the calls of all applications in a time. Each begins at a moment of its own: the first call is due after a part of
// the first distance.
func (b *builder) played(lasts time.Duration) (list []Played) {
	place := b.scenario.Population.Arrival
	for i, app := range b.apps {
		if app.arrival == nil {
			return nil
		}
		random := rand.New(rand.NewPCG(app.seed, 1<<32|uint64(i)))
		at := random.Float64() * app.arrival(random)
		for at < float64(lasts) {
			list = append(list, Played{time.Duration(at), i})
			if len(list) > maxPlayed {
				b.diags.Errorf(firstPart(place.Parts()).Range(), "the population sends more than %d calls in %v", maxPlayed, lasts).Hint = "make the distances longer, or the time shorter"
				return nil
			}
			at += max(float64(time.Microsecond), app.arrival(random))
		}
	}
	slices.SortStableFunc(list, func(a, b Played) int { return cmp.Compare(a.After, b.After) })
	return list
}

func firstPart(parts []dsl.Part) dsl.Part {
	for _, p := range parts {
		if p.Set() {
			return p
		}
	}
	return parts[0]
}

func (b *builder) numbers(d dsl.Distribution[float64]) load.Distribution {
	return drawn(b, d, func(v float64) float64 { return v }, func(s string) (float64, error) { return strconv.ParseFloat(s, 64) })
}

func (b *builder) bytes(d dsl.Distribution[syntax.Bytes]) load.Distribution {
	return drawn(b, d, func(v syntax.Bytes) float64 { return float64(v) }, func(s string) (float64, error) {
		v, ok := syntax.ParseBytes(s)
		if !ok {
			return 0, fmt.Errorf("%q is no size", s)
		}
		return float64(v), nil
	})
}

func (b *builder) durations(d dsl.Distribution[time.Duration]) load.Distribution {
	return drawn(b, d, func(v time.Duration) float64 { return float64(v) }, func(s string) (float64, error) {
		v, err := syntax.ParseDuration(s)
		return float64(v), err
	})
}

// drawn is a distribution of the scenario; nil where it says none.
func drawn[T any](b *builder, d dsl.Distribution[T], number func(T) float64, parse func(string) (float64, error)) load.Distribution {
	value := func(v syntax.Val[T]) float64 { return number(read(b, v)) }
	switch {
	case d.Points != nil:
		return b.points(d.Points, parse)
	case d.CSV.Set():
		return b.fromCSV(d.CSV, parse)
	case d.Constant.Set():
		return load.Always(value(d.Constant))
	case d.Normal.Mean.Set():
		return load.Normal(value(d.Normal.Mean), value(d.Normal.Stddev))
	case d.Exponential.Mean.Set():
		return load.Exponential(value(d.Exponential.Mean))
	case d.Gamma.Shape.Set():
		return load.Gamma(read(b, d.Gamma.Shape), value(d.Gamma.Scale))
	case d.Lognormal.Median.Set():
		return load.Lognormal(value(d.Lognormal.Median), read(b, d.Lognormal.Sigma))
	}
	return nil
}

// points are those that are written: [value, share].
func (b *builder) points(n *syntax.Node, parse func(string) (float64, error)) load.Distribution {
	var points []load.Point
	for _, item := range n.Items {
		at, ds := item.Items[0].Value(b.env)
		share, more := item.Items[1].Value(b.env)
		b.diags = append(append(b.diags, ds...), more...)
		value, err := parse(fmt.Sprint(at))
		part, wrong := strconv.ParseFloat(fmt.Sprint(share), 64)
		if err = errors.Join(err, wrong); err != nil {
			b.diags.Errorf(item.Range, "%v", err).Hint = "write a value with its unit, and a share"
			return nil
		}
		points = append(points, load.Point{Value: value, Share: part})
	}
	return load.Points(points)
}

// fromCSV are the points in a file: value, share on each line, with or without a heading.
func (b *builder) fromCSV(v syntax.Val[string], parse func(string) (float64, error)) load.Distribution {
	path := dsl.PathOf(v, read(b, v))
	fault := func(format string, args ...any) load.Distribution {
		d := b.diags.Errorf(v.Range(), "%s: %s: "+format, append([]any{v.Path(), path}, args...)...)
		d.Path = v.Path()
		return nil
	}
	file, err := os.Open(path)
	if err != nil {
		return nil // that it is not there is said where the scenario is checked
	}
	defer file.Close()
	lines := csv.NewReader(file)
	lines.FieldsPerRecord, lines.TrimLeadingSpace = 2, true
	var points []load.Point
	for line := 1; ; line++ {
		fields, err := lines.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fault("%v", err)
		}
		value, err := parse(fields[0])
		share, wrong := strconv.ParseFloat(fields[1], 64)
		switch last := len(points) - 1; {
		case line == 1 && wrong != nil:
			continue // the heading
		case err != nil || wrong != nil:
			return fault("line %d: %v", line, errors.Join(err, wrong))
		case share <= 0 || share > 1 || last >= 0 && share <= points[last].Share:
			return fault("line %d: the share must rise to 1", line)
		}
		points = append(points, load.Point{Value: value, Share: share})
	}
	if len(points) == 0 || points[len(points)-1].Share != 1 {
		return fault("the last share must be 1")
	}
	return load.Points(points)
}
