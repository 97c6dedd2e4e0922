package run

import (
	"errors"
	"iter"
	"slices"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/result"
)

// mostHeld is how many samples of a backlog stay in memory.
const mostHeld = 20_000

// backlog is samples that wait for their records: some in memory, and on disk where they are many or shall outlive a crash.
type backlog struct {
	bundle *result.Bundle
	held   []measure.Sample
	file   *result.Waiting // nil until it is needed
}

// add appends samples.
func (b *backlog) add(samples ...measure.Sample) error {
	if b.held = append(b.held, samples...); len(b.held) < mostHeld {
		return nil
	}
	return b.spill()
}

// spill brings all to the disk.
func (b *backlog) spill() (err error) {
	if len(b.held) == 0 {
		return nil
	}
	if b.file == nil {
		if b.file, err = b.bundle.Waiting(); err != nil {
			return err
		}
	}
	err = b.file.Add(b.held)
	b.held = b.held[:0]
	return err
}

func (b *backlog) len() int {
	if b.file == nil {
		return len(b.held)
	}
	return len(b.held) + b.file.Len()
}

// each hands over all samples, some thousands at a time.
func (b *backlog) each(some func([]measure.Sample) error) error {
	if b.file != nil {
		if err := b.file.Each(some); err != nil {
			return err
		}
	}
	return some(b.held)
}

// now is what waits at this moment. It is good for as long as the backlog is.
func (b *backlog) now() (iter.Seq[*measure.Sample], *result.Stretch) {
	held := slices.Clone(b.held)
	if b.file == nil {
		return measure.All(held), new(result.Stretch)
	}
	stretch := b.file.Stretch()
	return func(yield func(*measure.Sample) bool) {
		for s := range stretch.Samples() {
			if !yield(s) {
				return
			}
		}
		measure.All(held)(yield)
	}, stretch
}

// close forgets what there is.
func (b *backlog) close() error {
	b.held = nil
	if b.file == nil {
		return nil
	}
	err := b.file.Close()
	b.file = nil
	return err
}

// settle brings the samples of a backlog to the bundle as they are.
func (b *backlog) settle() error {
	return errors.Join(b.each(b.bundle.Add), b.close())
}
