package runtime

import (
	"fmt"
	"slices"
	"strings"
)

// Release is an OpenWhisk that gives its kinds their names. Whatever a kind is called, it runs on what this machine has.
type Release string

// The releases.
const (
	Machine Release = ""       // none: kinds are called after what is installed here
	Master  Release = "master" // of August 2026
	Chart   Release = "chart"  // what the Helm chart 1.0.1 installs
)

// releases are the kinds of each by family, as far as they can run here; a star follows what family:default means.
var releases = map[Release]string{
	Master: "nodejs:18 nodejs:20* python:3.10* python:3.11 java:8* php:8.1* ruby:2.5* go:1.20*",
	Chart:  "nodejs:14* nodejs:16 python:3* java:8* php:7.3 php:7.4* php:8.0 ruby:2.5* go:1.17*",
}

// Check says that there is no such release.
func (r Release) Check() error {
	if _, known := releases[r]; r != Machine && !known {
		return fmt.Errorf("there is no OpenWhisk %q to be like: write %s or %s", string(r), Master, Chart)
	}
	return nil
}

// Rename returns the kinds under the names of the release. A family that it does not have keeps its own.
func (r Release) Rename(kinds []Kind) []Kind {
	if r == Machine {
		return kinds
	}
	var renamed []Kind
	for _, k := range kinds {
		names := slices.DeleteFunc(strings.Fields(releases[r]), func(name string) bool { return !strings.HasPrefix(name, k.Family+":") })
		if len(names) == 0 || k.Missing != "" {
			renamed = append(renamed, k)
			continue
		}
		for _, name := range names {
			as := k // with the image and the version that are really there
			as.Name, as.Default = strings.CutSuffix(name, "*")
			renamed = append(renamed, as)
		}
	}
	return renamed
}
