package docker

import (
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
	"sync"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"

	"wsk-scenario/engine/standalone/pool"
	"wsk-scenario/engine/standalone/protocol"
	"wsk-scenario/engine/standalone/runtime"
)

// Container is one container of the engine. It serves one activation at a time, unless its action was loaded to run several;
// only Kill, Alive and PID may be called meanwhile.
type Container struct {
	driver *Driver
	id     string // the engine's
	client protocol.Client
	pid    int
	output *output
	shared bool // it may run several activations at a time, and nobody can tell whose a sentinel is
	once   sync.Once
}

// stepTime bounds what an engine may take for one step.
const stepTime = 10 * time.Second

// Prewarm starts a container of the kind's image. It listens a while later; Init waits for that.
func (d *Driver) Prewarm(ctx context.Context, kind runtime.Kind, s pool.Spec) (pool.Stem, error) {
	if err := d.Prepare(ctx, kind); err != nil {
		return nil, err
	}
	var c *Container
	err := d.starts.Run(ctx, func(ctx context.Context) (err error) {
		c, err = d.start(ctx, kind, s)
		return err
	})
	switch {
	case err == nil:
		return c, nil
	case ctx.Err() != nil:
		return nil, err
	case errdefs.IsNotFound(err): // somebody removed the image
		d.forget(kind.Image)
	}
	if kind.Name == protocol.Blackbox {
		return nil, &runtime.Failure{Text: fmt.Sprintf("Failed to run container with image '%s'. %v", kind.Image, err)}
	}
	return nil, fmt.Errorf("start a container of %s: %w", kind.Image, err)
}

// start makes the container, reads what it writes from the beginning, and starts it. When it fails nothing is left.
func (d *Driver) start(ctx context.Context, kind runtime.Kind, s pool.Spec) (*Container, error) {
	labels := d.labels()
	labels[kindLabel] = kind.Name
	made, err := d.engine.ContainerCreate(ctx, client.ContainerCreateOptions{
		Name:       prefix + s.ID,
		HostConfig: d.host(s.Memory),
		Config: &container.Config{
			Image: kind.Image, Labels: labels, Env: d.environment(kind),
		},
	})
	if err != nil {
		return nil, err
	}
	c := &Container{driver: d, id: made.ID}
	c.client = protocol.Client{Container: c, HTTP: d.http, Result: d.cfg.Result}
	if err := c.run(ctx); err != nil {
		c.Kill()
		return nil, err
	}
	return c, nil
}

// environment is what a container finds around it from its start.
func (d *Driver) environment(kind runtime.Kind) []string {
	env := []string{"__OW_API_HOST=" + d.cfg.APIHost}
	if d.Concurrent(kind) {
		env = append(env, "__OW_ALLOW_CONCURRENT=true")
	}
	return env
}

func (c *Container) run(ctx context.Context) error {
	engine := c.driver.engine
	attached, err := engine.ContainerAttach(context.WithoutCancel(ctx), c.id, client.ContainerAttachOptions{Stream: true, Stdout: true, Stderr: true})
	if err != nil {
		return err
	}
	c.output = follow(attached.HijackedResponse)
	if _, err := engine.ContainerStart(ctx, c.id, client.ContainerStartOptions{}); err != nil {
		return err
	}
	seen, err := engine.ContainerInspect(ctx, c.id, client.ContainerInspectOptions{})
	if err != nil {
		return err
	}
	if state := seen.Container.State; state != nil {
		c.pid = state.Pid
	}
	// One that ended at once has no address any more. That is said by whoever wants something of it.
	if settings := seen.Container.NetworkSettings; settings != nil && settings.Networks[c.driver.network] != nil {
		if ip := settings.Networks[c.driver.network].IPAddress; ip.IsValid() {
			c.client.URL = "http://" + netip.AddrPortFrom(ip, protocol.Port).String()
		}
	}
	return nil
}

// PID is the container's first process, as the engine's machine sees it.
func (c *Container) PID() int { return c.pid }

// Alive reports whether the container runs.
func (c *Container) Alive() bool { return !c.output.ended() }

// Pause stops all processes of the container until Resume.
func (c *Container) Pause() error {
	ctx, cancel := context.WithTimeout(context.Background(), stepTime)
	defer cancel()
	if _, err := c.driver.engine.ContainerPause(ctx, c.id, client.ContainerPauseOptions{}); err != nil {
		return fault("pause a container", err)
	}
	return nil
}

// Resume lets the container go on.
func (c *Container) Resume() error {
	ctx, cancel := context.WithTimeout(context.Background(), stepTime)
	defer cancel()
	if _, err := c.driver.engine.ContainerUnpause(ctx, c.id, client.ContainerUnpauseOptions{}); err != nil {
		return fault("resume a container", err)
	}
	return nil
}

// Init waits until the runtime listens and posts the code to it. A *runtime.Failure is the action's fault; after any error
// the container has been killed and is there for its log alone.
func (c *Container) Init(ctx context.Context, code runtime.Code, logSize int64) error {
	c.shared = code.Concurrent
	c.OpenLog(logSize)
	return c.client.Init(ctx, code)
}

// Run posts a request and waits for the answer; when ctx ends it kills the container. A *runtime.Failure is the action's
// fault, runtime.ErrGone a container that could not be reached; after any error the container is of no use any more.
func (c *Container) Run(ctx context.Context, a runtime.Activation, params json.RawMessage) (runtime.Answer, error) {
	return c.client.Run(ctx, a, params)
}

// Signal kills the container's processes and waits until all that they wrote was read. What is left of the container is
// for Kill.
func (c *Container) Signal() {
	ctx, cancel := context.WithTimeout(context.Background(), stepTime)
	defer cancel()
	_, err := c.driver.engine.ContainerKill(ctx, c.id, client.ContainerKillOptions{Signal: "KILL"})
	if err != nil && !errdefs.IsConflict(err) && !errdefs.IsNotFound(err) { // it ran no more
		c.driver.cfg.Log.Warn("kill a container", "container", c.id, "error", err)
	}
	select {
	case <-c.output.end:
	case <-ctx.Done():
	}
}

// Kill removes the container and waits until nothing of it is left. It may be called more than once.
func (c *Container) Kill() {
	c.once.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), closeTime)
		defer cancel()
		if err := c.driver.removeContainer(ctx, c.id); err != nil {
			c.driver.cfg.Log.Warn("remove a container", "error", err) // Close tries again
		}
		if c.output != nil {
			c.output.close()
		}
	})
}

// KilledForMemory reports whether the kernel ended something in the container because its memory was used up. It is asked
// when a container has fallen silent, and waits for its end until the engine has noted how it ended.
func (c *Container) KilledForMemory() bool {
	ctx, cancel := context.WithTimeout(context.Background(), verdictTime)
	defer cancel()
	wait := c.driver.engine.ContainerWait(ctx, c.id, client.ContainerWaitOptions{Condition: container.WaitConditionNotRunning})
	select {
	case <-wait.Result:
	case <-wait.Error:
	case <-ctx.Done():
	}
	ctx, cancel = context.WithTimeout(context.Background(), stepTime)
	defer cancel()
	seen, err := c.driver.engine.ContainerInspect(ctx, c.id, client.ContainerInspectOptions{})
	return err == nil && seen.Container.State != nil && seen.Container.State.OOMKilled
}

// verdictTime is how long the end of a container that does not answer any more is waited for.
const verdictTime = time.Second
