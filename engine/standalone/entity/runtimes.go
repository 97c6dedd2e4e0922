package entity

import (
	"strings"
)

// Runtime is one kind that actions can have.
type Runtime struct {
	Kind        string // such as nodejs:20
	Family      string
	Image       string // what stands in the place of a container image
	Default     bool   // what family:default means
	RequireMain bool   // whether an action of the kind must name its entry point
	Missing     string // when the kind cannot run here: what to install
}

// Runtimes are the kinds that the server knows, in the order they are told.
type Runtimes []Runtime

// Resolve finds a kind; family:default means the family's default one.
func (rs Runtimes) Resolve(kind string) (Runtime, error) {
	family, wantsDefault := strings.CutSuffix(kind, ":default")
	for _, r := range rs {
		if r.Kind != kind && !(wantsDefault && r.Family == family && r.Default) {
			continue
		}
		if r.Missing != "" {
			return Runtime{}, badContent("The runtime '%s' cannot run here: %s", kind, r.Missing)
		}
		return r, nil
	}
	return Runtime{}, badContent("The specified runtime '%s' is not supported by this platform. Valid values are: %s.",
		kind, strings.Join(rs.names(), ", "))
}

func (rs Runtimes) names() (names []string) {
	for _, r := range rs.Ready() {
		names = append(names, "'"+r.Kind+"'")
	}
	return names
}

// Ready are the kinds that can run here.
func (rs Runtimes) Ready() (ready Runtimes) {
	for _, r := range rs {
		if r.Missing == "" {
			ready = append(ready, r)
		}
	}
	return ready
}
