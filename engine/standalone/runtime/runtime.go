// Package runtime starts the processes that play action containers: it knows the kinds, their launchers and the ActionLoop
// protocol (one JSON line in on standard input, one out on file descriptor 3, logs on standard output and error).
// It knows nothing of pools or of HTTP.
//
// A process is limited in time, in what it may log and answer, and, where it is given a control group, in memory, CPU and
// the number of its processes. It sees the machine's files: actions are trusted here as much as any program one starts
// oneself.
package runtime

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// Config is what a Set needs to know of the machine.
type Config struct {
	// CacheDir keeps launchers and compiled parts of them from one run to the next.
	CacheDir string
	// SearchPath lists the folders where node, python3, java and go are looked for, separated as in PATH.
	SearchPath string
	// Families are those that are looked for; all when empty.
	Families []string
	// Result is the longest result, in bytes; 1 MiB when 0. Of a longer one, so much is kept, and its length.
	Result int
}

// Set is the runtimes of this machine. It is safe for use by many goroutines.
type Set struct {
	host      *host
	families  []string
	languages map[string]language
	detected  func() []Kind
	work      sync.WaitGroup
}

// language turns the code of an action into a program to start.
type language interface {
	// detect looks for the runtime and returns its version. It is called once, before any other method.
	detect(stop <-chan struct{}) (version string, err error)
	// prepare makes everything that does not depend on an action. It may be called often and at the same time.
	prepare(ctx context.Context) error
	// program puts the code into folder and returns how to start it.
	program(ctx context.Context, folder string, code Code) (program, error)
}

// prewarmer is a language whose process can be started before it is known what it will run. Its launcher takes the
// arguments of its program by its first line then.
type prewarmer interface {
	language
	// launcher is the command line without the arguments.
	launcher() ([]string, error)
}

// program is a command line, whether it says on file descriptor 3 when it is ready to run, and whether OpenWhisk has the
// ActionLoop proxy stand before it.
type program struct {
	args            []string
	ack, actionLoop bool
}

// Code is what an action is made of.
type Code struct {
	Kind   Kind
	Main   string // entry point; empty for the language's usual one
	Data   []byte // as OpenWhisk stores it: source text, or base64 when Binary
	Binary bool
	Env    map[string]string // the whole environment of the process
	// Concurrent has the process run several activations at a time. The kind must be one of those that can: see Concurrent.
	Concurrent bool
}

// New returns the runtimes of this machine. The search for them goes on behind the scenes until Kinds is asked.
func New(cfg Config) (*Set, error) {
	cache, err := filepath.Abs(cfg.CacheDir)
	if err != nil {
		return nil, fmt.Errorf("find the cache folder: %w", err)
	}
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return nil, fmt.Errorf("make the cache folder: %w", err)
	}
	h := &host{cache: cache, searchPath: cfg.SearchPath, result: cmp.Or(cfg.Result, 1<<20)}
	s := &Set{host: h, families: cfg.Families, languages: map[string]language{
		"nodejs": &nodejs{host: h},
		"python": &python{host: h},
		"java":   &java{host: h},
		"go":     &golang{host: h},
		"php":    &php{host: h},
		"ruby":   &ruby{host: h},
		"native": native{},
	}}
	if len(s.families) == 0 {
		s.families = families
	}
	for _, f := range s.families {
		if s.languages[f] == nil {
			return nil, fmt.Errorf("there is no family of kinds %q, but %s", f, strings.Join(families, ", "))
		}
	}
	h.starter = newStarter()
	s.detected = sync.OnceValue(s.detect)
	s.work.Go(func() { s.detected() })
	return s, nil
}

// Kinds returns what this machine can run, sorted as users think of it. It waits for the search to end.
func (s *Set) Kinds() []Kind { return s.detected() }

// Prepare makes what the kind needs beside the action, such as a compiled launcher, so that no activation pays for it.
func (s *Set) Prepare(ctx context.Context, kind Kind) error {
	if kind.Missing != "" {
		return fmt.Errorf("%s cannot run here: %s", kind.Family, kind.Missing)
	}
	l, known := s.languages[kind.Family]
	if !known {
		return fmt.Errorf("unknown runtime %q", kind.Family)
	}
	if err := l.prepare(ctx); err != nil {
		return fmt.Errorf("prepare %s: %w", kind.Name, err)
	}
	return nil
}

// Close ends the search for runtimes. All processes must be killed before.
func (s *Set) Close() {
	s.work.Wait()
	s.host.starter.close()
}
