// Package balancer spreads activations over invokers, as OpenWhisk's sharding load balancer does: each action has a home
// among them, where its warm containers are, and goes to another one only when that has no memory left. It knows what an
// invoker is called, what it offers and whether it is up; how it runs an activation is the invoker's own matter.
package balancer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"

	"wsk-scenario/engine/standalone/pool"
)

// Invoker runs one activation and blocks until it is over, logs included. When ctx ends it gives up with a WhiskError.
type Invoker interface {
	Invoke(ctx context.Context, r pool.Request) pool.Outcome
}

// Offer is an invoker and what it has.
type Offer struct {
	Name    string   // that no other has; that of the node when empty
	Node    string   // where it runs, for the records
	Tags    []string // resources that actions can ask for
	Memory  int64    // MB of its containers together
	Kinds   []string // that can run there; nil for all
	Images  bool     // actions made of an image can, too; of no matter where Kinds is nil
	Invoker Invoker
	// Emulated says what of the node is played, for the records; empty for a real one.
	Emulated string
}

// State is what is known of an invoker's health, in OpenWhisk's words.
type State string

// The states. An invoker gets activations when it is up.
const (
	Up           State = "up"
	Down         State = "down"         // it does not say that it is there
	Unhealthy    State = "unhealthy"    // it does, and too many of its last activations ended in errors of the platform
	Unresponsive State = "unresponsive" // it does, and of too many of its last activations nothing was heard
)

// Health is the state of one invoker.
type Health struct {
	Name  string // invoker0, invoker1, …
	State State
}

// Balancer assigns activations to invokers. It is safe for use by many goroutines.
type Balancer struct {
	mu      sync.Mutex
	members []*member
	steps   map[int][]int // step sizes, by the number of invokers
	differ  bool          // not every invoker runs every kind
}

// member is an invoker under the balancer's lock.
type member struct {
	Offer
	state State
	free  int64 // MB that are not given out; below 0 when the system is overloaded
	rooms rooms
}

// New returns a balancer over invokers that are up.
func New(offers ...Offer) *Balancer {
	b := &Balancer{steps: map[int][]int{}}
	for _, o := range offers {
		b.Join(o)
	}
	return b
}

// Demand is what is asked of an invoker.
type Demand struct {
	Namespace string // who invokes
	Action    string // namespace, package and name, without a version
	Memory    int64  // MB
	// Concurrency is how many activations of the action share the memory of one container; 1 when 0.
	Concurrency int64
	Kind        string   // such as nodejs:20
	Image       bool     // the action is made of an image
	Resources   []string // tags that the invoker must have
	Lax         bool     // take any invoker where none has the tags
}

// ErrNoInvoker is why an activation cannot be assigned when no invoker is up.
var ErrNoInvoker = errors.New("no invoker is healthy")

// ResourceError says that no invoker has the resources that an action asks for.
type ResourceError struct{ Resources []string }

// Error says so in OpenWhisk's words.
func (e *ResourceError) Error() string {
	return fmt.Sprintf("No available invokers with resources List(%s).", strings.Join(e.Resources, ", "))
}

// Seat is the place of one activation at an invoker. It is for one Invoke, or for Free.
type Seat struct {
	balancer  *Balancer
	member    *member
	container container
	once      sync.Once
}

// Node is where the invoker runs.
func (s *Seat) Node() string { return s.member.Node }

// Emulated is what of the node is played; empty for a real one.
func (s *Seat) Emulated() string { return s.member.Emulated }

// Invoke runs the activation and gives the seat back.
func (s *Seat) Invoke(ctx context.Context, r pool.Request) pool.Outcome {
	defer s.Free()
	return s.member.Invoker.Invoke(ctx, r)
}

// Free gives the seat back. Freeing twice does no harm.
func (s *Seat) Free() {
	s.once.Do(func() {
		s.balancer.mu.Lock()
		defer s.balancer.mu.Unlock()
		s.member.give(s.container)
	})
}

