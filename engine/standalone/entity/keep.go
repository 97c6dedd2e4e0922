package entity

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// Keeper keeps documents where they outlive the process. A store that has one shows no change before it is kept.
type Keeper interface {
	// Keep writes all of the changes, or none of them.
	Keep(changes []Kept) error
}

// Kept is a document as a Keeper has it.
type Kept struct {
	Key  string // its collection and full name, such as actions/guest/pkg/name
	Data []byte // nil: there is none any more
}

// The collections of a store, as they are kept.
const (
	inActions  = "actions"
	inPackages = "packages"
	inTriggers = "triggers"
	inRules    = "rules"
)

// document is an *Action, *Package, *Trigger or *Rule.
type document interface {
	stamped() *uint64 // its revision
}

func (a *Action) stamped() *uint64  { return &a.revision }
func (p *Package) stamped() *uint64 { return &p.revision }
func (t *Trigger) stamped() *uint64 { return &t.revision }
func (r *Rule) stamped() *uint64    { return &r.revision }

// empty is a document to read one of the collection into; nil when there is no such collection.
func empty(collection string) document {
	switch collection {
	case inActions:
		return new(Action)
	case inPackages:
		return new(Package)
	case inTriggers:
		return new(Trigger)
	case inRules:
		return new(Rule)
	}
	return nil
}

// change is a document that is written, or removed when doc is nil.
type change struct {
	collection string
	name       Name
	doc        document
}

// commit keeps the changes, and then makes them visible, all at once. The caller holds writing.
func (s *Store) commit(changes ...change) error {
	if s.keeper != nil {
		if err := s.keep(changes); err != nil {
			return fmt.Errorf("keep what was written: %w", err)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range changes {
		s.place(c)
	}
	return nil
}

func (s *Store) keep(changes []change) error {
	kept := make([]Kept, len(changes))
	for i, c := range changes {
		kept[i].Key = c.collection + "/" + c.name.String()
		if c.doc == nil {
			continue
		}
		var err error
		if kept[i].Data, err = encode(c.doc); err != nil {
			return err
		}
	}
	return s.keeper.Keep(kept)
}

// place puts one document where readers look. The caller holds both locks.
func (s *Store) place(c change) {
	switch d := c.doc.(type) {
	case *Action:
		s.actions[c.name] = d
	case *Package:
		s.packages[c.name] = d
	case *Trigger:
		s.triggers[c.name] = d
	case *Rule:
		s.ruled[c.name] = d
	default:
		s.remove(c.collection, c.name)
	}
}

func (s *Store) remove(collection string, name Name) {
	switch collection {
	case inActions:
		delete(s.actions, name)
	case inPackages:
		delete(s.packages, name)
	case inTriggers:
		delete(s.triggers, name)
	case inRules:
		delete(s.ruled, name)
	}
}

// stored is a document with what its clients do not see.
type stored struct {
	Revision uint64
	Document any
}

func encode(d document) ([]byte, error) {
	var b bytes.Buffer
	to := json.NewEncoder(&b)
	to.SetEscapeHTML(false) // the values of parameters stay as they were sent
	err := to.Encode(stored{*d.stamped(), d})
	return b.Bytes(), err
}

// Restore fills the store with what its keeper has kept, and has the keeper keep every change from now on. What is in the
// store already, such as the packages of the system, is not kept. It is called before the store is used by others.
func (s *Store) Restore(keeper Keeper, all []Kept) error {
	for _, k := range all {
		c, err := decode(k)
		if err != nil {
			return fmt.Errorf("%s: %w", k.Key, err)
		}
		s.revision = max(s.revision, *c.doc.stamped())
		s.place(c)
	}
	s.keeper = keeper
	return nil
}

func decode(k Kept) (change, error) {
	collection, full, _ := strings.Cut(k.Key, "/")
	name, err := ParseName(full, "")
	if err != nil {
		return change{}, err
	}
	c := change{collection, name, empty(collection)}
	if c.doc == nil {
		return c, fmt.Errorf("there is no collection %q", collection)
	}
	d := stored{Document: c.doc}
	if err := json.Unmarshal(k.Data, &d); err != nil {
		return c, err
	}
	if d.Document == nil {
		return c, errors.New("there is no document in it")
	}
	*c.doc.stamped() = d.Revision
	if a, ok := c.doc.(*Action); ok {
		a.Key = keyOf(name, d.Revision)
	}
	return c, nil
}
