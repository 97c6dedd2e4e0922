package run

import (
	"hash/maphash"

	"wsk-scenario/engine/measure"
)

// mostIDs is how many of the last activations are remembered at least, and half of how many at most: a server that gives an id
// twice, or what stands before it and answers out of a cache, does so soon. Millions of calls need no more room for it.
const mostIDs = 1 << 17

// ids counts the calls that were answered with the activation of another one.
type ids struct {
	seed   maphash.Seed
	known  map[uint64]struct{} // nil until there is one
	before map[uint64]struct{} // as many that came before these
	twice  int
}

// see takes in what calls were answered with. It is called by one goroutine at a time.
func (d *ids) see(samples []measure.Sample) {
	for i := range samples {
		id := samples[i].Activation
		if id == "" || samples[i].Level > 0 {
			continue
		}
		if d.known == nil {
			d.seed, d.known = maphash.MakeSeed(), make(map[uint64]struct{})
		}
		sum := maphash.String(d.seed, id)
		_, seen := d.known[sum]
		if _, early := d.before[sum]; seen || early {
			d.twice++
			continue
		}
		if len(d.known) == mostIDs {
			d.known, d.before = d.before, d.known
			if clear(d.known); d.known == nil {
				d.known = make(map[uint64]struct{})
			}
		}
		d.known[sum] = struct{}{}
	}
}
