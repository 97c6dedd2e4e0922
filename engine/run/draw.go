package run

import (
	"iter"

	"wsk-scenario/engine/measure"
)

// draw computes the figures of the report from what is on disk.
func (r *runner) draw() {
	r.result.Draw(func(cell, phase int) iter.Seq[*measure.Sample] {
		stretch, err := r.bundle.Of(cell, phase)
		if err != nil {
			r.broken(err)
			return measure.All(nil)
		}
		return stretch.Samples()
	})
}
