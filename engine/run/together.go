package run

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"wsk-scenario/engine/plan"
)

// step runs the phase at index, with those that run side by side with it, and returns how many phases that were.
func (r *runner) step(ctx context.Context, cell, index int, made *entities) (int, error) {
	phases := r.plan.Cells[cell].Phases[index:]
	n := 1
	for n < len(phases) && phases[0].Group != 0 && phases[n].Group == phases[0].Group {
		n++
	}
	if n == 1 && !phases[0].Load.Background {
		return 1, r.phase(ctx, cell, index, made)
	}
	return n, r.together(ctx, cell, index, phases[:n], made)
}

// together runs phases side by side. Each has results of its own; those without an end of their own stop when all others
// are over.
func (r *runner) together(ctx context.Context, cell, index int, phases []plan.Phase, made *entities) error {
	var side []*underway
	var shooters []*shooter
	var names []string
	total := 0
	for i := range phases {
		if names = append(names, phases[i].Name); phases[i].Wait > 0 {
			continue
		}
		u, err := r.begin(ctx, cell, index+i, made)
		if err != nil {
			return err
		}
		side, shooters, total = append(side, u), append(shooters, u.shooter), total+u.total
	}
	name := strings.Join(names, " + ")
	r.watch.emit(PhaseStarted{cell, name, total, longest(phases)})
	began := time.Now()
	stop := report(&r.watch, cell, name, began, shooters...)
	r.sendAll(ctx, phases, side)
	stop()
	done, failed := sums(shooters)
	r.watch.emit(PhaseEnded{cell, name, done, failed, time.Since(began)})
	var faults []error
	for _, u := range side {
		faults = append(faults, r.settle(ctx, u))
	}
	return errors.Join(faults...)
}

// sendAll makes the calls of all phases, and ends the background when the others are done.
func (r *runner) sendAll(ctx context.Context, phases []plan.Phase, side []*underway) {
	behind, end := context.WithCancel(ctx)
	defer end()
	var all, fore sync.WaitGroup
	for _, ph := range phases {
		if ph.Wait > 0 {
			fore.Go(func() { pause(ctx, ph.Wait) })
		}
	}
	for _, u := range side {
		if u.ph.Load.Background {
			all.Go(func() { r.send(behind, u) })
		} else {
			fore.Go(func() { r.send(ctx, u) })
		}
	}
	fore.Wait()
	end()
	all.Wait()
}

// longest is the longest time that one of the phases takes by itself; 0 when none goes by time.
func longest(phases []plan.Phase) (most time.Duration) {
	for _, ph := range phases {
		most = max(most, ph.Load.For, ph.Wait)
	}
	return most
}
