package run

import (
	"cmp"
	"errors"
	"iter"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/result"
)

// handful is how many samples a user keeps before they go to the disk.
const handful = 64

// kept is what came of the calls of a phase: what is known in full, and apart from it what waits for its record.
type kept struct {
	bundle *result.Bundle
	away   bool // everything is brought elsewhere, and outgoing until then

	failed atomic.Bool // err is set

	mu       sync.Mutex // held while the disk is written to
	ids      ids
	waiting  backlog
	outgoing []measure.Sample
	err      error
}

// keep adds a sample to those of its user. In a closed load the user itself brings a handful to the disk; in an open one
// that would be in the way of other calls, and what a second brings waits for the flush.
func (s *shooter) keep(u *user, sample measure.Sample) {
	u.mu.Lock()
	if u.samples == nil {
		u.samples, u.room = u.room, nil
	}
	u.samples = append(u.samples, sample)
	full := !s.open && len(u.samples) >= handful
	u.mu.Unlock()
	if full {
		s.kept.mu.Lock()
		defer s.kept.mu.Unlock()
		samples := u.handOver()
		s.kept.take(samples)
		u.room = samples[:0]
	}
}

// handOver empties the hands of a user. Only the user itself fills them.
func (u *user) handOver() []measure.Sample {
	u.mu.Lock()
	defer u.mu.Unlock()
	samples := u.samples
	u.samples = nil
	return samples
}

// take brings to the disk what is known in full. It is called with the lock held.
func (k *kept) take(samples []measure.Sample) {
	if k.away {
		k.outgoing = append(k.outgoing, samples...)
		return
	}
	k.ids.see(samples)
	known := samples[:0]
	for _, s := range samples {
		if waits(&s) {
			k.fail(k.waiting.add(s))
		} else {
			known = append(known, s)
		}
	}
	k.fail(k.bundle.Add(known))
}

// fail keeps the first fault. It is called with the lock held.
func (k *kept) fail(err error) {
	if err != nil && k.err == nil {
		k.err = err
		k.failed.Store(true)
	}
}

// waits reports whether a sample has a record that was not read yet, its own or of a component, or has to be judged
// without one, or whether more may be told of how its container came to be.
func waits(s *measure.Sample) bool {
	if s.Stages != nil && s.Stages.Awaited {
		return true
	}
	if s.Record != nil {
		return s.Record.Components != nil
	}
	return s.Activation != "" || s.Outcome == measure.Accepted
}

// fault is what went wrong with the disk. Who asks before each call does not wait for it.
func (k *kept) fault() error {
	if !k.failed.Load() {
		return nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.err
}

// finish takes what the users still hold, in the order of the due moments, and returns what waits for its record.
func (s *shooter) finish() *backlog {
	s.kept.mu.Lock()
	defer s.kept.mu.Unlock()
	s.kept.take(handedOver(s.users))
	return &s.kept.waiting
}

// flushEvery is how much of a phase a crash may lose.
const flushEvery = time.Second

// flushing brings what is known to the disk once a second, until the returned function is called.
func (s *shooter) flushing() (stop func()) { return eachFlush(s.flush) }

// eachFlush calls f every flushEvery, until the returned function is called, which waits for it.
func eachFlush(f func()) (stop func()) {
	end, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(flushEvery)
		defer tick.Stop()
		for {
			select {
			case <-end:
				return
			case <-tick.C:
				f()
			}
		}
	}()
	return func() {
		close(end)
		<-ended
	}
}

func (s *shooter) flush() {
	s.making.Lock() // a user of an open load may be made now
	users := slices.Clone(s.users)
	s.making.Unlock()
	s.kept.mu.Lock()
	defer s.kept.mu.Unlock()
	s.kept.take(handedOver(users))
	if s.kept.away {
		return
	}
	s.kept.fail(s.kept.waiting.spill())
	s.kept.fail(s.kept.bundle.Flush())
}

// handedOver is what all users hold, in the order of the due moments.
func handedOver(users []*user) (samples []measure.Sample) {
	for _, u := range users {
		if u != nil {
			samples = append(samples, u.handOver()...)
		}
	}
	slices.SortStableFunc(samples, func(a, b measure.Sample) int { return cmp.Compare(a.Due, b.Due) })
	return samples
}

// sofar is what is there of the phase while it runs.
func (s *shooter) sofar() (iter.Seq[*measure.Sample], *result.Stretch, error) {
	s.kept.mu.Lock()
	defer s.kept.mu.Unlock()
	stretch, err := s.kept.bundle.Of(s.cell, s.phase)
	if err != nil {
		return nil, nil, err
	}
	waiting, spilled := s.kept.waiting.now()
	var held []measure.Sample
	s.making.Lock()
	users := slices.Clone(s.users)
	s.making.Unlock()
	for _, u := range users {
		if u != nil {
			u.mu.Lock()
			held = append(held, u.samples...)
			u.mu.Unlock()
		}
	}
	return func(yield func(*measure.Sample) bool) {
		for sample := range stretch.Samples() {
			if !yield(sample) {
				return
			}
		}
		for sample := range waiting {
			if !yield(sample) {
				return
			}
		}
		if stretch.Join(spilled); stretch.Err() == nil {
			measure.All(held)(yield)
		}
	}, stretch, nil
}

// whole is all of the phase, as complete as it will be.
func (s *shooter) whole() (*result.Stretch, error) {
	s.kept.mu.Lock()
	defer s.kept.mu.Unlock()
	if err := errors.Join(s.kept.err, s.kept.waiting.settle()); err != nil {
		return nil, err
	}
	return s.kept.bundle.Of(s.cell, s.phase)
}
