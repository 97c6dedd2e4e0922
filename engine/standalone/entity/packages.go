package entity

import (
	"cmp"
	"slices"
)

// PutPackage creates a package or, with overwrite, makes its next version.
func (s *Store) PutPackage(name Name, put *PackagePut, overwrite bool) (*Package, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.packages[name]
	if err := s.free(name, old != nil, overwrite); err != nil {
		return nil, err
	}
	next, err := put.apply(name, old)
	if err != nil {
		return nil, err
	}
	next.revision, next.Updated = s.stamp()
	s.packages[name] = next
	return next, nil
}

// Package returns a package and the actions in it.
func (s *Store) Package(name Name) (*Package, []*Action, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	p := s.packages[name]
	if p == nil {
		return nil, nil, s.absent(s.taken(name))
	}
	return p, s.actionsIn(name.Namespace, name.Name), nil
}

// DeletePackage removes a package; one with actions in it only by force, and then with them.
func (s *Store) DeletePackage(name Name, force bool) (*Package, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.packages[name]
	if p == nil {
		return nil, s.absent(s.taken(name))
	}
	members := s.actionsIn(name.Namespace, name.Name)
	if len(members) > 0 && !force {
		return nil, Faultf(Conflict,
			"Package not empty (contains %d entities). Set force param or delete package contents.", len(members))
	}
	for _, a := range members {
		delete(s.actions, a.Name)
	}
	delete(s.packages, name)
	return p, nil
}

// Packages lists the packages of a namespace, the one updated last first.
func (s *Store) Packages(namespace string) []*Package {
	s.mu.RLock()
	defer s.mu.RUnlock()
	list := []*Package{}
	for n, p := range s.packages {
		if n.Namespace == namespace {
			list = append(list, p)
		}
	}
	slices.SortFunc(list, func(a, b *Package) int { return cmp.Compare(b.revision, a.revision) })
	return list
}
