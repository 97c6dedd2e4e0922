// Package standalone is the embedded OpenWhisk: a real HTTP server with OpenWhisk's REST API that runs actions in real
// containers. A cold start is a process, a container or a pod started; nothing is simulated. The rooms, from the client inwards:
//
//   - api speaks HTTP, entity holds the documents, disk keeps them, system are the packages of /whisk.system, and jsonin looks
//     at the JSON of clients and actions before it is believed.
//   - invoke is the controller (throttles, activations, sequences), balancer spreads activations over invokers, remote reaches
//     those in another process or behind what link emulates, metrics has the figures for Prometheus.
//   - pool keeps the containers of one invoker. What starts them is one of three: runtime as processes, held by cgroup; docker by
//     a Docker Engine; kubernetes as pods. The last two speak with a container by protocol; proxy answers that where the
//     container is of our own program.
//
// Whatever is reached here is reached over HTTP, by any client.
package standalone

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"wsk-scenario/engine/standalone/api"
	"wsk-scenario/engine/standalone/entity"
	"wsk-scenario/engine/standalone/invoke"
	"wsk-scenario/engine/standalone/metrics"
	"wsk-scenario/engine/standalone/pool"
	"wsk-scenario/engine/standalone/runtime"
	"wsk-scenario/engine/standalone/system"
)

// GuestAuth is the credential that OpenWhisk's own chart and standalone ship. It is public, so it is no secret.
const GuestAuth = "23bc46b1-71f6-4ed5-8c54-816aa4f8c502:123zO3xZCLrMN6v2BKK1dXYFpXlPkccOFqm12CdAsMgRU4VrNZ9lyGVCGuMDGIwP"

// Guest is the namespace that is always there.
const Guest = "guest"

// node is the node when none is described.
const node = "standalone"

// closeGrace is how long Close takes, beyond its context, for answers to get out and processes to be gone.
const closeGrace = 5 * time.Second

// Config is how the server shall be. The zero value of a field means its default.
type Config struct {
	Listen         string        // address; 127.0.0.1:0 when empty
	Auth           string        // uuid:key of the guest namespace; GuestAuth when empty
	UserMemory     int64         // MB of action memory an invoker gives out; 2048 when 0
	Nodes          []Node        // an invoker for each; one when empty
	Seed           uint64        // of what is random in the links to nodes
	InvokerToken   string        // what invokers in other processes show; the server has none of its own then. Empty: it has
	Docker         *Docker       // containers are those of a Docker Engine
	Kubernetes     *Kubernetes   // containers are pods; processes of this machine when both are nil
	IdleTimeout    time.Duration // after which an unused warm container is removed; 10 minutes when 0
	PerMinute      int           // invocations per minute of a namespace; 60 when 0, as OpenWhisk's default
	FiresPerMinute int           // fires of triggers per minute of a namespace; 60 when 0
	Concurrent     int           // concurrent invocations of a namespace; 30 when 0
	Like           Release       // the OpenWhisk whose names the kinds have; those of this machine when empty
	SequenceLength int           // components of a sequence; 50 when 0
	Bounds         *Bounds       // of the limits of actions, and of sizes; DefaultBounds when nil
	Stems          []Stems       // containers kept started before it is known what they will run
	PauseGrace     time.Duration // after which an unused container is stopped until it is used; 10 s when 0, never when negative
	Others         []Namespace   // beside guest, with credentials of their own
	RecordDelay    time.Duration // how much later than the answer a record can be read; 0 is at once
	Records        Retention     // how many activation records are kept, and how long
	DataDir        string        // where documents and records are kept beyond the server; nowhere when empty
	CacheDir       string        // where compiled launchers are kept; the user's cache folder when empty
	WorkDir        string        // where containers keep their files; a new temporary folder, removed on Close, when empty
	Log            *slog.Logger  // nil: silent
}

// Stems is how many containers of a kind and size are kept started before it is known what they will run.
type Stems = pool.Stems

// Reactive makes the number of stem cells follow the cold starts.
type Reactive = pool.Reactive

// Namespace is one more namespace of the server.
type Namespace struct {
	Name, Auth string // Auth is uuid:key
}

// Bounds are the ranges of the limits of actions, and the sizes that bodies may have.
type Bounds = entity.Bounds

// ActionLimits are what one activation may use, in the units of OpenWhisk's documents.
type ActionLimits = entity.Limits

// DefaultBounds are OpenWhisk's own.
func DefaultBounds() Bounds { return entity.DefaultBounds }

// Release is an OpenWhisk that gives its kinds their names.
type Release = runtime.Release

// The releases.
const (
	Master = runtime.Master
	Chart  = runtime.Chart
)

// Retention is how many activation records are kept, and how long.
type Retention = invoke.Retention

// Server is a running standalone OpenWhisk.
type Server struct {
	url        string
	log        *slog.Logger
	http       *http.Server
	controller *invoke.Controller
	invokers   fleet
	data       data
	serving    sync.WaitGroup
	once       sync.Once
	closed     error
}

