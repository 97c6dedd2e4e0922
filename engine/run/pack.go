package run

import (
	"context"
	"errors"
	"fmt"

	"wsk-scenario/engine/code"
	"wsk-scenario/engine/plan"
)

// source is what a package is made of.
type source struct {
	path, kind string
	pad        int64
	build      string // the command and what it makes
}

func packedOf(a plan.Action) source {
	s := source{a.Code, a.Kind, a.Pad, ""}
	if a.Build != nil {
		s.build = a.Build.Run + "\x00" + a.Build.Output
	}
	return s
}

// packAll reads, and builds or compiles where that is needed, the code of every action of the plan before anything is
// created: a fault in the last cell is not found after an hour of measuring the others.
func (r *runner) packAll(ctx context.Context) error {
	r.packed = map[source]code.Package{}
	var faults []error
	for _, cell := range r.plan.Cells {
		for _, a := range cell.Actions {
			key := packedOf(a)
			if _, known := r.packed[key]; known || a.Code == "" {
				continue
			}
			packed, err := Pack(ctx, a, r.opts.CacheDir)
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err != nil {
				faults = append(faults, fmt.Errorf("%s: action %s of cell %s: %w", a.Range, a.Name, cell.ID, err))
			}
			r.packed[key] = packed
		}
	}
	return errors.Join(faults...)
}

// Pack makes the package of one action as a run does: it builds or compiles where that is needed. cache is where what was
// compiled is kept.
func Pack(ctx context.Context, a plan.Action, cache string) (packed code.Package, err error) {
	path := a.Code
	if b := a.Build; b != nil {
		build := code.Build{Run: b.Run, Output: b.Output, Inputs: b.Inputs, Within: b.Within}
		if path, err = code.Make(ctx, code.FolderOf(path), build, cache); err != nil {
			return packed, err
		}
	}
	packed, err = code.Pack(ctx, path, a.Kind, cache)
	if err == nil && a.Pad > 0 {
		packed, err = code.Pad(packed, a.Kind, a.Pad)
	}
	return packed, err
}
