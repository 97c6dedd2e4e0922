package run

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"wsk-scenario/engine/result"
	"wsk-scenario/engine/target"
)

// usageWait bounds one reading, mostTold how many faults are noted: those of a network often differ by a number alone.
const (
	usageWait = 10 * time.Second
	mostTold  = 5
)

// usage collects what the nodes use while the run goes.
type usage struct {
	r     *runner
	from  target.Metered
	nodes map[string]*result.UsageSeries
	last  map[string]time.Time // of each node's last reading, by the clock of its source
	told  map[string]bool      // faults that were noted
}

// metering reads what the nodes of the target use, until the returned function is called, which puts it into the result.
func (r *runner) metering(ctx context.Context) (stop func()) {
	from, can := r.opts.Target.(target.Metered)
	if !can {
		r.fact("used by its nodes", "not measured: "+r.opts.Target.Name()+" does not tell")
		return func() {}
	}
	u := &usage{r: r, from: from, nodes: map[string]*result.UsageSeries{}, last: map[string]time.Time{}, told: map[string]bool{}}
	going, cancel := context.WithCancel(ctx)
	var reading sync.WaitGroup
	reading.Go(func() { u.loop(going) })
	return func() {
		cancel()
		reading.Wait()
		u.read(context.WithoutCancel(ctx)) // the last stretch, which is all of a short run
		u.finish()
	}
}

func (u *usage) loop(ctx context.Context) {
	ticker := time.NewTicker(u.from.UsageEvery())
	defer ticker.Stop()
	for {
		u.read(ctx)
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// read takes one reading of each node.
func (u *usage) read(ctx context.Context) {
	bounded, cancel := context.WithTimeout(ctx, usageWait)
	defer cancel()
	list, err := u.from.Usage(bounded)
	at := time.Since(u.r.anchor).Milliseconds()
	if err != nil && ctx.Err() == nil {
		for line := range strings.Lines(err.Error()) {
			if line = strings.TrimSpace(line); !u.told[line] && len(u.told) < mostTold {
				u.told[line] = true
				u.r.note("not measured, or not all of the time: %s", line)
			}
		}
	}
	for _, one := range list {
		if u.last[one.Node].Equal(one.At) {
			continue
		}
		u.last[one.Node] = one.At
		series := u.nodes[one.Node]
		if series == nil {
			series = &result.UsageSeries{Usage: result.Usage{Node: one.Node}}
			u.nodes[one.Node] = series
		}
		series.Source, series.CPUs, series.Memory = one.Source, one.CPUs, one.MemoryTotal
		series.Add(at, int64(one.CPU*1000+.5), one.Memory>>10)
	}
}

// finish puts the series into the result, and what they come to among the facts.
func (u *usage) finish() {
	for _, series := range u.nodes {
		if len(series.At) > 0 {
			u.r.result.Usage = append(u.r.result.Usage, series.Usage)
		}
	}
	slices.SortFunc(u.r.result.Usage, func(a, b result.Usage) int { return strings.Compare(a.Node, b.Node) })
	for i := range u.r.result.Usage {
		one := &u.r.result.Usage[i]
		u.r.fact("used by "+one.Node, one.Text())
	}
	if len(u.nodes) == 0 && len(u.told) == 0 {
		u.r.note("what the nodes use is not measured: the run was over before the first reading")
	}
}
