package cluster

import (
	"maps"
	"slices"
	"strings"

	"wsk-scenario/dsl/diag"
)

func keysOf[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// nearest is the end of a message that names what was probably meant; empty when nothing is near.
func nearest(name string, names []string) string {
	near := diag.Nearest(name, names)
	if len(near) == 0 {
		return ""
	}
	return ", did you mean " + strings.Join(near, " or ") + "?"
}
