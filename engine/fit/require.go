package fit

import (
	"errors"
	"fmt"
	"strings"

	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/whisk"
)

// Required is nil where the target has what the scenario requires, and otherwise says all that it lacks, with what
// lifts it.
func Required(need plan.Require, limits whisk.Limits, info whisk.Info) error {
	faults := []error{
		least(need.PerMinute, limits.PerMinute, "invocations per minute", ChartPerMinute),
		least(need.Concurrent, limits.Concurrent, "concurrent invocations", ChartConcurrent),
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
