package plan

import (
	"cmp"
	"reflect"
	"strings"
	"time"

	"wsk-scenario/dsl"
	"wsk-scenario/dsl/syntax"
)

// Cluster is where the plan runs, as a cluster profile says. Credentials are not part of any plan.
type Cluster struct {
	Name    string `json:"name"`
	About   string `json:"about,omitempty"`
	File    string `json:"file"`              // the profile's file, as given
	APIHost string `json:"apihost,omitempty"` // of a running OpenWhisk; empty for the embedded one
	// Kubernetes is the cluster that OpenWhisk runs on; nil when none is named.
	Kubernetes *Kubernetes `json:"kubernetes,omitempty"`
	Embedded
}

// Embedded is how the embedded OpenWhisk shall be. A zero field is its default.
type Embedded struct {
	PerMinute   int           `json:"invocations_per_minute,omitempty"`
	Concurrent  int           `json:"concurrent,omitempty"`
	MemoryMB    int           `json:"memory_mb,omitempty"` // of all containers together
	IdleTimeout time.Duration `json:"idle_timeout_ns,omitempty"`
	Prewarm     []Prewarm     `json:"prewarm,omitempty"`
	Nodes       []Node        `json:"nodes,omitempty"`
	Like        string        `json:"like,omitempty"`
	Limits      Limits        `json:"limits,omitzero"`
	Driver      string        `json:"driver,omitempty"` // what starts containers: process or docker
	Images      []KindImage   `json:"images,omitempty"` // in the place of OpenWhisk's own
}

// KindImage is the image of a family's default kind.
type KindImage struct {
	Family string `json:"family"`
	Image
}

// usual reports whether nothing is set.
func (e Embedded) usual() bool {
	return reflect.ValueOf(e).IsZero()
}

// Prewarm is how many containers of a family are kept started before it is known what they will run.
type Prewarm struct {
	Family   string    `json:"family"`
	Count    int       `json:"count"`
	Reactive *Reactive `json:"reactive,omitempty"` // nil: always Count
}

// Reactive is how the number follows the cold starts. A zero field is its default.
type Reactive struct {
	Min       int           `json:"min,omitempty"`
	Max       int           `json:"max,omitempty"`
	TTL       time.Duration `json:"ttl_ns,omitempty"`
	Threshold int           `json:"threshold,omitempty"`
	Increment int           `json:"increment,omitempty"`
}

// ClusterOf is what a plan keeps of a profile; nil of none. A profile holds no placeholders.
func ClusterOf(p *dsl.Profile) *Cluster {
	if p == nil {
		return nil
	}
	c := &Cluster{Name: literal(p.Cluster), About: literal(p.About), File: p.File, APIHost: literal(p.OpenWhisk.APIHost)}
	c.Kubernetes = kubernetes(p)
	c.PerMinute, _ = p.Limits.PerMinute.Literal()
	c.Concurrent, _ = p.Limits.Concurrent.Literal()
	memory, _ := p.Memory.Literal()
	c.MemoryMB = int(memory / syntax.MB)
	c.IdleTimeout, _ = p.IdleTimeout.Literal()
	for _, e := range p.Prewarm.Entries {
		c.Prewarm = append(c.Prewarm, prewarm(e.Key.Value, e.Value))
	}
	c.Nodes = nodes(p)
	c.Like, c.Limits = literal(p.Like), limits(&p.Limits)
	c.Driver = literal(p.Driver)
	for _, e := range p.Images.Entries {
		amd64, _ := e.Value.Get("amd64")
		arm64, _ := e.Value.Get("arm64")
		c.Images = append(c.Images, KindImage{e.Key.Value, Image{AMD64: literal(amd64), ARM64: literal(arm64)}})
	}
	return c
}

func prewarm(family string, p dsl.Prewarm) Prewarm {
	made := Prewarm{Family: family, Count: literal(p.Count)}
	if p.Reactive() {
		made.Reactive = &Reactive{
			Min: literal(p.Min), Max: literal(p.Max), TTL: literal(p.TTL),
			Threshold: literal(p.Threshold), Increment: literal(p.Increment),
		}
		made.Count = cmp.Or(made.Count, made.Reactive.Min, 1)
	}
	return made
}

// kind is what a kind of the scenario means here: family:default is the profile's version where it has one.
func (b *builder) kind(kind string) string {
	family, ok := strings.CutSuffix(kind, ":default")
	if !ok || b.profile == nil {
		return kind
	}
	if here, ok := b.profile.Kinds.Get(family); ok {
		return literal(here)
	}
	return kind
}
