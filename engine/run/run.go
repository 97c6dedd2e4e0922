// Package run is the one orchestrator: target up, entities created, phases in order, records drained, assertions judged,
// everything removed. It decides nothing: every choice is in the plan.
package run

import (
	"context"

	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/result"
)

// Options are what a run needs beside the plan.
type Options struct {
	// Folder is where the bundle is written; it is made, and must not exist yet.
	Folder string
	// Sources are the texts to keep beside the result, by file name.
	Sources map[string][]byte
	// Events receives what happens, one at a time; nil for silence.
	Events func(Event)
	// Tool is the program's version, for the bundle.
	Tool string
}

// Run runs p. The Result is returned also when the run was interrupted or broke, with as much as was measured; the error
// is for what left no Result behind.
func Run(ctx context.Context, p *plan.Plan, opts Options) (*result.Result, error) { return nil, nil }
