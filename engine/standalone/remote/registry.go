package remote

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"wsk-scenario/engine/standalone/balancer"
	"wsk-scenario/engine/standalone/runtime"
)

// Hello is what an invoker says of itself, again every second for as long as it lives.
type Hello struct {
	Name     string   `json:"name,omitempty"` // no other invoker of the controller has it; that of the node when empty
	Node     string   `json:"node"`
	Life     string   `json:"life"` // another one each time the invoker starts
	URL      string   `json:"url"`  // where the controller reaches it
	Tags     []string `json:"tags"`
	Memory   int64    `json:"memory"` // MB
	Kinds    []kind   `json:"kinds"`
	Images   bool     `json:"images,omitempty"` // it runs actions that are made of an image
	Emulated string   `json:"emulated,omitempty"`
	Leaving  bool     `json:"leaving,omitempty"` // it takes no more
}

// How often an invoker says that it is there, and for how long the controller believes it: OpenWhisk's ping and time-out.
const (
	beatEvery = time.Second
	silence   = 10 * time.Second
)

// Registry is the invokers that have said hello to a controller. Close it.
type Registry struct {
	Came     func() // is called when an invoker has come; it is set before the first one can
	token    string
	balancer *balancer.Balancer
	log      *slog.Logger
	mu       sync.Mutex
	guests   []*guest      // as they came
	retest   time.Duration // how long after a test that went wrong an invoker is tested again
	end      context.CancelFunc
	work     sync.WaitGroup
}

// kind is what an invoker can run.
type kind = runtime.Kind

// guest is one invoker.
type guest struct {
	hello   Hello
	client  *Client
	seen    time.Time
	state   balancer.State
	ends    ends
	healing bool // somebody tests it
}

// NewRegistry keeps a balancer's invokers until Close; ctx is for its values. Only who has the token, which must not be
// empty, can be one.
func NewRegistry(ctx context.Context, b *balancer.Balancer, token string, log *slog.Logger) *Registry {
	r := &Registry{token: token, balancer: b, log: log, retest: testTime}
	ctx, r.end = context.WithCancel(context.WithoutCancel(ctx))
	r.work.Go(func() { r.watch(ctx) })
	return r
}

// ServeHTTP takes the hello of an invoker.
func (r *Registry) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	if !allowed(req, r.token) {
		http.Error(w, "the token is not the one of this controller", http.StatusUnauthorized)
		return
	}
	var h Hello
	err := json.NewDecoder(http.MaxBytesReader(w, req.Body, 1<<20)).Decode(&h)
	if err == nil && (h.Node == "" || h.Life == "" || h.URL == "" || h.Memory < 1) {
		err = errors.New("node, life, url and memory are needed")
	}
	if err != nil {
		http.Error(w, "read a hello: "+err.Error(), http.StatusBadRequest)
		return
	}
	if r.welcome(h) && r.Came != nil {
		r.Came()
	}
}

// welcome notes that an invoker is there, and reports whether it was not before. One that started anew takes the place of
// its former life.
func (r *Registry) welcome(h Hello) (came bool) {
	h.Name = cmp.Or(h.Name, h.Node)
	r.mu.Lock()
	defer r.mu.Unlock()
	i := slices.IndexFunc(r.guests, func(g *guest) bool { return g.hello.Name == h.Name })
	if i < 0 {
		r.guests = append(r.guests, &guest{})
		i = len(r.guests) - 1
	}
	g := r.guests[i]
	g.seen = time.Now()
	if came = g.hello.Life != h.Life; came {
		if g.client != nil {
			g.client.Close()
		}
		g.hello, g.client = h, NewClient(h.URL, r.token)
		r.balancer.Join(balancer.Offer{
			Name: h.Name, Node: h.Node, Tags: h.Tags, Memory: h.Memory, Kinds: ready(h.Kinds), Images: h.Images, Invoker: watched{r, g, g.client}, Emulated: h.Emulated,
		})
		g.state, g.ends, g.healing = balancer.Up, nil, false
		r.log.Info("an invoker has come", "name", h.Name, "node", h.Node, "url", h.URL)
	}
	if h.Leaving {
		r.set(g, balancer.Down)
	} else {
		r.set(g, g.ends.state())
	}
	return came
}

