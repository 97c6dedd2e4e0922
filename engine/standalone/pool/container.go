package pool

import (
	"cmp"
	"crypto/rand"
	"encoding/hex"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// State is what a container does.
type State string

// The states of a container.
const (
	Starting State = "starting"
	Busy     State = "busy"
	Idle     State = "idle"
	Paused   State = "paused" // idle for longer than the grace, and stopped
	Stemmed  State = "stem"   // started, and waiting for an action
)

// Info is what may be known of a container from outside.
type Info struct {
	ID     string
	Key    string
	Kind   string
	Memory int64 // MB
	State  State
	PID    int // 0 while there is no process
}

// container is one folder and one container of the driver. The book's lock guards state, process, idleSince and those that
// say who is in it.
type container struct {
	id        string
	serial    int // order of creation
	key, kind string
	memory    int64
	folder    string
	state     State
	process   Container
	idleSince time.Time

	room   int64         // activations that it may run at a time
	active int64         // activations that it runs, or that wait for its start
	ending bool          // one of them failed: nobody joins the others
	loaded chan struct{} // closed when the action is in it, or could not be loaded; nil until somebody loads it
	failed *loadError    // why it could not be loaded; written before loaded is closed
}

func newID() string {
	var id [16]byte
	rand.Read(id[:]) // never fails
	return hex.EncodeToString(id[:])
}

func (c *container) info() Info {
	i := Info{ID: c.id, Key: c.key, Kind: c.kind, Memory: c.memory, State: c.state}
	if c.process != nil {
		i.PID = c.process.PID()
	}
	return i
}

// spec is how a container is started that has no action yet.
func (c *container) spec() Spec { return Spec{ID: c.id, Folder: c.folder, Memory: c.memory} }

// wake makes an idle container go on, and reports whether it can take a request.
func (c *container) wake(paused bool) bool {
	if paused && c.process.(Pauser).Resume() != nil {
		return false
	}
	return c.process.Alive()
}

// alive reports whether an idle container can take a request.
func (c *container) alive() bool { return c.process != nil && c.process.Alive() }

// makeFolder gives the container its folder: the part of a start that OpenWhisk counts as waiting.
func (p *Pool) makeFolder(c *container) error {
	c.folder = filepath.Join(p.folder, c.id)
	return os.Mkdir(c.folder, 0o700)
}

// destroy ends containers that the book has let go of.
func (p *Pool) destroy(containers ...*container) {
	for _, c := range containers {
		if c.process != nil {
			c.process.Kill()
			p.ended.Store(len(p.driver.Limits().Held) == 0) // nobody leaves a control group
		}
		if c.folder == "" {
			continue
		}
		if err := removeTree(c.folder); err != nil {
			p.cfg.Log.Warn("remove the folder of a container", "container", c.id, "error", err)
		}
	}
}

// infos returns the containers, oldest first.
func (b *book) infos() []Info {
	b.mu.Lock()
	defer b.mu.Unlock()
	sorted := make([]*container, 0, len(b.all))
	for c := range b.all {
		sorted = append(sorted, c)
	}
	slices.SortFunc(sorted, func(x, y *container) int { return cmp.Compare(x.serial, y.serial) })
	infos := make([]Info, len(sorted))
	for i, c := range sorted {
		infos[i] = c.info()
	}
	return infos
}