// Assign finds an invoker that is up, first the action's home, then by its steps the next with memory:
//
//	home                 + step              + step
//	invoker2 (full) ───▶ invoker0 (full) ───▶ invoker3 (takes it)
//
// When all are full it is any of them, and the activation waits there. The errors are ErrNoInvoker and a *ResourceError.
func (b *Balancer) Assign(d Demand) (*Seat, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := b.members
	if len(d.Resources) > 0 {
		list = those(list, func(m *member) bool { return m.has(d.Resources) })
		if len(list) == 0 && !d.Lax {
			return nil, &ResourceError{d.Resources}
		}
		if len(list) == 0 {
			list = b.members
		}
	}
	if b.differ {
		list = those(list, func(m *member) bool { return m.runs(d) })
	}
	if len(d.Resources) == 0 {
		list = part(list, d.Image)
	}
	c := container{d.Action, d.Memory, max(d.Concurrency, 1)}
	m := b.choose(list, hash(d.Namespace, d.Action), c)
	if m == nil {
		return nil, ErrNoInvoker
	}
	m.take(c)
	return &Seat{balancer: b, member: m, container: c}, nil
}

// those are the members of which something holds.
func those(all []*member, holds func(*member) bool) (list []*member) {
	for _, m := range all {
		if holds(m) {
			list = append(list, m)
		}
	}
	return list
}

// part are the invokers for actions made of an image, the last tenth, or for all others, the first nine tenths, as OpenWhisk
// divides them when nobody says otherwise. Both have one at least, and less than ten invokers are all for the others.
func part(all []*member, image bool) []*member {
	n := len(all)
	if n == 0 {
		return nil
	}
	if image {
		return all[n-max(1, n/10):]
	}
	return all[:(9*n+9)/10]
}

// runs reports whether an invoker can run what is asked of it.
func (m *member) runs(d Demand) bool {
	return m.Kinds == nil || d.Image && m.Images || !d.Image && slices.Contains(m.Kinds, d.Kind)
}

// has reports whether an invoker has all the tags.
func (m *member) has(tags []string) bool {
	return !slices.ContainsFunc(tags, func(tag string) bool { return !slices.Contains(m.Tags, tag) })
}

// Join adds an invoker that is up. One of the same name is replaced: what was assigned to it is its own matter.
func (b *Balancer) Join(o Offer) {
	b.mu.Lock()
	defer b.mu.Unlock()
	o.Name = cmp.Or(o.Name, o.Node)
	m := &member{Offer: o, state: Up, free: o.Memory, rooms: rooms{}}
	b.differ = b.differ || o.Kinds != nil
	if i := slices.IndexFunc(b.members, func(m *member) bool { return m.Name == o.Name }); i >= 0 {
		b.members[i] = m
		return
	}
	b.members = append(b.members, m)
}

// Set notes the state of an invoker, by its name.
func (b *Balancer) Set(name string, s State) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, m := range b.members {
		if m.Name == name {
			m.state = s
		}
	}
}

// choose follows the steps of the action. Nil when none is up.
func (b *Balancer) choose(list []*member, hash uint32, c container) *member {
	n := len(list)
	if n == 0 {
		return nil
	}
	steps, ok := b.steps[n]
	if !ok {
		steps = coprimes(n)
		b.steps[n] = steps
	}
	at, step := int(hash)%n, steps[int(hash)%len(steps)]
	for range n {
		if m := list[at]; m.state == Up && m.fits(c) {
			return m
		}
		at = (at + step) % n
	}
	return anyUp(list)
}

// anyUp is a random one of the invokers that are up: where all are full, none is better than another.
func anyUp(list []*member) *member {
	up := slices.DeleteFunc(slices.Clone(list), func(m *member) bool { return m.state != Up })
	if len(up) == 0 {
		return nil
	}
	return up[rand.IntN(len(up))]
}

// Health is the state of all invokers, in the order of their numbers.
func (b *Balancer) Health() []Health {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := make([]Health, len(b.members))
	for i, m := range b.members {
		list[i] = Health{"invoker" + strconv.Itoa(i), m.state}
	}
	return list
}
