// Package run is the one orchestrator: target up, entities created, phases in order, records drained, assertions judged,
// everything removed. It decides nothing: every choice is in the plan.
package run

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"wsk-scenario/engine/code"
	"wsk-scenario/engine/load"
	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/result"
	"wsk-scenario/engine/secret"
	"wsk-scenario/engine/service"
	"wsk-scenario/engine/slo"
	"wsk-scenario/engine/target"
	"wsk-scenario/engine/whisk"
	"wsk-scenario/engine/workers"
)

// Options are what a run needs beside the plan.
type Options struct {
	// Target is where the plan runs. The run brings it up and takes it down.
	Target target.Target
	// Folder is where the bundle is written; it is made, and must not exist yet.
	Folder string
	// Sources are the texts to keep beside the result, by file name.
	Sources map[string][]byte
	// CacheDir is where compiled actions are kept.
	CacheDir string
	// Events receives what happens, one at a time; nil for silence.
	Events func(Event)
	// Secrets hides what must not be seen in the bundle, in events and in the result; nil hides nothing.
	Secrets *secret.Redactor
	// Logins are the credentials of services that are there already, USER:PASSWORD by name. Secrets knows them.
	Logins map[string]string
	// HTTP carries the invocations; the engine's own client when it is empty.
	HTTP whisk.HTTP
	// Tool is the program's version, for the bundle.
	Tool string
	// Baseline is what baseline.<phase>… means in assertions; nil where no earlier run was named.
	Baseline *slo.Baseline
	// Origin is what the plan was made from, for the bundle; the run adds what the target tells. It may be nil.
	Origin *result.Origin
	// Worker starts a process of this machine that calls Work with the same post and index, for loads that several send; nil where
	// none can be started.
	Worker func(ctx context.Context, at workers.Post, index int) (target.Worker, error)
	// DrainFor bounds the wait for records after a phase; 0 is what the slowest action may take, and 30 s.
	DrainFor time.Duration
}

// How long things may take that no scenario decides.
const (
	cleanUpDeadline = 3 * time.Minute // of all clean-up together
	callGrace       = 5 * time.Second // for calls under way when the run is interrupted
	drainGrace      = 5 * time.Second // for their records
)

// Run runs p. The Result is returned also when the run was interrupted or broke, with as much as was measured; the error
// is for what left no Result behind.
func Run(ctx context.Context, p *plan.Plan, opts Options) (*result.Result, error) {
	bundle, err := result.Create(opts.Folder, opts.Sources, opts.Secrets)
	if err != nil {
		return nil, err
	}
	r := &runner{
		plan: p, opts: opts, bundle: bundle, id: strings.ToLower(rand.Text()[:8]), anchor: time.Now(),
		deployed: map[string]*plan.Deployment{},
		result:   &result.Result{Version: result.Version, Tool: opts.Tool, Plan: p, Status: result.Complete, Baseline: opts.Baseline, Origin: opts.Origin},
	}
	r.result.Run, r.result.Started = r.id, r.anchor
	if err := bundle.Begin(r.result); err != nil {
		return nil, err
	}
	r.clocks, r.asked = measure.NewClocks(r.anchor), slo.Asked(p, r.anchor)
	before := healthNow()
	err = r.all(ctx)
	used := before.since(healthNow())
	if r.client != nil {
		used += "; it opened " + counted(int(r.client.Opened()), "connection")
	}
	r.fact("generator used", used)
	r.result.Clocks = r.clocks.Estimate()
	for _, c := range r.result.Clocks {
		if c.Jumps || c.Drift > 0 {
			r.note("the clock of %s: waits cross it, and are not to be trusted", c.Text())
		}
	}
	r.close(ctx, err)
	return r.result, bundle.Finish(r.result)
}

// runner is one run under way.
type runner struct {
	plan    *plan.Plan
	opts    Options
	bundle  *result.Bundle
	id      string    // of the run: in the names and annotations of what it creates
	anchor  time.Time // the zero of all client times
	asked   measure.Asked
	client  *whisk.Client
	cleanup cleanup
	watch   observer
	packed  map[source]code.Package
	result  *result.Result
	told    sync.Mutex // of the notes and facts, which phases side by side add to
	clocks  *measure.Clocks
	places  places
	begun   int        // phases so far, for transaction ids
	share   load.Share // of the load that this process sends: all of it, but for a worker
	beside  service.Set
	access  whisk.Access
	values  service.Values // of the placeholders that are known only now

	processors processors

	// deployed are the deployments that the releases of the target have by now, by release; of none while it is that of the profile.
	deployed map[string]*plan.Deployment
	opened   []string // the roles that the target's window is open on; none while it is open on all
}

