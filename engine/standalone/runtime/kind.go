package runtime

import (
	"fmt"
	"strings"
	"sync"
	"time"
)

// detectTime bounds the search for the runtimes: a tool that hangs counts as missing.
const detectTime = 10 * time.Second

// Kind is one runtime as OpenWhisk names it.
type Kind struct {
	Name    string // such as nodejs:20
	Family  string // such as nodejs
	Version string // empty when missing
	Default bool   // whether family:default means this one
	Image   string // what stands in the place of a container image
	Missing string // why it cannot run here and what to install; empty when it can
}

// families is the order in which kinds are shown.
var families = []string{"nodejs", "python", "java", "go", "php", "ruby", "native"}

// Find returns the kind that name means: nodejs:20, nodejs:default, or a leading part of a version such as python:3.
func Find(kinds []Kind, name string) (Kind, error) {
	family, version, _ := strings.Cut(name, ":")
	for _, k := range kinds {
		if k.Family != family {
			continue
		}
		asked := version == "" || version == "default"
		if k.Name == name || asked && k.Default || strings.HasPrefix(k.Version, version+".") {
			return k, nil
		}
	}
	return Kind{}, fmt.Errorf("the kind %q is not one of %s", name, names(kinds))
}

func names(kinds []Kind) string {
	list := make([]string, len(kinds))
	for i, k := range kinds {
		list[i] = k.Name
	}
	return strings.Join(list, ", ")
}

// detect asks all languages at the same time for their version.
func (s *Set) detect() []Kind {
	stop := make(chan struct{})
	defer time.AfterFunc(detectTime, func() { close(stop) }).Stop()
	kinds := make([]Kind, len(s.families))
	var wg sync.WaitGroup
	for i, family := range s.families {
		wg.Go(func() {
			version, err := s.languages[family].detect(stop)
			kinds[i] = newKind(family, version, err)
		})
	}
	wg.Wait()
	return kinds
}

func newKind(family, version string, err error) Kind {
	k := Kind{Family: family, Version: version, Default: true, Name: family + ":" + version}
	if err != nil {
		k.Name, k.Version, k.Missing = family+":default", "", err.Error()
	}
	k.Image = "standalone/" + k.Name
	return k
}
