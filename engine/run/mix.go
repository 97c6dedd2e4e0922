package run

import (
	"math/rand/v2"

	"wsk-scenario/engine/load"
	"wsk-scenario/engine/plan"
)

// mix chooses what a call invokes, by weight. The same seed, phase, user and ordinal give the same choice, whatever the
// other users do. The nil mix has one choice.
type mix struct {
	shares []plan.Share
	total  float64
	seed   uint64 // of the run
	phase  uint64
}

func newMix(shares []plan.Share, seed uint64, phase int) *mix {
	if len(shares) == 0 {
		return nil
	}
	m := &mix{shares: shares, seed: seed, phase: uint64(phase)}
	for _, share := range shares {
		m.total += share.Weight
	}
	return m
}

// choose returns which of the shares a user's call takes.
func (m *mix) choose(user, seq int) int {
	if m == nil {
		return 0
	}
	// A user has far fewer than 2^32 calls, a phase fewer than 2^20 users.
	random := rand.New(rand.NewPCG(m.seed, m.phase<<52|uint64(user)<<32|uint64(seq)))
	point := random.Float64() * m.total
	for i, share := range m.shares {
		if point -= share.Weight; point < 0 {
			return i
		}
	}
	return len(m.shares) - 1
}

// playing is which application of a population makes a call: those ahead of the load go round.
func (s *shooter) playing(c load.Call) int {
	if c.Warmup {
		s.warmed++
		return c.Seq % len(s.mix.shares)
	}
	return s.played[c.Seq-s.warmed].App
}

// name is the chosen one by its name in the scenario; empty where there is no choice.
func (m *mix) name(which int) string {
	if m == nil {
		return ""
	}
	return m.shares[which].Name
}
