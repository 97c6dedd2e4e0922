package entity

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Rules are what a store checks documents against.
type Rules struct {
	Runtimes       func() Runtimes // as they are now: invokers come and go
	Images         func() bool     // whether an action may be made of an image, now
	Bounds         Bounds
	SequenceLength int
	Now            func() time.Time
}

// Store holds the current version of every document. It is safe for use by many goroutines.
type Store struct {
	rules   Rules
	keeper  Keeper
	writing sync.Mutex // held by who writes, from the first look to the end; mu only while the change is made visible

	mu       sync.RWMutex
	actions  map[Name]*Action
	packages map[Name]*Package
	triggers map[Name]*Trigger
	ruled    map[Name]*Rule
	revision uint64 // counts every write, so that no two documents ever share a key
}

// NewStore makes an empty store.
func NewStore(rules Rules) *Store {
	return &Store{
		rules: rules, actions: map[Name]*Action{}, packages: map[Name]*Package{},
		triggers: map[Name]*Trigger{}, ruled: map[Name]*Rule{},
	}
}

// PutAction creates an action or, with overwrite, makes its next version.
func (s *Store) PutAction(name Name, put *ActionPut, overwrite bool) (*Action, error) {
	s.writing.Lock()
	defer s.writing.Unlock()
	if err := s.home(name); err != nil {
		return nil, err
	}
	old := s.actions[name]
	if err := s.free(name, old != nil, overwrite); err != nil {
		return nil, err
	}
	next, err := put.apply(name, old, s.rules)
	if err != nil {
		return nil, err
	}
	if put.Exec != nil && next.Exec.Sequence() {
		if err := s.checkSequence(name, next.Exec.Components); err != nil {
			return nil, err
		}
	}
	next.revision, next.Updated = s.stamp()
	next.Key = keyOf(name, next.revision)
	return next, s.commit(change{inActions, name, next})
}

// keyOf is the identity of one version of an action.
func keyOf(name Name, revision uint64) string { return fmt.Sprintf("%s@%d", name, revision) }

// taken reports whether a document of any kind has the name: all kinds share one set of names. The caller holds the lock.
func (s *Store) taken(name Name) bool {
	return s.actions[name] != nil || s.packages[name] != nil || s.triggers[name] != nil || s.ruled[name] != nil
}

// free says what stands against a PUT of a name; mine is whether a document of that kind is there already.
func (s *Store) free(name Name, mine, overwrite bool) error {
	switch {
	case mine && !overwrite:
		return Faultf(Conflict, AlreadyExists)
	case !mine && s.taken(name):
		return Faultf(Conflict, OtherKind)
	}
	return nil
}

// stamp gives the revision and the time of a write. The caller holds the lock.
func (s *Store) stamp() (uint64, int64) {
	s.revision++
	return s.revision, s.rules.Now().UnixMilli()
}

// home says why an action of that name cannot be written: it names a package that is not there, or one that is bound to
// another, whose actions are written there.
func (s *Store) home(name Name) error {
	if name.Package == "" {
		return nil
	}
	switch p := s.packages[name.InPackage()]; {
	case p == nil:
		return s.absent(s.taken(name.InPackage()))
	case p.Bound():
		return Faultf(Malformed, "Operation not permitted on package binding.")
	}
	return nil
}

// absent is the fault of a document that is not there, or not of the kind that was asked for.
func (s *Store) absent(otherKind bool) error {
	if otherKind {
		return Faultf(Conflict, OtherKind)
	}
	return Faultf(Missing, NotThere)
}

// DeleteAction removes an action and returns its last version.
func (s *Store) DeleteAction(name Name) (*Action, error) {
	s.writing.Lock()
	defer s.writing.Unlock()
	if err := s.home(name); err != nil {
		return nil, err
	}
	a := s.actions[name]
	if a == nil {
		return nil, s.absent(s.taken(name))
	}
	return a, s.commit(change{inActions, name, nil})
}

// Actions lists the actions of a namespace, the one updated last first.
func (s *Store) Actions(namespace string) []*Action {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.actionsIn(namespace, "")
}

func (s *Store) actionsIn(namespace, pkg string) []*Action {
	list := []*Action{}
	for n, a := range s.actions {
		if n.Namespace == namespace && (pkg == "" || n.Package == pkg) {
			list = append(list, a)
		}
	}
	slices.SortFunc(list, func(a, b *Action) int { return cmp.Compare(b.revision, a.revision) })
	return list
}
