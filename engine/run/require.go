package run

import (
	"errors"
	"fmt"
	"strings"

	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/whisk"
)

// required checks that the target has what the scenario requires, and says all that it lacks, with what lifts it.
func required(need plan.Require, limits whisk.Limits, info whisk.Info) error {
	faults := []error{
		least(need.PerMinute, limits.PerMinute, "invocations per minute", "whisk.limits.actionsInvokesPerminute"),
		least(need.Concurrent, limits.Concurrent, "concurrent invocations", "whisk.limits.actionsInvokesConcurrent"),
	}
	if len(info.Runtimes) == 0 && len(need.Kinds) > 0 {
		return errors.Join(append(faults, fmt.Errorf("%s: kinds are required, and the target does not say which it has", need.Kinds[0].Range))...)
	}
	for _, kind := range need.Kinds {
		if !has(kind.Kind, info) {
			faults = append(faults, fmt.Errorf("%s: %w", kind.Range, lacks(kind.Kind, info)))
		}
	}
	return errors.Join(faults...)
}

// least compares one limit with the least that is required. A limit that the target does not tell is not there.
func least(need plan.Requirement, has int, what, chart string) error {
	if need.Least == 0 || has >= need.Least {
		return nil
	}
	return fmt.Errorf("%s: %d %s are required, and the target takes %d; raise the chart's %s, or the limit of the namespace",
		need.Range, need.Least, what, has, chart)
}

// has reports whether the target runs a kind, or any kind of a family.
func has(kind string, info whisk.Info) bool {
	if !strings.Contains(kind, ":") {
		return len(info.Runtimes[kind]) > 0
	}
	return info.Offers(kind)
}
