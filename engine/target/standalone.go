package target

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"strconv"
	"strings"

	"wsk-scenario/engine/standalone"
	"wsk-scenario/engine/whisk"
)

// Limits of the embedded server when a scenario runs on it. OpenWhisk's own defaults of 60 a minute and 30 at a time would
// measure the throttle, not the platform; they are what `wsk-scenario standalone` serves with.
const (
	embeddedPerMinute  = 1_000_000
	embeddedConcurrent = 1_000
)

// Standalone is the embedded OpenWhisk, started for the run and stopped after it. Limits that cfg leaves open are so high
// that they do not shape the load.
func Standalone(cfg standalone.Config) Target {
	if cfg.PerMinute == 0 {
		cfg.PerMinute = embeddedPerMinute
	}
	if cfg.FiresPerMinute == 0 {
		cfg.FiresPerMinute = embeddedPerMinute
	}
	if cfg.Concurrent == 0 {
		cfg.Concurrent = embeddedConcurrent
	}
	return &embedded{cfg: cfg}
}

type embedded struct {
	cfg     standalone.Config
	server  *standalone.Server
	counted map[string]counted // by node, at its last reading
}

func (e *embedded) Name() string { return "the embedded standalone OpenWhisk" }

func (e *embedded) Up(ctx context.Context) (whisk.Access, error) {
	if e.cfg.Auth == "" {
		e.cfg.Auth = standalone.GuestAuth
	}
	server, err := standalone.Start(ctx, e.cfg)
	if err != nil {
		return whisk.Access{}, fmt.Errorf("start the standalone OpenWhisk: %w", err)
	}
	e.server = server
	_, _ = e.Usage(ctx) // what is used is counted from here on
	return whisk.Access{Host: server.URL(), Auth: e.cfg.Auth}, nil
}

// invokers says how many there are, and that they are nodes of our making where they are.
func (e *embedded) invokers() string {
	if len(e.cfg.Nodes) == 0 {
		return "one invoker"
	}
	var names []string
	for _, n := range e.cfg.Nodes {
		names = append(names, n.Name)
	}
	return fmt.Sprintf("%d emulated nodes (%s)", len(names), strings.Join(names, ", "))
}

// Facts are those of the server that it does not tell itself.
func (e *embedded) Facts() []Fact {
	actions := "processes of this machine"
	if e.cfg.Docker != nil && e.server != nil {
		actions = "containers of " + e.server.Limits().By + " on this machine"
	}
	facts := []Fact{
		{"target", "embedded standalone: " + e.invokers() + ", actions are " + actions},
		{"actions", e.limits()},
	}
	for _, n := range e.Nodes() {
		facts = append(facts, Fact{"node " + n.Name, "is " + n.Role + ", emulated: " + n.Emulated})
	}
	if len(e.cfg.Nodes) == 0 {
		facts = append(facts, Fact{"invoker memory", strconv.FormatInt(e.memory(), 10) + " MB"})
	}
	for _, s := range e.cfg.Stems {
		facts = append(facts, Fact{"stem cells", fmt.Sprintf("%d of %s with %d MB", s.Count, s.Kind, s.Memory)})
	}
	return facts
}

// limits is what each action is held to: what is not limited is said, and why.
func (e *embedded) limits() string {
	if e.server == nil {
		return "unlimited in memory and CPU (there is no server)"
	}
	l := e.server.Limits()
	text := "unlimited in memory and CPU"
	if len(l.Held) > 0 {
		text = "limited in " + l.String() + " by " + l.By
	}
	if l.Reason != "" {
		text += " (" + strings.ReplaceAll(l.Reason, "\n", "; ") + ")"
	}
	return text
}

// Nodes are the emulated nodes; none when they have no roles.
func (e *embedded) Nodes() (list []Node) {
	for _, n := range e.cfg.Nodes {
		if e.server == nil {
			break
		}
		list = append(list, Node{Name: n.Name, Role: n.Role, Arch: n.Arch, Emulated: e.server.Emulated(n.Name)})
	}
	return list
}

// Annotations ask for an invoker with the role, as OpenWhisk's own annotation does.
func (e *embedded) Annotations(role string) map[string]any {
	return map[string]any{"invoker-resources": []string{role}}
}

// NodeOf is what the server notes in each record.
func (e *embedded) NodeOf(record *whisk.Record) string {
	host, _ := record.Host()
	return host.Node
}

// memory is what an invoker gives out that does not say, in MB.
func (e *embedded) memory() int64 { return cmp.Or(e.cfg.UserMemory, standalone.UsualMemory) }

// Slots are the invokers: one, or one on each node.
func (e *embedded) Slots() (list []Slot) {
	for _, n := range e.cfg.Nodes {
		list = append(list, Slot{Node: n.Name, Role: n.Role, MemoryMB: int(cmp.Or(n.Memory, e.memory()))})
	}
	if len(list) == 0 {
		list = []Slot{{MemoryMB: int(e.memory())}}
	}
	return list
}

// Held is what the running server holds its containers to.
func (e *embedded) Held() Held {
	if e.server == nil {
		return Held{Reason: "there is no server"}
	}
	l := e.server.Limits()
	return Held{What: l.Held, By: l.By, Reason: strings.ReplaceAll(l.Reason, "\n", "; ")}
}

// Architecture is that of this machine.
func (e *embedded) Architecture() string { return runtime.GOARCH }

func (e *embedded) Down(ctx context.Context) error {
	if e.server == nil {
		return nil
	}
	return e.server.Close(ctx)
}
