package run

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"wsk-scenario/engine/load"
	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/result"
	"wsk-scenario/engine/secret"
	"wsk-scenario/engine/whisk"
	"wsk-scenario/engine/workers"
)

// Work is the life of a worker: it asks the coordinator for the part of a load that falls to the worker with an index, sends it,
// and brings back every sample. It creates nothing, keeps nothing and judges nothing.
func Work(ctx context.Context, at workers.Post, index int) error {
	w, err := workers.Join(ctx, at, index)
	if err != nil {
		return err
	}
	defer w.Close()
	var t task
	if err := json.Unmarshal(w.Task, &t); err != nil {
		return fmt.Errorf("read the task: %w", err)
	}
	beyond := context.WithoutCancel(ctx) // what was measured is brought in also when the load was ended
	report, err := t.work(ctx, w, index)
	if w.Gone() {
		return err // nobody is there to report to
	}
	if err != nil {
		report.Error = err.Error()
	}
	return w.Report(beyond, report)
}

// work sends a part of the load.
func (t *task) work(ctx context.Context, w *workers.Worker, index int) (report workers.Report, err error) {
	began := healthNow()
	r := &runner{
		plan: t.Plan, opts: Options{Secrets: new(secret.Redactor), HTTP: t.HTTP}, id: t.Run, anchor: w.Anchor, result: new(result.Result),
		access: t.Access, share: load.Share{Index: index, Of: t.Workers},
	}
	r.opts.Secrets.Add(t.Access.Auth)
	r.opts.Secrets.Add(t.Access.Key)
	ph := &t.Plan.Cells[t.Cell].Phases[t.Phase]
	ph.Payload.JSON = t.Body
	if r.client, err = whisk.New(t.Access, r.share.Part(ph.Load.AtOnce()), whisk.Over(t.HTTP)); err != nil {
		return report, err
	}
	defer r.client.Close()
	s, err := r.shooter(ctx, t.Cell, t.Phase, &entities{cell: t.Cell, name: t.Name, copies: t.Copies, elsewhere: true})
	if err != nil {
		return report, err
	}
	s.transaction = t.Transaction
	driving, end := w.Until(ctx)
	defer end()
	driving, cancel := context.WithCancel(driving)
	defer cancel()
	r.share.Barrier = func(ctx context.Context, before int) (time.Time, int, bool) {
		start, all, ok := w.Barrier(ctx, before)
		if s.warmed = all; !ok {
			cancel()
		}
		return start, all, ok
	}
	brought := s.bringing(context.WithoutCancel(ctx), w.Send)
	issue, err := r.drive(driving, ph, s)
	if last := brought(); err == nil {
		err = last
	}
	switch {
	case w.Gone():
		err = errors.New("it could not reach the run any more, and ended its load early")
	case err != nil:
	case ctx.Err() != nil: // its process was told to end, and not by the run: what was to come of its part does not come
		err = errors.New("it was told to end by somebody else, and ended its load early")
	}
	report = workers.Report{Issued: issue.Issued, Users: issue.Users, Timing: issue.Timing, Notes: r.result.Notes, Health: began.since(healthNow())}
	if issue.Dropped > 0 {
		report.Dropped = s.dropped
	}
	return report, err
}

// bringing brings samples to the coordinator once a second, and the last when the returned function is called. Where that fails
// the phase ends with the next call.
func (s *shooter) bringing(ctx context.Context, send func(context.Context, []measure.Sample) error) (stop func() error) {
	s.kept.away = true
	bring := func() error {
		s.flush()
		s.kept.mu.Lock()
		samples := s.kept.outgoing
		s.kept.outgoing = nil
		s.kept.mu.Unlock()
		err := send(ctx, samples)
		s.kept.mu.Lock()
		defer s.kept.mu.Unlock()
		s.kept.fail(err)
		return err
	}
	end := eachFlush(func() { _ = bring() }) // it is kept as the fault of the phase
	return func() error {
		end()
		return bring()
	}
}
