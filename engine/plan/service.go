package plan

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"time"

	"wsk-scenario/dsl"
	"wsk-scenario/dsl/diag"
	"wsk-scenario/dsl/syntax"
)

// Service is a program that runs beside the actions, from before the first cell until after the last. Where texts use what
// is known only when it has started, its host, port and values, they hold the placeholder.
type Service struct {
	Name    string         `json:"name"`
	Command []string       `json:"command"`
	Dir     string         `json:"dir"`             // the folder of the file in which it is written
	Env     []string       `json:"env,omitempty"`   // NAME=VALUE
	Ready   *Ready         `json:"ready,omitempty"` // nil: it is ready when it has started
	Seed    []string       `json:"seed,omitempty"`
	Reset   string         `json:"reset,omitempty"` // scenario, cell or phase: how often it is seeded
	Values  []ServiceValue `json:"values,omitempty"`
	// At is where the service runs already, as the cluster profile says: it is not started then, and Command is empty.
	At    *Address   `json:"at,omitempty"`
	Range diag.Range `json:"range"`
}

// Address is where a service listens.
type Address struct {
	Host string `json:"host"`
	Port int    `json:"port"`
}

// ServiceValue is a value that a service gives to the scenario.
type ServiceValue struct {
	Name  string          `json:"name"`
	Value json.RawMessage `json:"value"`
}

// Ready is how one sees that a service is ready: one of HTTP, TCP, Log and Command.
type Ready struct {
	HTTP    string        `json:"http,omitempty"`
	TCP     string        `json:"tcp,omitempty"`
	Log     string        `json:"log,omitempty"`
	Command []string      `json:"command,omitempty"`
	Within  time.Duration `json:"within_ns"`
}

// readyWithin is how long a service may take to be ready that does not say.
const readyWithin = time.Minute

func (b *builder) services() (list []Service) {
	b.env = b.scenario.Env(dsl.Cell{})
	for _, e := range b.scenario.Services.Entries {
		s := e.Value
		there, known := givenBy(b.profile, e.Key.Value)
		if len(s.Command) == 0 && !known {
			continue // told elsewhere
		}
		made := Service{
			Name: e.Key.Value, Command: texts(b, s.Command), Dir: filepath.Dir(e.Key.Range.File), Env: b.environment(s.Env),
			Seed: texts(b, s.Seed), Range: e.Key.Range,
		}
		if len(made.Seed) > 0 {
			made.Reset = or(b, s.Reset, "scenario")
		}
		if r := s.Ready; r.HTTP.Set() || r.TCP.Set() || r.Log.Set() || len(r.Command) > 0 {
			made.Ready = &Ready{HTTP: read(b, r.HTTP), TCP: read(b, r.TCP), Log: read(b, r.Log), Command: texts(b, r.Command), Within: or(b, r.Within, readyWithin)}
		}
		for _, v := range s.Values.Entries {
			made.Values = append(made.Values, ServiceValue{v.Key.Value, b.json(v.Value)})
		}
		if known {
			made.given(there)
		}
		list = append(list, made)
	}
	return list
}

// givenBy is the service that a profile says is there, by the name that scenarios give it.
func givenBy(p *dsl.Profile, name string) (dsl.GivenService, bool) {
	if p == nil {
		return dsl.GivenService{}, false
	}
	return p.Services.Get(name)
}

// given makes the service the one that is there.
func (s *Service) given(there dsl.GivenService) {
	s.At, s.Command, s.Env = &Address{literal(there.Host), literal(there.Port)}, nil, nil
	for _, e := range there.Values.Entries {
		text, _ := json.Marshal(literal(e.Value)) // a text always has a form in JSON
		i := slices.IndexFunc(s.Values, func(v ServiceValue) bool { return v.Name == e.Key.Value })
		if i < 0 {
			continue // of another scenario with a service of that name
		}
		s.Values[i].Value = text
	}
}

func texts(b *builder, vals []syntax.Val[string]) (list []string) {
	for _, v := range vals {
		list = append(list, read(b, v))
	}
	return list
}

func (b *builder) environment(d syntax.Dict[syntax.Val[string]]) (list []string) {
	for _, e := range d.Entries {
		list = append(list, e.Key.Value+"="+read(b, e.Value))
	}
	return list
}
