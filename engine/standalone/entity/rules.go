package entity

import (
	"cmp"
	"slices"
)

// PutRule creates a rule or, with overwrite, makes its next version. Both its ends must be there.
func (s *Store) PutRule(name Name, put *RulePut, overwrite bool) (*Rule, error) {
	s.writing.Lock()
	defer s.writing.Unlock()
	old := s.ruled[name]
	if err := s.free(name, old != nil, overwrite); err != nil {
		return nil, err
	}
	next, err := put.apply(name, old, s.rules.Bounds)
	if err != nil {
		return nil, err
	}
	if next.Trigger.Namespace != name.Namespace {
		return nil, notAuthorized(next.Trigger.String())
	}
	if err := s.entitled(name.Namespace, next.Action); err != nil {
		return nil, err
	}
	if s.triggers[next.Trigger] == nil {
		return nil, Faultf(Malformed, "trigger /%s does not exist", next.Trigger)
	}
	if _, err := s.reach(name.Namespace, next.Action); err != nil {
		return nil, Faultf(Malformed, "action /%s does not exist", next.Action)
	}
	next.revision, next.Updated = s.stamp()
	return next, s.commit(change{inRules, name, next})
}

// Rule returns a rule.
func (s *Store) Rule(name Name) (*Rule, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	r := s.ruled[name]
	if r == nil {
		return nil, s.absent(s.taken(name))
	}
	return r, nil
}

// SetRule makes a rule active or inactive. That is no new version of it. A rule whose trigger is gone stays inactive.
func (s *Store) SetRule(name Name, active bool) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	r := s.ruled[name]
	switch {
	case r == nil:
		return s.absent(s.taken(name))
	case r.Active == active:
		return nil
	case s.triggers[r.Trigger] == nil:
		return Faultf(Missing, "Only rules with existing triggers can be activated")
	}
	next := *r
	next.Active, next.Unlinked = active, false
	return s.commit(change{inRules, name, &next})
}

// DeleteRule removes a rule, whatever its state, and returns its last version, which is inactive.
func (s *Store) DeleteRule(name Name) (*Rule, error) {
	s.writing.Lock()
	defer s.writing.Unlock()
	r := s.ruled[name]
	if r == nil {
		return nil, s.absent(s.taken(name))
	}
	last := *r
	last.Active = false
	return &last, s.commit(change{inRules, name, nil})
}

// Rules lists the rules of a namespace, the one updated last first.
func (s *Store) Rules(namespace string) []*Rule {
	s.mu.RLock()
	defer s.mu.RUnlock()
	list := []*Rule{}
	for n, r := range s.ruled {
		if n.Namespace == namespace {
			list = append(list, r)
		}
	}
	slices.SortFunc(list, func(a, b *Rule) int { return cmp.Compare(b.revision, a.revision) })
	return list
}
