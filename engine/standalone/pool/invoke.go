package pool

import (
	"context"
	"errors"
	"fmt"
	"time"

	"wsk-scenario/engine/standalone/runtime"
)

// Invoke runs one activation and returns when its answer and its log are there. The end of ctx means that the platform
// stops: the process is killed and the outcome is a WhiskError.
func (p *Pool) Invoke(ctx context.Context, r Request) Outcome {
	ctx, leave, err := p.gate.enter(ctx)
	if err != nil {
		return Outcome{Status: WhiskError, Result: errorResult(err.Error())}
	}
	defer leave()
	kind, err := p.admit(&r.Action)
	if err != nil {
		return Outcome{Status: WhiskError, Result: errorResult(err.Error())}
	}
	r.Action.Kind, r.Action.Concurrency = kind.Name, p.room(kind, &r.Action)
	for {
		g, err := p.book.acquire(ctx, &r.Action)
		if err != nil {
			return Outcome{Status: WhiskError, Result: errorResult(err.Error())}
		}
		p.destroy(g.evicted...)
		if g.start != Warm {
			p.restock()
		}
		turn := &turn{pool: p, request: r, kind: kind, container: g.container}
		if out, done := turn.serve(ctx, g); done {
			return out
		}
		p.cfg.Log.Info("a warm container was dead", "container", g.container.id, "activation", r.ActivationID)
	}
}

// admit refuses what could never run here.
func (p *Pool) admit(a *Action) (runtime.Kind, error) {
	kind, err := p.kind(a)
	if err != nil {
		return kind, err
	}
	if kind.Missing != "" {
		return kind, fmt.Errorf("%s cannot run here: %s", kind.Family, kind.Missing)
	}
	if a.Memory > p.cfg.UserMemory {
		return kind, fmt.Errorf("the action wants %d MB, but all containers together have %d MB", a.Memory, p.cfg.UserMemory)
	}
	return kind, nil
}

// kind is what the action runs on.
func (p *Pool) kind(a *Action) (runtime.Kind, error) {
	if a.Image == "" {
		return runtime.Find(p.Kinds(), a.Kind)
	}
	imager, can := p.driver.(Imager)
	if !can {
		return runtime.Kind{}, fmt.Errorf("the image %s cannot run here: containers are processes of this machine", a.Image)
	}
	return imager.ImageKind(a.Image), nil
}

// turn is one activation in one container.
type turn struct {
	pool      *Pool
	request   Request
	kind      runtime.Kind
	container *container
	logged    bool // its log is open
	out       Outcome
}

// serve runs the activation and gives the container back. It is not done when the container turned out to be dead.
func (t *turn) serve(ctx context.Context, g grant) (out Outcome, done bool) {
	t.out.Container, t.out.Start, t.out.Limits = t.container.id, g.start, t.pool.limits
	warm := g.start == Warm
	var err error
	switch {
	case g.joined:
		err = t.await(ctx)
	case !warm:
		err = t.load(ctx, g.start)
	}
	if err == nil && warm {
		if !t.container.wake(g.paused) { // it died, or wrote a line that nobody asked for: that is no answer to this
			t.giveBack(false)
			return Outcome{}, false
		}
		t.container.process.OpenLog(t.request.Action.LogSize)
		t.logged = true
	}
	if err == nil {
		err = t.run(ctx)
	}
	if warm && errors.Is(err, runtime.ErrGone) {
		t.giveBack(false)
		return Outcome{}, false
	}
	if err != nil {
		t.fail(ctx, err)
	}
	// Where no log is kept the answer is the end, as in OpenWhisk.
	if t.request.Answered != nil && t.pool.logsLater && t.request.Action.LogSize > 0 {
		t.request.Answered(t.out)
	}
	good := t.out.Status == Success || t.out.Status == ApplicationError
	if t.logged {
		t.out.Logs = t.container.process.CloseLog(!good)
	}
	t.giveBack(good)
	return t.out, true
}

