package entity

import (
	"cmp"
	"slices"
)

// PutTrigger creates a trigger or, with overwrite, makes its next version. Its rules, which it returns, stay with it.
func (s *Store) PutTrigger(name Name, put *TriggerPut, overwrite bool) (*Trigger, []*Rule, error) {
	s.writing.Lock()
	defer s.writing.Unlock()
	old := s.triggers[name]
	if err := s.free(name, old != nil, overwrite); err != nil {
		return nil, nil, err
	}
	next, err := put.apply(name, old, s.rules.Bounds)
	if err != nil {
		return nil, nil, err
	}
	next.revision, next.Updated = s.stamp()
	return next, s.rulesOf(name), s.commit(change{inTriggers, name, next})
}

// Trigger returns a trigger and the rules that listen to it, in the order of their names.
func (s *Store) Trigger(name Name) (*Trigger, []*Rule, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	t := s.triggers[name]
	if t == nil {
		return nil, nil, s.absent(s.taken(name))
	}
	return t, s.rulesOf(name), nil
}

// rulesOf are the rules that listen to a trigger, in the order of their names. The caller holds the lock.
func (s *Store) rulesOf(trigger Name) (rules []*Rule) {
	for _, r := range s.ruled {
		if r.Trigger == trigger && !r.Unlinked {
			rules = append(rules, r)
		}
	}
	slices.SortFunc(rules, func(a, b *Rule) int { return cmp.Compare(a.Name.Name, b.Name.Name) })
	return rules
}

// DeleteTrigger removes a trigger and returns its last version, with its rules as they were. They stay, and are inactive
// from then on, also when a trigger of that name comes again.
func (s *Store) DeleteTrigger(name Name) (*Trigger, []*Rule, error) {
	s.writing.Lock()
	defer s.writing.Unlock()
	t := s.triggers[name]
	if t == nil {
		return nil, nil, s.absent(s.taken(name))
	}
	rules := s.rulesOf(name)
	changes := []change{{inTriggers, name, nil}}
	for _, r := range rules {
		idle := *r
		idle.Active, idle.Unlinked = false, true
		changes = append(changes, change{inRules, r.Name, &idle})
	}
	return t, rules, s.commit(changes...)
}

// Triggers lists the triggers of a namespace, the one updated last first.
func (s *Store) Triggers(namespace string) []*Trigger {
	s.mu.RLock()
	defer s.mu.RUnlock()
	list := []*Trigger{}
	for n, t := range s.triggers {
		if n.Namespace == namespace {
			list = append(list, t)
		}
	}
	slices.SortFunc(list, func(a, b *Trigger) int { return cmp.Compare(b.revision, a.revision) })
	return list
}