// set tells the balancer what has become of an invoker. The caller holds the lock.
func (r *Registry) set(g *guest, state balancer.State) {
	if g.state == state {
		return
	}
	g.state = state
	r.balancer.Set(g.hello.Name, state)
	r.log.Warn("an invoker is "+string(state), "name", g.hello.Name, "node", g.hello.Node)
}

// watch takes invokers that are silent for what they are, and has those tested that speak and cannot be used.
func (r *Registry) watch(ctx context.Context) {
	tick := time.NewTicker(beatEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			r.expire(time.Now())
			for _, w := range r.ailing() {
				r.work.Go(func() { r.heal(ctx, w) })
			}
		case <-ctx.Done():
			return
		}
	}
}

func (r *Registry) expire(now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, g := range r.guests {
		if now.Sub(g.seen) > silence {
			r.set(g, balancer.Down)
		}
	}
}

// ready are the names of the kinds that can run.
func ready(kinds []kind) []string {
	names := []string{}
	for _, k := range kinds {
		if k.Missing == "" {
			names = append(names, k.Name)
		}
	}
	return names
}

// Kinds are what any of the invokers can run; of a family that none can, what it lacks.
func (r *Registry) Kinds() (kinds []kind) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, missing := range []bool{false, true} {
		for _, g := range r.guests {
			for _, k := range g.hello.Kinds {
				if (k.Missing != "") == missing {
					kinds = join(kinds, k)
				}
			}
		}
	}
	return kinds
}

// Images reports whether any of the invokers runs actions that are made of an image.
func (r *Registry) Images() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.ContainsFunc(r.guests, func(g *guest) bool { return g.hello.Images })
}

// join adds a kind that is not there. Of a family, the first default stays the one.
func join(kinds []kind, k kind) []kind {
	for _, other := range kinds {
		if other.Name == k.Name || other.Family == k.Family && k.Missing != "" {
			return kinds
		}
		if other.Family == k.Family && other.Default {
			k.Default = false
		}
	}
	return append(kinds, k)
}

// Prepare makes ready, on every invoker that is up and has the kind, what its actions need beside their code.
func (r *Registry) Prepare(ctx context.Context, kind string) error {
	var all []error
	for _, c := range r.having(kind) {
		all = append(all, c.Prepare(ctx, kind))
	}
	return errors.Join(all...)
}

func (r *Registry) having(kind string) (clients []*Client) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, g := range r.guests {
		if g.state == balancer.Up && slices.Contains(ready(g.hello.Kinds), kind) {
			clients = append(clients, g.client)
		}
	}
	return clients
}

// Close forgets the invokers. They live on, and say hello to the next controller.
func (r *Registry) Close() {
	r.end()
	r.work.Wait()
	for _, g := range r.guests {
		g.client.Close()
	}
}

// Greet says hello to a controller.
func Greet(ctx context.Context, client *http.Client, controller, token string, h Hello) error {
	resp, err := post(ctx, client, controller+"/invokers", token, h)
	if err != nil {
		return fmt.Errorf("say hello to the controller: %w", err)
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("say hello to the controller: %w", refusal(resp))
	}
	return resp.Body.Close()
}

// Beat says hello every second until ctx ends. Told is given what has changed: nil when the controller took it, the error
// when it did not.
func Beat(ctx context.Context, client *http.Client, controller, token string, h Hello, told func(error)) {
	tick := time.NewTicker(beatEvery)
	defer tick.Stop()
	for first, last := true, error(nil); ; first = false {
		limited, cancel := context.WithTimeout(ctx, silence/2)
		err := Greet(limited, client, controller, token, h)
		cancel()
		if ctx.Err() != nil {
			return
		}
		if first || (err == nil) != (last == nil) {
			told(err)
		}
		last = err
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}
