package standalone

import (
	"cmp"
	"context"

	"wsk-scenario/engine/standalone/docker"
	"wsk-scenario/engine/standalone/entity"
	"wsk-scenario/engine/standalone/pool"
)

// Docker is how containers are started by a Docker Engine of this machine. The zero value of a field means its default.
type Docker struct {
	Host   string            // address of the engine, as in DOCKER_HOST; unix:///var/run/docker.sock when empty
	Images map[string]string // image by kind or family, in the place of OpenWhisk's own
	CPUs   float64           // processors of all containers of a node together, where the node does not say; no limit when 0
}

// pool is the containers of a node: processes of this machine, or what a Docker Engine runs.
func (c Config) pool(ctx context.Context, n Node, apiHost string) (*pool.Pool, error) {
	cfg := pool.Config{
		UserMemory:  n.Memory,
		Bound:       c.bound(n),
		IdleTimeout: c.IdleTimeout,
		Like:        c.Like,
		Result:      c.Bounds.Result,
		Stems:       c.Stems,
		PauseGrace:  c.PauseGrace,
		WorkDir:     c.WorkDir,
		CacheDir:    c.CacheDir,
		APIHost:     apiHost,
		Log:         c.Log.With("node", n.Name),
	}
	if c.Docker == nil {
		return pool.New(cfg)
	}
	driver, err := docker.New(ctx, docker.Config{
		Host: c.Docker.Host, Images: c.Docker.Images, CPUs: cmp.Or(n.CPUs, c.Docker.CPUs), APIHost: apiHost, UserMemory: n.Memory, Result: cfg.Result,
		Concurrent: c.Bounds.Max.Concurrency > 1, Log: cfg.Log,
	})
	if err != nil {
		return nil, err
	}
	cfg.Driver = driver
	p, err := pool.New(cfg)
	if err != nil {
		driver.Close()
	}
	return p, err
}

// noImages is the runtime that says why actions cannot be made of an image here.
var noImages = entity.Runtime{
	Kind: entity.ImageKind, Family: entity.ImageKind,
	Missing: "images run on a Docker Engine: start the server with --driver docker, or write driver: docker in its profile",
}
