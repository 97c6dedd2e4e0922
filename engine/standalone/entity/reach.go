package entity

// Target is an action as somebody reaches it: by its own name, or through a package that is bound to the one it lies in.
type Target struct {
	*Action
	Inherited Parameters // what its package gives it, overlaid by what the binding gives it
	Binding   Name       // what it was reached through; zero when by its own name
}

// Bound are the parameters that hold for the action without a payload. The weakest are the package's, then come those of
// the binding and those of the action itself.
func (t Target) Bound() Parameters { return t.Inherited.Merge(t.Parameters) }

// notAuthorized is the fault of a request for what belongs to somebody else.
func notAuthorized(resource string) *Fault {
	return Faultf(Forbidden, "The supplied authentication is not authorized to access '%s'.", resource)
}

// Reach returns an action for somebody of the namespace who: its own actions, those of its packages and bindings, and
// those of packages that others have published.
func (s *Store) Reach(who string, name Name) (Target, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.reach(who, name)
}

// Action returns an action for its owner.
func (s *Store) Action(name Name) (Target, error) { return s.Reach(name.Namespace, name) }

// reach is Reach for who holds the lock.
func (s *Store) reach(who string, name Name) (Target, error) {
	if name.Package == "" {
		if who != name.Namespace {
			return Target{}, notAuthorized(name.String())
		}
		return s.target(Target{}, name)
	}
	p, provider, err := s.readable(who, name.InPackage())
	if err != nil {
		return Target{}, err
	}
	if p == provider {
		return s.target(Target{Inherited: p.Parameters}, name)
	}
	inherited := provider.Parameters.Merge(p.Parameters)
	return s.target(Target{Inherited: inherited, Binding: p.Name}, p.Binding.member(name.Name))
}

// target fills in the action itself.
func (s *Store) target(t Target, name Name) (Target, error) {
	if t.Action = s.actions[name]; t.Action == nil {
		return Target{}, s.absent(s.taken(name))
	}
	return t, nil
}

// readable returns a package and the one whose actions it gives: itself, or the one that it is bound to. Others see what
// is published; a binding is its owner's alone, and of no use when its provider is gone or private again.
func (s *Store) readable(who string, name Name) (p, provider *Package, err error) {
	p = s.packages[name]
	owner := who == name.Namespace
	switch {
	case p == nil && owner:
		return nil, nil, s.absent(s.taken(name))
	case p == nil || !owner && (!p.Publish || p.Bound()):
		return nil, nil, notAuthorized(name.String())
	case !p.Bound():
		return p, p, nil
	}
	provider = s.packages[p.Binding]
	theirs := who != p.Binding.Namespace
	switch {
	case theirs && (provider == nil || !provider.Publish): // which of both is not told
		return nil, nil, notAuthorized(name.String())
	case provider == nil:
		return nil, nil, Faultf(Missing, NotThere)
	}
	return p, provider, nil
}

// Entitled says why somebody of the namespace who may not use some actions: those in packages are for who may read the
// package, and so are missing with it. Whether they themselves are there is another question.
func (s *Store) Entitled(who string, actions ...Name) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.entitled(who, actions...)
}

// entitled is Entitled for who holds the lock.
func (s *Store) entitled(who string, actions ...Name) error {
	for _, name := range actions {
		if name.Package == "" && name.Namespace != who {
			return notAuthorized(name.String())
		}
		if name.Package == "" {
			continue
		}
		if _, _, err := s.readable(who, name.InPackage()); err != nil {
			return err
		}
	}
	return nil
}

// member is the name of an action in the package n.
func (n Name) member(action string) Name {
	return Name{Namespace: n.Namespace, Package: n.Name, Name: action}
}
