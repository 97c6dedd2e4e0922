package doctor

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"wsk-scenario/dsl"
	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/result"
	"wsk-scenario/engine/run"
	"wsk-scenario/engine/target"
	"wsk-scenario/engine/whisk"
)

// farOff is an offset between two clocks that a wait shows.
const farOff = 5 * time.Millisecond

// probes are the actions of our own whose records tell of the clocks, by the first family that the target has.
var probes = []struct{ family, file, source string }{
	{"native", "probe", "#!/bin/sh\nwhile read -r line; do echo '{}' >&3; done\n"},
	{"nodejs", "probe.js", "const main = () => ({})\n"},
	{"python", "probe.py", "def main(args):\n    return {}\n"},
}

// probe is a scenario that calls an action a few times.
const probe = `name: doctor
actions:
  probe: {code: %q, kind: "%s:default"}
phases:
  - {name: probe, invoke: probe, warmup: {iterations: 1}, load: {iterations: 10}}
`

// clocks makes a few calls and bounds by their records how far the target's clocks are off.
func (e *examination) clocks(ctx context.Context) {
	const check = "clocks"
	if !e.opts.Probe {
		e.unchecked(check, "nothing was called: --no-probe")
		return
	}
	folder, err := os.MkdirTemp("", "wsk-scenario-doctor-")
	if err != nil {
		e.unchecked(check, "make a folder for the probe: %v", err)
		return
	}
	defer os.RemoveAll(folder)
	list, err := e.probe(ctx, folder)
	if err != nil {
		e.unchecked(check, "%v", err)
		return
	}
	if len(list) == 0 {
		e.unchecked(check, "no record of the probe told of a clock")
		return
	}
	for _, c := range list {
		e.clock(c)
	}
	e.apart(list)
}

// probe runs the probe on the target, which stays up, and returns what its records tell.
func (e *examination) probe(ctx context.Context, folder string) ([]measure.Clock, error) {
	family, file := "", ""
	for _, p := range probes {
		if e.info.Offers(p.family + ":default") {
			family, file = p.family, filepath.Join(folder, p.file)
			if err := os.WriteFile(file, []byte(p.source), 0o755); err != nil {
				return nil, err
			}
			break
		}
	}
	if family == "" {
		return nil, fmt.Errorf("the target has neither of the kinds of which there is a probe: native, nodejs, python")
	}
	scenario, faults := dsl.Read(filepath.Join(folder, "doctor.yaml"), fmt.Appendf(nil, probe, file, family), dsl.Options{})
	if faults.HasErrors() {
		return nil, fmt.Errorf("read the probe: %v", faults)
	}
	p, faults := plan.Build(scenario, plan.Options{Seed: 1})
	if faults.HasErrors() {
		return nil, fmt.Errorf("plan the probe: %v", faults)
	}
	bundle := filepath.Join(folder, "result")
	r, err := run.Run(ctx, p, run.Options{Target: standing(e.target, e.access), Folder: bundle, CacheDir: e.opts.CacheDir})
	switch {
	case err != nil:
		return nil, fmt.Errorf("run the probe: %w", err)
	case r.Status == result.Interrupted:
		return nil, context.Cause(ctx)
	case r.Status != result.Complete:
		return nil, fmt.Errorf("the probe could not run: %v", r.Problems)
	}
	return told(bundle, r)
}

// told is what the samples tell of clocks. Where nothing says on which node a call ran, all invokers count as one.
func told(bundle string, r *result.Result) ([]measure.Clock, error) {
	clocks := measure.NewClocks(r.Started)
	err := result.Samples(bundle, func(s *measure.Sample) error {
		if s.Node == "" {
			s.Node = "invokers"
		}
		clocks.Add(s)
		return nil
	})
	return clocks.Estimate(), err
}

// clock judges one clock by itself: against the client's it need not be right, for no stage crosses the two.
func (e *examination) clock(c measure.Clock) {
	check := "clocks." + c.Of
	switch {
	case c.Jumps:
		e.add(Finding{Check: check, Verdict: Warning, Found: c.Text(), Costs: "the waits of a run cannot be trusted",
			Fix: "let chrony or systemd-timesyncd keep the clocks of all nodes"})
	default:
		e.fine(check, "%s, against this machine", c.Text())
	}
}

// apart compares each clock with the controller's: a wait begins on one and ends on the other.
func (e *examination) apart(list []measure.Clock) {
	for _, c := range list[1:] {
		first := list[0]
		off, sure := (c.Offset - first.Offset).Abs(), c.Error+first.Error
		if c.Jumps || first.Jumps || off-sure < farOff {
			continue
		}
		e.add(Finding{Check: "clocks.apart", Verdict: Warning,
			Found: fmt.Sprintf("the clocks of %s and %s are %s apart, ± %s", first.Of, c.Of, off.Round(time.Millisecond), sure.Round(time.Millisecond)),
			Costs: "every wait is wrong by that much, and may be below zero",
			Fix:   "let chrony or systemd-timesyncd keep the clocks of all nodes"})
	}
}

// standing is a target that is up and stays up, whoever takes it down.
func standing(t target.Target, access whisk.Access) target.Target {
	if placer, can := t.(target.Placer); can {
		return standingPlacer{placer, access}
	}
	return standingTarget{t, access}
}

type standingTarget struct {
	target.Target
	access whisk.Access
}

func (s standingTarget) Up(context.Context) (whisk.Access, error) { return s.access, nil }
func (s standingTarget) Down(context.Context) error               { return nil }

type standingPlacer struct {
	target.Placer
	access whisk.Access
}

func (s standingPlacer) Up(context.Context) (whisk.Access, error) { return s.access, nil }
func (s standingPlacer) Down(context.Context) error               { return nil }
