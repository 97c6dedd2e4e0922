package origin

import (
	"fmt"
	"path/filepath"

	"wsk-scenario/engine/result"
)

// Changed says of each file behind a run how it differs from what it was then.
func Changed(o *result.Origin) (list []string) {
	for _, f := range o.Inputs {
		now := fileHash(o.Path(f.File))
		switch {
		case f.Hash == "":
			list = append(list, fmt.Sprintf("%s: %s could not be read then, so nobody knows whether it is the same", f.Of, f.File))
		case now == "":
			list = append(list, fmt.Sprintf("%s: %s is gone, or may not be read", f.Of, f.File))
		case now != f.Hash:
			list = append(list, fmt.Sprintf("%s: %s has changed", f.Of, f.File))
		}
	}
	return list
}

// Added says which files of code or payloads a plan reads now that were not behind the run.
func Added(o *result.Origin, now []result.InputFile) (list []string) {
	known := map[string]bool{}
	for _, f := range o.Inputs {
		known[o.Path(f.File)] = true
	}
	for _, f := range now {
		whole, err := filepath.Abs(f.File)
		if err != nil || !known[whole] {
			list = append(list, fmt.Sprintf("%s: %s is new", f.Of, f.File))
		}
	}
	return list
}
