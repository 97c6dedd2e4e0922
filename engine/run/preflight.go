package run

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/slo"
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
	r.compareLimits(limits)
	return errors.Join(r.placement(), required(r.plan.Require, limits, info), offered(r.plan, info), r.images(info))
}

// compareLimits says beforehand which limit the plan will run into: a throughput that falls is first of all the throttle.
func (r *runner) compareLimits(limits whisk.Limits) {
	if users := callers(r.plan); limits.Concurrent > 0 && users > limits.Concurrent {
		r.note("%d users call at a time, but the target takes %d concurrent invocations (chart: whisk.limits.actionsInvokesConcurrent); expect the outcome throttled",
			users, limits.Concurrent)
	}
	if n := r.plan.Estimate().Invocations; limits.PerMinute > 0 && n > limits.PerMinute {
		r.note("the plan has %d invocations, and the target takes %d a minute (chart: whisk.limits.actionsInvokesPerminute); a load quicker than that is throttled",
			n, limits.PerMinute)
	}
}

// callers is the most users of closed loads. How many calls of an open load meet is up to the target.
func callers(p *plan.Plan) (most int) {
	for _, cell := range p.Cells {
		for _, ph := range cell.Phases {
			if ph.Load.Open == nil {
				most = max(most, ph.Load.AtOnce())
			}
		}
	}
	return most
}

// offered checks that the target has every kind of the plan, and names all that it lacks.
func offered(p *plan.Plan, info whisk.Info) error {
	if len(info.Runtimes) == 0 {
		return nil
	}
	var lacking []string
	for _, cell := range p.Cells {
		for _, a := range cell.Actions {
			if a.Image == nil && !info.Offers(a.Kind) && !slices.Contains(lacking, a.Kind) {
				lacking = append(lacking, a.Kind)
			}
		}
	}
	if len(lacking) == 0 {
		return nil
	}
	var faults []error
	for _, kind := range lacking {
		faults = append(faults, lacks(kind, info))
	}
	return errors.Join(faults...)
}

// lacks says that the target does not run a kind, and what would help.
func lacks(kind string, info whisk.Info) error {
	family, _, _ := strings.Cut(kind, ":")
	if install := info.Missing[family]; install != "" {
		return fmt.Errorf("kind %s cannot run here: %s", kind, install)
	}
	return fmt.Errorf("the target does not offer kind %s; it has %s", kind, strings.Join(info.Kinds(), ", "))
}
