package standalone

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"wsk-scenario/engine/standalone/metrics"
	"wsk-scenario/engine/standalone/pool"
	"wsk-scenario/engine/standalone/remote"
)

// InvokerConfig is how an invoker in a process of its own shall be. Controller and Token are required; the zero value of
// any other field means its default.
type InvokerConfig struct {
	Controller  string // its address, such as http://10.0.0.1:3233
	Token       string // the one that the controller has
	Listen      string // where the controller reaches it; 127.0.0.1:0 when empty
	Advertise   string // the address to tell the controller, where Listen is not the one; http://HOST:PORT
	Name        string // that no other invoker of the controller has; that of the node when empty
	Node        Node   // its name is that of this machine when empty; it has no link but the real one
	IdleTimeout time.Duration
	PauseGrace  time.Duration
	Stems       []Stems
	Like        Release
	Bounds      *Bounds     // of which the longest result is the invoker's to see to; OpenWhisk's when nil
	Docker      *Docker     // containers are those of a Docker Engine
	Kubernetes  *Kubernetes // containers are pods; processes of this machine when both are nil
	CacheDir    string
	WorkDir     string
	Log         *slog.Logger
}

// Invoker is a running invoker of a controller in another process.
type Invoker struct {
	url        string
	cfg        InvokerConfig
	containers *pool.Pool
	server     *http.Server
	client     http.Client
	hello      remote.Hello
	known      atomic.Bool        // the controller has taken the last hello
	quiet      context.CancelFunc // ends the hellos
	beating    sync.WaitGroup
	work       sync.WaitGroup
	once       sync.Once
	closed     error
}

func (c InvokerConfig) complete() (InvokerConfig, error) {
	c.Listen = cmp.Or(c.Listen, defaultListen)
	c.Controller = strings.TrimSuffix(c.Controller, "/")
	c.Node.Memory = cmp.Or(c.Node.Memory, UsualMemory)
	c.IdleTimeout = cmp.Or(c.IdleTimeout, defaultIdleTimeout)
	if c.Bounds == nil {
		bounds := DefaultBounds()
		c.Bounds = &bounds
	}
	c.Log = cmp.Or(c.Log, slog.New(slog.DiscardHandler))
	if c.Node.Name == "" {
		host, err := os.Hostname()
		if err != nil {
			return c, fmt.Errorf("the node needs a name: %w", err)
		}
		c.Node.Name = host
	}
	c.Name = cmp.Or(c.Name, c.Node.Name)
	switch {
	case c.Controller == "":
		return c, errors.New("an invoker needs the address of its controller")
	case c.Token == "":
		return c, errors.New("an invoker needs the token of its controller: who has it may run anything here")
	case !c.Node.Link.None():
		return c, errors.New("an invoker in a process of its own has the link that it has")
	}
	return c, Config{Nodes: []Node{c.Node}}.checkNodes()
}

// StartInvoker serves a controller until Close, and says to it that it is there; ctx is for starting alone. Whether the
// controller is there does not matter: it is told as soon as it is.
func StartInvoker(ctx context.Context, cfg InvokerConfig) (*Invoker, error) {
	cfg, err := cfg.complete()
	if err != nil {
		return nil, err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", cfg.Listen)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", cfg.Listen, err)
	}
	n := cfg.Node
	containers, err := Config{
		Nodes: []Node{n}, Docker: cfg.Docker, Kubernetes: cfg.Kubernetes, IdleTimeout: cfg.IdleTimeout, PauseGrace: cfg.PauseGrace, Stems: cfg.Stems,
		Like: cfg.Like, Bounds: cfg.Bounds, WorkDir: cfg.WorkDir, CacheDir: cfg.CacheDir, Log: cfg.Log,
	}.pool(ctx, n, cfg.Controller)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("make the container pool: %w", err), listener.Close())
	}
	i := &Invoker{url: "http://" + listener.Addr().String(), cfg: cfg, containers: containers}
	i.server = &http.Server{Handler: i.handler(time.Now()), ReadHeaderTimeout: headerTime,
		ErrorLog: slog.NewLogLogger(cfg.Log.Handler(), slog.LevelDebug)}
	i.hello = remote.Hello{
		Name: cfg.Name, Node: n.Name, Life: rand.Text(), URL: cmp.Or(cfg.Advertise, i.url), Tags: n.tags(), Memory: n.Memory, Kinds: containers.Kinds(),
		Images: cfg.Docker != nil || cfg.Kubernetes != nil,
	}
	if n.CPUs > 0 {
		i.hello.Emulated = n.emulated(containers.Limits())
	}
	i.serve(ctx, listener)
	return i, nil
}

// handler serves the controller; to anybody, figures and whether the controller knows this invoker.
func (i *Invoker) handler(started time.Time) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", remote.NewHandler(i.containers, i.cfg.Token))
	mux.HandleFunc("GET /ready", func(w http.ResponseWriter, _ *http.Request) {
		if !i.known.Load() {
			http.Error(w, "the controller at "+i.cfg.Controller+" does not know this invoker", http.StatusServiceUnavailable)
		}
	})
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", metrics.ContentType)
		if err := metrics.WriteInvoker(w, i.cfg.Node.measured(i.containers), self(started)); err != nil {
			i.cfg.Log.Debug("write the metrics", "error", err) // the reader has gone
		}
	})
	return mux
}

func (i *Invoker) serve(ctx context.Context, listener net.Listener) {
	i.work.Go(func() {
		if err := i.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			i.cfg.Log.Error("serve a controller", "error", err)
		}
	})
	ctx, i.quiet = context.WithCancel(context.WithoutCancel(ctx))
	i.beating.Go(func() {
		remote.Beat(ctx, &i.client, i.cfg.Controller, i.cfg.Token, i.hello, func(err error) {
			i.known.Store(err == nil)
			if err != nil {
				i.cfg.Log.Warn("the controller does not answer", "controller", i.cfg.Controller, "error", err)
				return
			}
			i.cfg.Log.Info("the controller knows this invoker", "controller", i.cfg.Controller)
		})
	})
}

// URL is where the invoker listens.
func (i *Invoker) URL() string { return i.url }

// Node is the name of its node.
func (i *Invoker) Node() string { return i.cfg.Node.Name }

// Close tells the controller to send no more, waits for what is under way until ctx ends, then kills every container.
func (i *Invoker) Close(ctx context.Context) error {
	i.once.Do(func() { i.closed = i.close(ctx) })
	return i.closed
}

func (i *Invoker) close(ctx context.Context) error {
	i.quiet()
	i.beating.Wait() // a hello after the goodbye would be believed
	i.hello.Leaving = true
	leave, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeGrace)
	defer cancel()
	if err := remote.Greet(leave, &i.client, i.cfg.Controller, i.cfg.Token, i.hello); err != nil {
		i.cfg.Log.Warn("leave the controller", "error", err) // it will see by itself
	}
	if err := i.server.Shutdown(ctx); err != nil {
		i.cfg.Log.Warn("activations under way are cancelled", "error", err)
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeGrace)
	defer cancel()
	err := i.containers.Close(last)
	err = errors.Join(err, i.server.Close())
	i.client.CloseIdleConnections()
	i.work.Wait()
	return err
}
