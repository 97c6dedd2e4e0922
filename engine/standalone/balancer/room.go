package balancer

// container is what activations are counted by: those of an action that may share a container take its memory once.
type container struct {
	action      string
	memory      int64 // MB
	concurrency int64 // activations in it
}

// rooms is how many more activations the containers take whose memory was given out already.
type rooms map[container]int64

// fits reports whether the invoker has a place for one more activation.
func (m *member) fits(c container) bool { return m.rooms[c] > 0 || m.free >= c.memory }

// take counts an activation in: into a container that has room, else into a new one, for which memory may be overdrawn.
func (m *member) take(c container) {
	if m.rooms[c] == 0 {
		m.free -= c.memory
		m.rooms[c] = c.concurrency
	}
	m.put(c, m.rooms[c]-1)
}

// give counts an activation out. Where the rooms make a whole container, that is counted out, too.
func (m *member) give(c container) {
	free := m.rooms[c] + 1
	if free == c.concurrency {
		m.free += c.memory
		free = 0
	}
	m.put(c, free)
}

func (m *member) put(c container, free int64) {
	m.rooms[c] = free
	if free == 0 {
		delete(m.rooms, c)
	}
}
