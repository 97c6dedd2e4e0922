package run

import (
	"encoding/json"
	"math/rand/v2"
	"strconv"

	"wsk-scenario/engine/plan"
)

// maker makes the bodies of one user's calls. What a call sends depends on the seed, the phase, the user and the user's
// ordinal alone: two runs with one seed send the same bytes, however their users interleave.
type maker struct {
	parts  []plan.Part
	seed   uint64
	phase  int
	user   int
	users  int
	next   int // the ordinal of the user's next call
	source rand.PCG
	random *rand.Rand
	taken  []taken
	size   int // of the last body, to make room for the next
}

// taken is a number that a distinct of the body has already.
type taken struct{ low, high, value int }

func newMaker(parts []plan.Part, seed uint64, phase, user, users int) *maker {
	m := &maker{parts: parts, seed: seed, phase: phase, user: user, users: users}
	m.random = rand.New(&m.source)
	return m
}

// body makes the next body. It is new memory each time: the transport may still read the last one.
func (m *maker) body() []byte {
	m.source.Seed(m.seed, uint64(m.phase)<<56^uint64(m.user)<<36^uint64(m.next))
	m.taken = m.taken[:0]
	b := make([]byte, 0, m.size+16)
	for i := range m.parts {
		if p := &m.parts[i]; p.Make == nil {
			b = append(b, p.Text...)
		} else {
			b = m.value(b, p)
		}
	}
	m.next++
	m.size = len(b)
	return b
}

// value appends what one maker gives.
func (m *maker) value(b []byte, p *plan.Part) []byte {
	switch k := p.Make; {
	case k.How == "seq":
		return strconv.AppendInt(b, int64(k.Low+m.next*m.users+m.user), 10)
	case k.How == "distinct":
		return strconv.AppendInt(b, int64(m.distinct(k.Low, k.High)), 10)
	case k.How == "random" && k.Size > 0:
		return m.text(b, k.Size, p.Inside)
	case k.How == "random":
		return strconv.AppendFloat(b, m.random.Float64(), 'f', -1, 64)
	case k.From != nil:
		return item(b, k.From[m.random.IntN(len(k.From))], p.Inside)
	default:
		return strconv.AppendInt(b, int64(m.between(k.Low, k.High)), 10)
	}
}

func (m *maker) between(low, high int) int { return low + int(m.random.Uint64N(uint64(high-low)+1)) }

// distinct is a number that no other distinct of the same range has in this body.
func (m *maker) distinct(low, high int) int {
	for {
		t := taken{low, high, m.between(low, high)}
		free := true
		for _, before := range m.taken {
			free = free && before != t
		}
		if free {
			m.taken = append(m.taken, t)
			return t.value
		}
	}
}

func (m *maker) text(b []byte, size int, inside bool) []byte {
	if !inside {
		b = append(b, '"')
	}
	for range size {
		b = append(b, letters[m.random.IntN(len(letters))])
	}
	if !inside {
		b = append(b, '"')
	}
	return b
}

// item appends an element of a list as JSON, without its quotes inside of a text.
func item(b []byte, value any, inside bool) []byte {
	raw, err := json.Marshal(value)
	if err != nil {
		return append(b, "null"...) // what came from JSON goes back to it
	}
	if _, isText := value.(string); isText && inside {
		raw = raw[1 : len(raw)-1]
	}
	return append(b, raw...)
}
