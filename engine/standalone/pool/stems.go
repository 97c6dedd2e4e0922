package pool

import (
	"context"
	"fmt"
	"time"

	"wsk-scenario/engine/standalone/runtime"
)

// Stems is how many containers of a kind and size are kept started before it is known what they will run.
type Stems struct {
	Kind     string // such as nodejs:default
	Memory   int64  // MB; only actions of this size get them
	Count    int    // at the start, and always where they are not reactive
	Reactive *Reactive
	// Optional says that there are none where the kind cannot run here; the log tells. Otherwise that is an error.
	Optional bool
}

// stock keeps the stem cells: one goroutine starts them, whenever one was taken.
type stock struct {
	want  []Stems
	kinds []runtime.Kind
	taken chan struct{} // holds one
}

// newStock checks what is wanted.
func (p *Pool) newStock() error {
	if len(p.cfg.Stems) == 0 {
		return nil
	}
	if _, ok := p.driver.(Prewarmer); !ok {
		return fmt.Errorf("stem cells: the driver of the containers cannot start them ahead")
	}
	for _, s := range p.cfg.Stems {
		kind, err := runtime.Find(p.Kinds(), s.Kind)
		switch {
		case err != nil:
			return fmt.Errorf("stem cells: %w", err)
		case kind.Missing != "" && s.Optional:
			p.cfg.Log.Warn("there are no stem cells of a kind that cannot run here", "kind", kind.Family, "missing", kind.Missing)
			continue
		case kind.Missing != "":
			return fmt.Errorf("stem cells: %s cannot run here: %s", kind.Family, kind.Missing)
		case s.Memory < 1 || s.Count < 1:
			return fmt.Errorf("stem cells of %s: memory and count must be more than 0", s.Kind)
		}
		if s.Reactive != nil {
			if s.Reactive, err = s.Reactive.complete(); err != nil {
				return fmt.Errorf("stem cells of %s: %w", s.Kind, err)
			}
		}
		s.Kind = kind.Name
		p.stock.want, p.stock.kinds = append(p.stock.want, s), append(p.stock.kinds, kind)
	}
	if len(p.stock.want) == 0 {
		return nil
	}
	p.stock.taken = make(chan struct{}, 1)
	p.restock()
	for i, s := range p.stock.want {
		if s.Reactive != nil {
			p.work.Go(func() { p.react(s, p.stock.kinds[i]) })
		}
	}
	p.work.Go(p.keepStems) // last: what is wanted is its own from here on
	return nil
}

// restock has the stem cells counted again.
func (p *Pool) restock() {
	select {
	case p.stock.taken <- struct{}{}:
	default: // there are none to keep, or that is about to happen
	}
}

// keepStems starts stem cells until the pool is closed.
func (p *Pool) keepStems() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	for {
		select {
		case <-p.stock.taken:
		case <-p.stop:
			return
		}
		for i, s := range p.stock.want {
			p.fill(ctx, s, p.stock.kinds[i], s.Count)
			p.stock.want[i].Count = s.lasting()
		}
	}
}

// fill starts stem cells until there are as many as wanted.
func (p *Pool) fill(ctx context.Context, s Stems, kind runtime.Kind, wanted int) {
	for s.Count = wanted; p.addStem(ctx, s, kind); {
	}
}

// addStem starts one stem cell, unless there are enough or memory is short, and reports whether it did.
func (p *Pool) addStem(ctx context.Context, s Stems, kind runtime.Kind) bool {
	c := p.book.stem(s)
	if c == nil {
		return false
	}
	stem, err := p.prewarm(ctx, c, kind)
	if err != nil {
		p.cfg.Log.Warn("start a stem cell", "kind", kind.Name, "error", err)
		p.destroy(c)
		p.book.drop(c)
		return false
	}
	p.book.stemmed(c, stem)
	return true
}

func (p *Pool) prewarm(ctx context.Context, c *container, kind runtime.Kind) (Stem, error) {
	if err := p.makeFolder(c); err != nil {
		return nil, fmt.Errorf("make the folder of a container: %w", err)
	}
	return p.driver.(Prewarmer).Prewarm(ctx, kind, c.spec())
}

// stem enters one more stem cell; nil when there are enough, or when it would cost others their container.
func (b *book) stem(s Stems) *container {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.waiting) > 0 || b.used+s.Memory > b.capacity {
		return nil
	}
	have := 0
	for c := range b.all {
		if c.key == "" && c.kind == s.Kind && c.memory == s.Memory {
			have++
		}
	}
	if have >= s.Count {
		return nil
	}
	return b.create("", s.Kind, s.Memory)
}

// stemmed notes that a stem cell can be taken.
func (b *book) stemmed(c *container, process Stem) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c.process, c.state, c.idleSince = process, Stemmed, time.Now()
	b.stems = append(b.stems, c)
	b.serve() // somebody may have begun to wait for memory meanwhile
}
