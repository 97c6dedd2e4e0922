package entity

import (
	"cmp"
	"slices"
)

// PutPackage creates a package or, with overwrite, makes its next version.
func (s *Store) PutPackage(name Name, put *PackagePut, overwrite bool) (*Package, error) {
	s.writing.Lock()
	defer s.writing.Unlock()
	old := s.packages[name]
	if err := s.free(name, old != nil, overwrite); err != nil {
		return nil, err
	}
	next, err := put.apply(name, old, s.rules.Bounds)
	if err != nil {
		return nil, err
	}
	if put.Binding != nil && next.Bound() {
		if err := s.checkBinding(name.Namespace, next.Binding); err != nil {
			return nil, err
		}
	}
	next.revision, next.Updated = s.stamp()
	return next, s.commit(change{inPackages, name, next})
}

// checkBinding says why nobody of the namespace who can bind to a package. The caller holds the lock.
func (s *Store) checkBinding(who string, provider Name) error {
	p := s.packages[provider]
	switch {
	case p == nil && s.taken(provider) && who == provider.Namespace:
		return Faultf(Conflict, "Cannot bind to a resource that is not a package.")
	case p == nil && who == provider.Namespace:
		return Faultf(Malformed, "Binding references a package that does not exist.")
	case p == nil || who != provider.Namespace && !p.Publish:
		return notAuthorized(provider.String())
	case p.Bound():
		return Faultf(Malformed, "Cannot bind to another package binding.")
	}
	return nil
}

// Package returns a package for somebody of the namespace who, and the actions in it. A binding has what its provider
// has: its actions, and its parameters below those of its own.
func (s *Store) Package(who string, name Name) (*Package, []*Action, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	p, provider, err := s.readable(who, name)
	if err != nil {
		return nil, nil, err
	}
	if p != provider {
		merged := *p
		merged.Parameters = provider.Parameters.Merge(p.Parameters)
		p = &merged
	}
	return p, s.actionsIn(provider.Name.Namespace, provider.Name.Name), nil
}

// DeletePackage removes a package; one with actions in it only by force, and then with them.
func (s *Store) DeletePackage(name Name, force bool) (*Package, error) {
	s.writing.Lock()
	defer s.writing.Unlock()
	p := s.packages[name]
	if p == nil {
		return nil, s.absent(s.taken(name))
	}
	members := s.actionsIn(name.Namespace, name.Name)
	if len(members) > 0 && !force {
		many := "entities"
		if len(members) == 1 {
			many = "entity"
		}
		return nil, Faultf(Conflict,
			"Package not empty (contains %d %s). Set force param or delete package contents.", len(members), many)
	}
	gone := []change{{inPackages, name, nil}}
	for _, a := range members {
		gone = append(gone, change{inActions, a.Name, nil})
	}
	return p, s.commit(gone...)
}

// Packages lists the packages of a namespace, the one updated last first: all of them for its owner, and for others those
// that are published and have actions of their own.
func (s *Store) Packages(who, namespace string) []*Package {
	s.mu.RLock()
	defer s.mu.RUnlock()
	list := []*Package{}
	for n, p := range s.packages {
		if n.Namespace == namespace && (who == namespace || p.Publish && !p.Bound()) {
			list = append(list, p)
		}
	}
	slices.SortFunc(list, func(a, b *Package) int { return cmp.Compare(b.revision, a.revision) })
	return list
}
