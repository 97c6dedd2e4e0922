package run

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"wsk-scenario/engine/load"
	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/whisk"
	"wsk-scenario/engine/workers"
)

// How long a worker may take for what no scenario decides.
const (
	workerComes   = 5 * time.Minute  // for its task: the way to it may have to be made first
	workerSilence = time.Minute      // since it was heard of last, which is once a second: as long as a target's API server may be away
	workerEnd     = 10 * time.Second // to end after its report, and beyond the grace of its calls
)

// task is what a worker needs to know of a phase. All choices are in it: a worker makes none.
type task struct {
	Plan        *plan.Plan          `json:"plan"` // of the phase alone
	Cell        int                 `json:"cell"`
	Phase       int                 `json:"phase"`
	Body        []byte              `json:"body"` // to the byte: JSON text in JSON would be written anew
	Workers     int                 `json:"workers"`
	Access      whisk.Access        `json:"access"`
	HTTP        whisk.HTTP          `json:"http"`
	Run         string              `json:"run"`
	Transaction string              `json:"transaction"`
	Name        map[string]string   `json:"name"` // of entities on the server, by those of the scenario
	Copies      map[string][]string `json:"copies"`
}

// taskOf is the task of a phase, for workers that have access to OpenWhisk. Files are read and placeholders filled in here: a
// worker may be where neither is.
func (r *runner) taskOf(ph *plan.Phase, s *shooter, access whisk.Access) ([]byte, error) {
	alone, values := *ph, r.values
	alone.Load.Workers = 0
	alone.Payload = r.filled(ph.Payload)
	text, err := body(alone.Payload, r.plan.Seed)
	if err != nil {
		return nil, err
	}
	alone.Payload = plan.Payload{Parts: alone.Payload.Parts}
	if ph.Exec != nil {
		exec := *ph.Exec
		exec.Command, exec.Env = values.Texts(exec.Command), values.Texts(exec.Env)
		alone.Exec = &exec
	}
	if ph.Request != nil {
		request := *ph.Request
		request.Path, request.Headers = values.Text(request.Path), values.Texts(request.Headers)
		alone.Request = &request
	}
	cell := r.plan.Cells[s.cell]
	cell.Phases = make([]plan.Phase, s.phase+1) // those before it are empty, so that it keeps its number
	cell.Phases[s.phase] = alone
	only := *r.plan
	only.Cells, only.Assertions, only.Tables, only.Figures = make([]plan.Cell, s.cell+1), nil, nil, nil
	only.Cells[s.cell] = cell
	return json.Marshal(task{
		Plan: &only, Cell: s.cell, Phase: s.phase, Body: text, Workers: ph.Load.Workers, Access: access, HTTP: r.opts.HTTP, Run: r.id,
		Transaction: s.transaction, Name: s.made.name, Copies: s.made.copies,
	})
}

// shared has the load of a phase sent by workers.
func (r *runner) shared(ctx context.Context, ph *plan.Phase, s *shooter) (_ load.Issue, err error) {
	crew, err := r.hire(ctx, ph)
	if err != nil {
		return load.Issue{}, err
	}
	defer func() {
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanUpDeadline)
		defer cancel()
		err = errors.Join(err, crew.dismiss(last))
	}()
	task, err := r.taskOf(ph, s, crew.access)
	if err != nil {
		return load.Issue{}, errors.Join(err, crew.listener.Close())
	}
	c := workers.Serve(crew.listener, crew.token, ph.Load.Workers, task, r.anchor, s.arrive)
	stop := context.AfterFunc(ctx, c.Stop)
	grace := callGrace
	if ph.Load.Background {
		grace = ph.Timeout
	}
	var all sync.WaitGroup
	for i := range ph.Load.Workers {
		all.Go(func() { r.attend(ctx, c, crew, i, grace+workerEnd) })
	}
	all.Wait()
	stop()
	if err := c.Close(); err != nil {
		return load.Issue{}, err
	}
	return r.merge(ph, s, c, crew)
}

// attend starts a worker and waits until it has reported or is lost; grace is how long it may go on when ctx has ended.
func (r *runner) attend(ctx context.Context, c *workers.Coordinator, crew *crew, i int, grace time.Duration) {
	beyond := context.WithoutCancel(ctx)
	process, err := crew.start(beyond, i)
	if err != nil {
		c.Lose(i, err)
		return
	}
	late, release := load.Outlive(ctx, grace)
	defer release()
	look := time.NewTicker(time.Second)
	defer look.Stop()
	for waiting := true; waiting; {
		select {
		case <-c.Over(i):
			waiting = false
		case <-process.Ended():
			c.Lose(i, fmt.Errorf("it ended early (%v)", process.Status()))
		case <-late.Done():
			c.Lose(i, errors.New("it did not come to an end"))
		case <-look.C:
			last, came := c.Seen(i)
			switch silent := time.Since(last); {
			case !came && silent > workerComes:
				c.Lose(i, fmt.Errorf("it has not come for its task within %v", workerComes))
			case came && silent > workerSilence:
				c.Lose(i, fmt.Errorf("it was silent for %v", silent.Round(time.Second)))
			}
		}
	}
	report, lost := c.Outcome(i)
	if report.Error != "" {
		c.Stop() // what one cannot send ends the load, as it does with one process
	}
	if lost == nil { // it goes by itself
		select {
		case <-process.Ended():
		case <-time.After(workerEnd):
		}
	}
	if err := process.Stop(beyond); err != nil {
		r.note("worker %d could not be stopped: %v", i+1, err)
	}
}

// merge adds up what the workers reported.
func (r *runner) merge(ph *plan.Phase, s *shooter, c *workers.Coordinator, crew *crew) (issue load.Issue, faults error) {
	for i := range ph.Load.Workers {
		report, lost := c.Outcome(i)
		issue.Issued += report.Issued
		issue.Users += report.Users
		who := fmt.Sprintf("worker %d of %d, phase %s", i+1, ph.Load.Workers, ph.Name)
		if len(r.plan.Cells) > 1 {
			who += " of cell " + r.plan.Cells[s.cell].ID
		}
		who += crew.where(i)
		if lost != nil {
			s.lost++
			r.note("%s was lost after %s: %v; what it had under way is not known", who, counted(report.Issued, "call"), lost)
			continue
		}
		for step, n := range report.Dropped {
			s.dropped[step] += n
			issue.Dropped += n
		}
		for _, note := range report.Notes {
			r.note("worker %d: %s", i+1, note)
		}
		if report.Error != "" {
			faults = errors.Join(faults, fmt.Errorf("%s: %s", who, report.Error))
		}
		r.timing(report.Timing)
		r.fact(who, fmt.Sprintf("%s; it used %s; its clock and this one are within %v", counted(report.Issued, "call"), report.Health,
			report.Within.Round(time.Microsecond)))
	}
	return issue, faults
}

// arrive takes samples that a worker has measured. Where an activation ran is proved here: what knows the nodes is not with the
// workers, so that the records of placed calls are read once more.
func (s *shooter) arrive(samples []measure.Sample) {
	for i := range samples {
		sample := &samples[i]
		s.done.Add(1)
		s.responses.Record(sample.Done - sample.Due)
		if sample.Outcome.IsError() {
			s.errors.Add(1)
		}
		if s.witness.placer == nil {
			continue
		}
		if s.witness.see(sample, nil); sample.Place != "" && sample.Activation != "" {
			sample.Record = nil
		}
	}
	s.kept.mu.Lock()
	defer s.kept.mu.Unlock()
	s.kept.take(samples)
}
