package pool

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"wsk-scenario/engine/standalone/runtime"
)

// Reactive makes the number of stem cells follow how many cold starts there were that they would have spared, as
// OpenWhisk's reactive stem cells do. A zero field means its default, that of OpenWhisk's Node.js.
type Reactive struct {
	Min, Max             int           // between which the number stays; 1 and 4 when 0
	TTL                  time.Duration // after which one that nobody took goes, down to Min; 2 minutes when 0
	Threshold, Increment int           // for so many cold starts of an interval, so many stem cells; 1 and 1 when 0
	Interval             time.Duration // 1 minute when 0
}

func (r *Reactive) complete() (*Reactive, error) {
	c := Reactive{
		Min: cmp.Or(r.Min, 1), Max: cmp.Or(r.Max, 4), TTL: cmp.Or(r.TTL, 2*time.Minute),
		Threshold: cmp.Or(r.Threshold, 1), Increment: cmp.Or(r.Increment, 1), Interval: cmp.Or(r.Interval, time.Minute),
	}
	if c.Min < 1 || c.Max < c.Min || c.TTL < 0 || c.Threshold < 1 || c.Increment < 1 || c.Interval < 0 {
		return nil, errors.New("min, max, threshold and increment must be more than 0, and min not more than max")
	}
	return &c, nil
}

// wanted is how many stem cells there shall be after so many cold starts in an interval.
func (r *Reactive) wanted(cold int) int {
	return min(max(cold/r.Threshold*r.Increment, r.Min), r.Max)
}

// lasting is how many stem cells are kept when one is taken: of reactive ones, only the fewest.
func (s Stems) lasting() int {
	if s.Reactive == nil {
		return s.Count
	}
	return s.Reactive.Min
}

// react counts the cold starts of each interval, lets old stem cells go, and starts as many as are wanted then, until the
// pool is closed.
//
//	|―― interval, n cold starts ――|―― interval ――|
//	                              └ as many as n asks for, at most Max
func (p *Pool) react(s Stems, kind runtime.Kind) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	tick := time.NewTicker(s.Reactive.Interval)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-p.stop:
			return
		}
		cold, old := p.book.turnover(s, time.Now())
		for _, c := range old {
			p.destroy(c)
			p.book.drop(c)
		}
		p.fill(ctx, s, kind, s.Reactive.wanted(cold))
	}
}

// sort is what stem cells and cold starts are counted by.
type sort struct {
	kind   string
	memory int64
}

// turnover returns how many cold starts of a sort there were since the last call, and takes out the stem cells that have
// waited too long, but for the fewest that there shall be; they are to be destroyed and dropped.
func (b *book) turnover(s Stems, now time.Time) (cold int, old []*container) {
	b.mu.Lock()
	defer b.mu.Unlock()
	of := sort{s.Kind, s.Memory}
	cold = b.colds[of]
	delete(b.colds, of)
	spare := -s.Reactive.Min
	for _, c := range b.stems {
		if c.kind == s.Kind && c.memory == s.Memory {
			spare++
		}
	}
	b.stems = slices.DeleteFunc(b.stems, func(c *container) bool {
		if spare <= 0 || c.kind != s.Kind || c.memory != s.Memory || now.Sub(c.idleSince) < s.Reactive.TTL {
			return false
		}
		spare--
		old = append(old, c)
		return true
	})
	return cold, old
}

// countCold notes a cold start. The caller holds the lock.
func (b *book) countCold(a *Action) {
	if b.colds == nil {
		b.colds = map[sort]int{}
	}
	b.colds[sort{a.Kind, a.Memory}]++
}
