package pool

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"wsk-scenario/engine/standalone/cgroup"
	"wsk-scenario/engine/standalone/runtime"
)

// Config is how the pool shall be. The zero value of a field means its default.
type Config struct {
	UserMemory  int64           // MB of action memory to give out; 2048 when 0
	IdleTimeout time.Duration   // after which an unused container is removed; 10 minutes when 0
	PauseGrace  time.Duration   // after which an unused container is stopped until it is used; 10 s when 0, never when negative
	Like        runtime.Release // whose names the kinds have; those of this machine when empty
	Result      int             // bytes of the longest result; 1 MiB when 0
	Stems       []Stems         // containers that wait with their runtime for an action; none when empty
	WorkDir     string          // where containers keep their files; the system's temporary folder when empty
	CacheDir    string          // where compiled launchers are kept; the user's cache folder when empty
	SearchPath  string          // where node, python3, java and go are looked for; the process's PATH when empty
	APIHost     string          // what actions are told is the address of OpenWhisk
	Bound       Bound           // what all containers together may take; no bound when zero
	Driver      Driver          // starts the containers and is closed by Close; nil: processes of this machine
	Log         *slog.Logger    // nil: silent
}

// Bound is what all containers of a pool together may take of the machine: what makes it a small node. Only control groups
// hold to it; Limits tells whether they do.
type Bound struct {
	CPUs   float64 // processors; no bound when 0
	Memory int64   // MB, with all that containers take beyond what their actions were given; no bound when 0
}

// The defaults: those of OpenWhisk's chart.
const (
	defaultMemory = 2048
	defaultIdle   = 10 * time.Minute
	defaultGrace  = 10 * time.Second
	defaultResult = 1 << 20
)

// closeTime bounds Close: everything in it is a matter of milliseconds unless the machine is in trouble.
const closeTime = 10 * time.Second

// Pool runs activations in containers. It is safe for use by many goroutines.
type Pool struct {
	cfg       Config
	driver    Driver
	folder    string // of all containers; removed by Close
	logsLater bool   // answers go out before logs are read
	limits    string // what each container is held to
	kinds     func() []runtime.Kind
	gate      gate
	stock     stock
	book      book
	stop      chan struct{} // ends the janitors
	ended     atomic.Bool   // a container was removed, and may have left something behind
	work      sync.WaitGroup
	shut      func() error // once
}

// New returns a pool without containers. Close it.
func New(cfg Config) (*Pool, error) {
	cfg, err := cfg.complete()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(cfg.WorkDir, 0o755); err != nil {
		return nil, fmt.Errorf("make the folder of the containers: %w", err)
	}
	switch processes, folders, err := sweep(cfg.WorkDir); {
	case err != nil:
		cfg.Log.Warn("clean up after a server that was killed", "error", err)
	case folders > 0:
		cfg.Log.Info("cleaned up after a server that was killed", "processes", processes, "folders", folders)
	}
	var home *cgroup.Home // another driver holds its containers itself
	var homeless error
	if cfg.Driver == nil {
		home, homeless = cgroup.Find()
	}
	folder, err := makeOwned(cfg.WorkDir, home)
	if err != nil {
		return nil, fmt.Errorf("make the folder of the containers: %w", err)
	}
	driver, err := cfg.Driver, error(nil)
	if driver == nil {
		driver, err = newProcesses(cfg, home, filepath.Base(folder), homeless)
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	p := &Pool{cfg: cfg, driver: driver, folder: folder, stop: make(chan struct{}), limits: driver.Limits().String()}
	_, p.logsLater = driver.(LogsLater)
	p.kinds = sync.OnceValue(func() []runtime.Kind { return cfg.Like.Rename(driver.Kinds()) })
	p.book.capacity = cfg.UserMemory
	p.shut = sync.OnceValue(p.tearDown)
	p.work.Go(p.clean)
	p.work.Go(p.hunt)
	if err := p.newStock(); err != nil {
		return nil, errors.Join(err, p.shut())
	}
	return p, nil
}

func (c Config) complete() (Config, error) {
	c.UserMemory = cmp.Or(c.UserMemory, defaultMemory)
	c.IdleTimeout = cmp.Or(c.IdleTimeout, defaultIdle)
	c.Result = cmp.Or(c.Result, defaultResult)
	c.PauseGrace = cmp.Or(c.PauseGrace, defaultGrace)
	c.WorkDir = cmp.Or(c.WorkDir, os.TempDir())
	c.SearchPath = cmp.Or(c.SearchPath, os.Getenv("PATH"))
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.CacheDir == "" {
		dir, err := os.UserCacheDir()
		if err != nil {
			return c, fmt.Errorf("find the cache folder: %w", err)
		}
		c.CacheDir = filepath.Join(dir, "wsk-scenario")
	}
	return c, nil
}

// Kinds returns what this machine can run, and what it lacks for the rest. The first call waits for the search to end.
func (p *Pool) Kinds() []runtime.Kind { return p.kinds() }

// Limits is what containers are held to.
func (p *Pool) Limits() Limits { return p.driver.Limits() }

// Prepare makes what the kind needs beside an action, such as a compiled launcher. Who calls it when an action is created
// spares the first activation a wait that no later one has.
func (p *Pool) Prepare(ctx context.Context, kind string) error {
	ctx, leave, err := p.gate.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	k, err := runtime.Find(p.Kinds(), kind)
	if err != nil {
		return err
	}
	return p.driver.Prepare(ctx, k)
}

// Containers returns the containers as they are now, oldest first.
func (p *Pool) Containers() []Info { return p.book.infos() }

// Waiting is how many activations wait for a container.
func (p *Pool) Waiting() int { return p.book.queued() }

// Close kills every process, also those at work, removes all files and waits until nothing is left. What is under way
// ends as a WhiskError. Close does not hurry when ctx has ended: it would leave processes behind.
func (p *Pool) Close(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTime)
	defer cancel()
	if err := p.gate.close(ctx); err != nil {
		return fmt.Errorf("close the container pool: %w", err)
	}
	return p.shut()
}