// all brings the target up and runs every cell. What it created is on the clean-up stack, whatever it returns.
func (r *runner) all(ctx context.Context) error {
	r.watch.send = r.opts.Events
	if err := errors.Join(r.placeable(), r.removable()); err != nil {
		return err
	}
	r.cleanup.push("take down "+r.opts.Target.Name(), r.opts.Target.Down)
	access, err := r.opts.Target.Up(ctx)
	if err != nil {
		return err
	}
	r.cleanup.push("close the connections", func(context.Context) error { r.disconnect(); return nil })
	if err := r.connect(access); err != nil {
		return err
	}
	defer r.metering(ctx)()
	if err := r.preflight(ctx); err != nil {
		return err
	}
	if err := r.packAll(ctx); err != nil {
		return err
	}
	if err := r.services(ctx); err != nil {
		return err
	}
	if o, ok := r.opts.Target.(target.Owner); ok {
		if err := o.Own(ctx, r.prefix()); err != nil {
			return err
		}
	}
	for i := range r.plan.Cells {
		if err := r.cell(ctx, i); err != nil {
			return err
		}
	}
	return nil
}

// cell creates the entities of one cell, runs its phases and removes the entities.
func (r *runner) cell(ctx context.Context, index int) error {
	cell := &r.plan.Cells[index]
	r.watch.emit(CellStarted{index, len(r.plan.Cells), cell.ID})
	if err := r.beside.Reset(ctx, "cell"); err != nil {
		return err
	}
	var created cleanup
	r.cleanup.push("remove what cell "+cell.ID+" created", func(ctx context.Context) error { return created.unwind(ctx) })
	if err := r.deploy(ctx, cell); err != nil {
		return err
	}
	if err := r.window(ctx, cell); err != nil {
		return err
	}
	entities, err := r.create(ctx, index, &created)
	if err != nil {
		return err
	}
	for i, n := 0, 0; i < len(cell.Phases); i += n {
		err := r.beside.Reset(ctx, "phase")
		if n = 1; err == nil {
			n, err = r.step(ctx, index, i, entities)
			err = errors.Join(err, r.beside.Alive())
		}
		if err != nil {
			return fmt.Errorf("phase %s of cell %s: %w", cell.Phases[i].Name, cell.ID, err)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanUpDeadline)
	defer cancel()
	return created.unwind(ctx)
}

// close ends the run whatever came: clean-up under its own deadline, the books, the verdicts.
func (r *runner) close(ctx context.Context, err error) {
	switch {
	case ctx.Err() != nil:
		r.result.Status = result.Interrupted
	case err != nil:
		r.broken(err)
	}
	r.watch.emit(CleaningUp{len(r.cleanup.steps)})
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanUpDeadline)
	defer cancel()
	if err := r.cleanup.unwind(last); err != nil {
		r.broken(err)
	}
	for _, b := range r.result.Books {
		if err := b.Check(); err != nil {
			phase := r.plan.Cells[b.Cell].Phases[b.Phase].Name
			r.broken(fmt.Errorf("the books of phase %s in cell %s do not balance: %w", phase, r.plan.Cells[b.Cell].ID, err))
		}
	}
	r.draw()
	r.result.Verdicts = slo.Judge(r.plan, r.result.Summaries, r.result.Known())
	r.keepLogs()
	r.result.Ended = time.Now()
	r.watch.emit(Judged{r.result.Verdicts})
}

// broken marks the run as one that could not go on as planned, and says why.
func (r *runner) broken(err error) {
	if errors.Is(err, context.Canceled) && r.result.Status == result.Interrupted {
		return
	}
	r.result.Status = result.Broken
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		for _, one := range several.Unwrap() {
			r.broken(one)
		}
		return
	}
	r.result.Problems = append(r.result.Problems, r.opts.Secrets.String(err.Error()))
}

// fact adds what is known of where and how the plan ran.
func (r *runner) fact(name, value string) {
	r.told.Lock()
	defer r.told.Unlock()
	r.result.Facts = append(r.result.Facts, result.Fact{Name: name, Value: value})
}

// note tells the user, now and in the result, what cannot be proved or may disturb.
func (r *runner) note(format string, args ...any) {
	text := r.opts.Secrets.String(fmt.Sprintf(format, args...))
	r.told.Lock()
	r.result.Notes = append(r.result.Notes, text)
	r.told.Unlock()
	r.watch.emit(Notice{text})
}
