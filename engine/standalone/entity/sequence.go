package entity

// checkSequence refuses a sequence that is empty, too long once nested ones are written out, names what is not there, or
// would contain itself. The caller holds the lock.
func (s *Store) checkSequence(name Name, components []Name) error {
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
		a := s.actions[c]
		if a == nil {
			return 0, Faultf(Malformed, ComponentGone)
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
