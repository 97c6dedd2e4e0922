// Package docker starts the containers of the embedded OpenWhisk on a Docker Engine of this machine, from any image that
// speaks OpenWhisk's runtime protocol: POST /init and POST /run on port 8080, logs on standard output and error with a
// sentinel after each activation. It knows nothing of when a container is wanted; that is pool's.
//
// As in OpenWhisk a container is bounded in memory, in processor shares, in processes and in open files. It is on a network
// that this server made for its own containers, from which it reaches the outside as far as the engine lets it, and it
// publishes no port: the server reaches it by its address.
package docker

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/moby/moby/client"

	"wsk-scenario/engine/standalone/pool"
	"wsk-scenario/engine/standalone/protocol"
	"wsk-scenario/engine/standalone/runtime"
)

// DefaultHost is where a Docker Engine listens when nobody says otherwise.
const DefaultHost = "unix:///var/run/docker.sock"

// Config is how the containers shall be. The zero value of a field means its default.
type Config struct {
	Host       string            // address of the engine, as in DOCKER_HOST; DefaultHost when empty
	APIHost    string            // what actions are told is the address of OpenWhisk
	Images     map[string]string // image by kind, over the official ones; kinds that OpenWhisk does not know are new ones
	UserMemory int64             // MB of all containers together: a container has its part of the processor shares by it
	CPUs       float64           // processors of all containers together, of which each has its part; no limit when 0
	Concurrent bool              // containers of Node.js may be asked to run several activations at a time
	Result     int               // bytes of the longest result, of which a longer one is cut to; 1 MiB when 0
	Log        *slog.Logger      // nil: silent
}

// Driver is a connection to a Docker Engine. It is a pool.Prewarmer, a pool.Imager, a pool.Sharer and
// a pool.LogsLater.
type Driver struct {
	cfg     Config
	engine  *client.Client
	version string
	server  string // the label of everything that this Driver makes
	mark    string // of the process that owns it; empty where there is none
	network string
	kinds   []runtime.Kind
	http    *http.Client
	starts  protocol.Starts
	once    sync.Once
	mu      sync.Mutex
	present map[string]bool // images that are known to be there
}

// New connects to the engine, removes what a killed server has left there and makes the network of the containers.
func New(ctx context.Context, cfg Config) (*Driver, error) {
	cfg.Host, cfg.Result = cmp.Or(cfg.Host, DefaultHost), cmp.Or(cfg.Result, 1<<20)
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	kinds, err := protocol.Overlay(protocol.Official(), cfg.Images)
	if err != nil {
		return nil, err
	}
	d := &Driver{
		cfg: cfg, kinds: kinds, server: newID(), http: protocol.HTTP(),
		starts: protocol.NewStarts(), present: map[string]bool{},
	}
	d.mark, _ = pool.OwnerMark() // without one nothing is taken for abandoned
	if d.engine, d.version, err = connect(ctx, cfg.Host); err != nil {
		return nil, err
	}
	if err := d.sweep(ctx); err != nil {
		cfg.Log.Warn("clean up after a server that was killed", "error", err)
	}
	if err := d.makeNetwork(ctx); err != nil {
		d.engine.Close()
		return nil, err
	}
	return d, nil
}

// Limits is what the engine holds containers to.
func (d *Driver) Limits() pool.Limits {
	return pool.Limits{Held: []string{"memory", "processes", "cpu"}, By: "Docker Engine " + d.version}
}

// Kinds returns the kinds of OpenWhisk and those of Config. Whether an image can be had is known once it is wanted.
func (d *Driver) Kinds() []runtime.Kind { return d.kinds }

// ImageKind is the kind of an action that is made of an image.
func (d *Driver) ImageKind(image string) runtime.Kind {
	return protocol.ImageKind(image)
}

// Concurrent reports whether containers of a kind can run several activations at a time: as in OpenWhisk, those of Node.js
// when they are told so from the beginning.
func (d *Driver) Concurrent(kind runtime.Kind) bool {
	return d.cfg.Concurrent && kind.Family == "nodejs"
}

// LogsLater says that logs come over the engine.
func (d *Driver) LogsLater() {}

// closeTime bounds Close. An engine that removes a container is quick, unless the machine is in trouble.
const closeTime = 20 * time.Second

// Close removes the network, and every container that is left. It may be called more than once.
func (d *Driver) Close() { d.once.Do(d.close) }

func (d *Driver) close() {
	ctx, cancel := context.WithTimeout(context.Background(), closeTime)
	defer cancel()
	mine := func(labels map[string]string) bool { return labels[serverLabel] == d.server }
	if _, err := d.remove(ctx, mine); err != nil {
		d.cfg.Log.Warn("remove containers and network", "error", err)
	}
	d.http.CloseIdleConnections()
	d.engine.Close()
}

// fault says what was tried in vain.
func fault(what string, err error) error { return fmt.Errorf("docker: %s: %w", what, err) }
