package run

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"wsk-scenario/engine/fit"
	"wsk-scenario/engine/slo"
	"wsk-scenario/engine/target"
	"wsk-scenario/engine/whisk"
)

// preflightDeadline bounds the first questions to a target: one that is silent so long is not there.
const preflightDeadline = 20 * time.Second

// preflight reads what the target is and compares its limits and kinds with the plan, before anything is created.
func (r *runner) preflight(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, preflightDeadline)
	defer cancel()
	for _, f := range r.opts.Target.Facts() {
		r.fact(f.Name, f.Value)
	}
	r.fact("generator", fmt.Sprintf("%s, %d CPUs, %s/%s", runtime.Version(), runtime.NumCPU(), runtime.GOOS, runtime.GOARCH))
	r.fact("client", string(r.client.HTTP())+" HTTP")
	limits, err := r.client.Limits(ctx)
	if err != nil {
		return fmt.Errorf("read the limits of the target: %w", err)
	}
	r.result.Limits = slo.Limits{"invocations_per_minute": limits.PerMinute, "concurrent": limits.Concurrent}
	r.fact("limits", fmt.Sprintf("%d invocations per minute, %d concurrent", limits.PerMinute, limits.Concurrent))
	info, err := r.client.Info(ctx)
	if err != nil {
		return fmt.Errorf("read what the target offers: %w", err)
	}
	r.builds(ctx, info)
	r.compareLimits(limits)
	r.steps()
	return errors.Join(r.placement(), r.removals(ctx), fit.Required(r.plan.Require, limits, info), fit.Kinds(r.plan, info), fit.Images(r.plan, info, r.architecture()))
}

// compareLimits says beforehand which limit the plan will run into: a throughput that falls is first of all the throttle.
func (r *runner) compareLimits(limits whisk.Limits) {
	if users := fit.Callers(r.plan); limits.Concurrent > 0 && users > limits.Concurrent {
		r.note("%d users call at a time, but the target takes %d concurrent invocations (chart: %s); expect the outcome throttled",
			users, limits.Concurrent, fit.ChartConcurrent)
	}
	if n := r.plan.Estimate().Invocations; limits.PerMinute > 0 && n > limits.PerMinute {
		r.note("the plan has %d invocations, and the target takes %d a minute (chart: %s); a load quicker than that is throttled",
			n, limits.PerMinute, fit.ChartPerMinute)
	}
}

// architecture is that of the machines that run the actions, as Go names it; empty when the target does not know.
func (r *runner) architecture() string { return target.Architecture(r.opts.Target) }

// builds notes which OpenWhisk answers, and by which images it runs the kinds of the plan.
func (r *runner) builds(ctx context.Context, info whisk.Info) {
	o := r.result.Origin
	if o == nil {
		return
	}
	build, err := r.client.Build(ctx)
	switch {
	case err != nil:
		o.OpenWhisk = "unknown: " + err.Error()
	case build == (whisk.Build{}):
		o.OpenWhisk = "unknown: it names no build"
	default:
		o.OpenWhisk = strings.TrimSpace(build.Build + " " + build.Number)
	}
	for _, cell := range r.plan.Cells {
		for _, a := range cell.Actions {
			kind, has := info.Runtime(a.Kind)
			if text := kind.Kind + "=" + kind.Image; has && !slices.Contains(o.Runtimes, text) {
				o.Runtimes = append(o.Runtimes, text)
			}
		}
	}
}
