package cluster

import (
	"fmt"
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

// mostListed is how many names are read one by one.
const mostListed = 6

// listed are names as one reads them: all of a few, and the first and the number of many.
func listed(names []string) string {
	if len(names) <= mostListed {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:3], ", "), len(names)-3)
}
