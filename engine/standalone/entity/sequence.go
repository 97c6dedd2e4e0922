package entity

// checkSequence refuses a sequence that is empty, too long once nested ones are written out, names what is not there, or
// would contain itself. The caller holds the lock.
func (s *Store) checkSequence(name Name, components []Name) error {
	if err := s.entitled(name.Namespace, components...); err != nil {
		return err
	}
	if len(components) == 0 {
		return Faultf(Malformed, "No component specified for the sequence.")
	}
	count, err := s.countAtomic(name, components)
	if err != nil {
		return err
	}
	if count > s.rules.SequenceLength {
		return Faultf(Malformed, SequenceLong)
	}
	return nil
}

// countAtomic counts the actions of a sequence with nested ones written out. Stored sequences hold no cycle, so only
// one through the name that is being written can occur, and the walk ends.
func (s *Store) countAtomic(name Name, components []Name) (int, error) {
	if len(components) > s.rules.SequenceLength {
		return 0, Faultf(Malformed, SequenceLong)
	}
	count := 0
	for _, c := range components {
		if c == name {
			return 0, Faultf(Malformed, "Sequence may not refer to itself.")
		}
		a, err := s.component(name.Namespace, c)
		if err != nil {
			return 0, err
		}
		if a.Name == name {
			return 0, Faultf(Malformed, "Sequence may not refer to itself.")
		}
		if !a.Exec.Sequence() {
			count++
			continue
		}
		n, err := s.countAtomic(name, a.Exec.Components)
		if err != nil {
			return 0, err
		}
		if count += n; count > s.rules.SequenceLength {
			return 0, Faultf(Malformed, SequenceLong)
		}
	}
	return count, nil
}

// component finds a component for the owner of a sequence.
func (s *Store) component(who string, name Name) (*Action, error) {
	t, err := s.reach(who, name)
	switch {
	case IsForbidden(err):
		return nil, err
	case err != nil:
		return nil, Faultf(Malformed, ComponentGone)
	}
	return t.Action, nil
}
