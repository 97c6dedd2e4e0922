// Package fit compares what a plan needs of a target with what the target says of itself: limits, kinds, images. It asks
// nobody anything and creates nothing; run refuses by it, and doctor tells by it beforehand.
package fit

import "wsk-scenario/engine/plan"

// The chart values that lift the limits of invocations.
const (
	ChartPerMinute  = "whisk.limits.actionsInvokesPerminute"
	ChartConcurrent = "whisk.limits.actionsInvokesConcurrent"
)

// Callers is the most users of closed loads. How many calls of an open load meet is up to the target.
func Callers(p *plan.Plan) (most int) {
	for _, cell := range p.Cells {
		for _, ph := range cell.Phases {
			if ph.Load.Open == nil {
				most = max(most, ph.Load.AtOnce())
			}
		}
	}
	return most
}