// Start listens and serves until Close; ctx is for starting alone. Processes live no longer than the server.
func Start(ctx context.Context, cfg Config) (*Server, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	s := &Server{log: cfg.Log}
	if s.data, err = openData(cfg); err != nil {
		return nil, err
	}
	if err := s.start(ctx, cfg); err != nil {
		return nil, errors.Join(err, s.data.close())
	}
	return s, nil
}

// start is Start once the data is there.
func (s *Server) start(ctx context.Context, cfg Config) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", cfg.Listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", cfg.Listen, err)
	}
	s.url = "http://" + listener.Addr().String()
	if s.invokers, err = newFleet(ctx, cfg, s.url); err != nil {
		return errors.Join(err, listener.Close())
	}
	var handler http.Handler
	if s.controller, handler, err = assemble(cfg, s.invokers, s.data, time.Now); err != nil {
		return errors.Join(err, listener.Close(), s.invokers.Close(ctx))
	}
	s.http = serverOf(handler, cfg.Log)
	s.serving.Go(func() {
		if err := s.http.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.log.Error("serve", "error", err)
		}
	})
	return nil
}

// assemble puts the rooms together.
func assemble(cfg Config, invokers fleet, kept data, now func() time.Time) (*invoke.Controller, http.Handler, error) {
	rules := entity.Rules{
		Runtimes: cfg.runtimes(invokers), Images: invokers.images, Bounds: *cfg.Bounds, SequenceLength: cfg.SequenceLength, Now: now,
	}
	store := entity.NewStore(rules)
	if err := furnish(store, invokers); err != nil {
		return nil, nil, err
	}
	namespaces := cfg.namespaces()
	meter := new(metrics.Meter)
	controller := invoke.New(invoke.Config{
		Store: store, Invokers: invokers.Balancer, Namespaces: namespaces, SequenceLength: cfg.SequenceLength,
		RecordDelay: cfg.RecordDelay, Retention: cfg.Records, Meter: meter, Now: now, Log: cfg.Log,
	})
	if err := kept.restore(store, controller); err != nil {
		return nil, nil, err
	}
	return controller, invokers.before(api.New(api.Config{
		Store: store, Controller: controller, Invokers: invokers.Balancer, Rules: rules, Namespaces: namespaces,
		LocalOnly: cfg.Auth == GuestAuth, Metrics: measured(meter, controller, invokers, now()), Prepare: invokers.Prepare, Log: cfg.Log,
	})), nil
}

// runtimes are the kinds that documents can have, as they are when one asks.
func (c Config) runtimes(invokers fleet) func() entity.Runtimes {
	return func() entity.Runtimes {
		runtimes := known(invokers.Kinds())
		if !invokers.images() {
			runtimes = append(runtimes, noImages)
		}
		return runtimes
	}
}

// furnish puts the packages of whisk.system into the store, again when invokers come that can run them.
func furnish(store *entity.Store, invokers fleet) error {
	if invokers.registry != nil {
		invokers.registry.Came = func() { _ = system.Install(store) } // what failed is as it was before
	}
	return system.Install(store)
}

// serverOf is the HTTP server. It has no limit on a whole request: a blocking call may take a minute, and a large action
// over a thin line longer.
func serverOf(handler http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       time.Minute, // of a whole request: 48 MB of code on a slow line
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
}

// known turns the kinds of the machine into those that documents can have.
func known(kinds []runtime.Kind) (runtimes entity.Runtimes) {
	for _, k := range kinds {
		runtimes = append(runtimes, entity.Runtime{
			Kind: k.Name, Family: k.Family, Image: k.Image, Default: k.Default, Missing: k.Missing,
			RequireMain: k.Family == "java",
		})
	}
	return runtimes
}

// Limits is what the containers are held to while they run.
func (s *Server) Limits() pool.Limits { return s.invokers.Limits() }

// URL is the address for clients, such as http://127.0.0.1:34567.
func (s *Server) URL() string { return s.url }

// Close stops accepting, waits for what is under way until ctx ends, then kills every container and removes the files.
func (s *Server) Close(ctx context.Context) error {
	s.once.Do(func() { s.closed = s.close(ctx) })
	return s.closed
}

func (s *Server) close(ctx context.Context) error {
	// When ctx ends, calls are still being held; the controller's Close cancels what they wait for, and they answer.
	if err := s.http.Shutdown(ctx); err != nil {
		s.log.Warn("calls under way are cancelled", "error", err)
	}
	if err := s.controller.Close(ctx); err != nil {
		s.log.Warn("activations under way were cancelled", "error", err)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeGrace)
	defer cancel()
	err := s.http.Shutdown(ctx)
	if err != nil {
		err = fmt.Errorf("close connections: %w", errors.Join(err, s.http.Close()))
	}
	if perr := s.invokers.Close(ctx); perr != nil {
		err = errors.Join(err, fmt.Errorf("close container pools: %w", perr))
	}
	err = errors.Join(err, s.data.close())
	s.serving.Wait()
	return err
}
