package standalone

import (
	"cmp"
	"context"

	"wsk-scenario/engine/standalone/docker"
	"wsk-scenario/engine/standalone/entity"
	"wsk-scenario/engine/standalone/kubernetes"
	"wsk-scenario/engine/standalone/pool"
)

// Docker is how containers are started by a Docker Engine of this machine. The zero value of a field means its default.
type Docker struct {
	Host   string            // address of the engine, as in DOCKER_HOST; unix:///var/run/docker.sock when empty
	Images map[string]string // image by kind or family, in the place of OpenWhisk's own
	CPUs   float64           // processors of all containers of a node together, where the node does not say; no limit when 0
}

// Kubernetes is how containers are started as pods beside that of an invoker. All but Images is required.
type Kubernetes struct {
	API        KubernetesAPI
	Namespace  string            // of the invoker's own pod
	Pod        string            // the name of that
	SearchPath string            // where the invoker's image has node, python3 and so on
	Images     map[string]string // image by kind or family, in the place of the invoker's own
}

// KubernetesAPI is where the API server is, and how it is asked.
type KubernetesAPI = kubernetes.API

// pool is the containers of a node: processes of this machine, pods, or what a Docker Engine runs.
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
	var err error
	if cfg.Driver, err = c.driver(ctx, n, cfg); err != nil {
		return nil, err
	}
	p, err := pool.New(cfg)
	if err != nil && cfg.Driver != nil {
		cfg.Driver.Close()
	}
	return p, err
}

// driver is what starts the containers; nil when they are processes of this machine.
func (c Config) driver(ctx context.Context, n Node, cfg pool.Config) (pool.Driver, error) {
	concurrent := c.Bounds.Max.Concurrency > 1
	switch {
	case c.Docker != nil:
		d, err := docker.New(ctx, docker.Config{
			Host: c.Docker.Host, Images: c.Docker.Images, CPUs: cmp.Or(n.CPUs, c.Docker.CPUs), APIHost: cfg.APIHost, UserMemory: n.Memory,
			Result: cfg.Result, Concurrent: concurrent, Log: cfg.Log,
		})
		if err != nil {
			return nil, err
		}
		return d, nil
	case c.Kubernetes != nil:
		k := c.Kubernetes
		d, err := kubernetes.New(ctx, kubernetes.Config{
			API: k.API, Namespace: k.Namespace, Pod: k.Pod, Images: k.Images, APIHost: cfg.APIHost, CacheDir: cfg.CacheDir,
			SearchPath: k.SearchPath, Result: cfg.Result, Concurrent: concurrent, Log: cfg.Log,
		})
		if err != nil {
			return nil, err
		}
		return d, nil
	}
	return nil, nil
}

// noImages is the runtime that says why actions cannot be made of an image here.
var noImages = entity.Runtime{
	Kind: entity.ImageKind, Family: entity.ImageKind,
	Missing: "images run on a Docker Engine or as pods: start the server with --driver docker, write driver: docker in its profile, " +
		"or set invoker.containerFactory.impl=kubernetes where a chart installs it",
}