// giveBack ends the activation's part in the container. One that cannot be used again ends with all that it runs.
func (t *turn) giveBack(good bool) {
	c := t.container
	if good && c.process.Alive() && t.pool.book.keep(c, time.Now()) {
		return
	}
	if !t.pool.book.leave(c) {
		if c.process != nil {
			c.process.Kill()
		}
		return
	}
	t.pool.destroy(c)
	t.pool.book.drop(c)
}

// load puts the action into a container that has none, and lets in who waits for that.
func (t *turn) load(ctx context.Context, from Start) (err error) {
	if from == Prewarmed {
		err = t.init(ctx)
	} else {
		err = t.start(ctx)
	}
	t.logged = t.container.process != nil
	if err == nil {
		t.pool.book.ready(t.container, nil)
		return nil
	}
	t.fail(ctx, err)
	failed := &loadError{t.out.Status, t.out.Result}
	t.pool.book.ready(t.container, failed)
	return failed
}

// start makes the container. Its folder, and what the kind needs beside the action, come before init and so count as
// waiting; unpacking, compiling, starting the process and loading the code are init. Where a container starts without its
// action, that is waiting too.
func (t *turn) start(ctx context.Context) error {
	a := &t.request.Action
	if err := t.pool.driver.Prepare(ctx, t.kind); err != nil {
		return err
	}
	if err := t.pool.makeFolder(t.container); err != nil {
		return fmt.Errorf("make the folder of a container: %w", err)
	}
	starter, can := t.pool.driver.(Starter)
	if !can {
		return t.startEmpty(ctx)
	}
	t.out.InitStart = time.Now()
	limited, cancel := context.WithTimeout(ctx, a.Timeout)
	defer cancel()
	process, err := starter.Start(limited, Spec{
		ID: t.container.id, Folder: t.container.folder, Memory: a.Memory, Code: t.code(), LogSize: a.LogSize,
	})
	t.out.InitEnd = time.Now()
	if process != nil {
		t.pool.book.started(t.container, process)
	}
	return err
}

// startEmpty makes the container without the action, then loads it.
func (t *turn) startEmpty(ctx context.Context) error {
	spec := t.container.spec()
	spec.Namespace, spec.Path = t.request.Action.Namespace, t.request.Action.Path
	stem, err := t.pool.driver.(Prewarmer).Prewarm(ctx, t.kind, spec)
	if stem != nil {
		t.pool.book.started(t.container, stem)
	}
	if err != nil {
		return err
	}
	return t.init(ctx)
}

// init loads the action into a container that has waited for one.
func (t *turn) init(ctx context.Context) error {
	a := &t.request.Action
	t.out.InitStart = time.Now()
	limited, cancel := context.WithTimeout(ctx, a.Timeout)
	defer cancel()
	err := t.container.process.(Stem).Init(limited, t.code(), a.LogSize)
	t.out.InitEnd = time.Now()
	return err
}

func (t *turn) code() runtime.Code {
	a := &t.request.Action
	return runtime.Code{Kind: t.kind, Main: a.Main, Data: a.Code, Binary: a.Binary, Env: t.environment(), Concurrent: a.Concurrency > 1}
}

func (t *turn) run(ctx context.Context) error {
	limited, cancel := context.WithTimeout(ctx, t.request.Action.Timeout)
	defer cancel()
	t.out.RunStart = time.Now()
	answer, err := t.container.process.Run(limited, t.activation(), t.request.Params)
	t.out.RunEnd = time.Now()
	if err == nil {
		t.out.Status, t.out.Result = judge(answer, t.pool.cfg.Result)
	}
	return err
}

// environment is what the process finds around it.
func (t *turn) environment() map[string]string {
	env := t.activation().Env(t.request.Action.Env)
	env["__OW_API_HOST"] = t.pool.cfg.APIHost
	return runtime.Concurrently(env, t.request.Action.Concurrency > 1)
}

// activation is what the process is told. The time limit begins anew for init and for run.
func (t *turn) activation() runtime.Activation {
	r := &t.request
	return runtime.Activation{
		ID: r.ActivationID, Namespace: r.Action.Namespace, ActionName: "/" + r.Action.Path, Version: r.Action.Version,
		Transaction: r.Transaction, APIKey: r.APIKey, Deadline: time.Now().Add(r.Action.Timeout),
	}
}
