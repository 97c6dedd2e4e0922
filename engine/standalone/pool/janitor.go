package pool

import (
	"math"
	"time"
)

// clean pauses and removes containers that nobody uses, until the pool is closed.
func (p *Pool) clean() {
	for {
		next := min(p.remove(p.cfg.IdleTimeout), p.pause(p.cfg.PauseGrace))
		timer := time.NewTimer(next)
		select {
		case <-timer.C:
		case <-p.stop:
			timer.Stop()
			return
		}
	}
}

// remove ends the containers that were idle for at least that long, and returns when to look again.
func (p *Pool) remove(idle time.Duration) time.Duration {
	gone, next := p.book.expired(time.Now(), idle)
	for _, c := range gone {
		p.destroy(c)
		p.book.drop(c)
	}
	return next
}

// pause stops the containers that were idle for at least that long, and returns when to look again.
func (p *Pool) pause(grace time.Duration) time.Duration {
	if grace < 0 {
		return math.MaxInt64
	}
	for {
		c, next := p.book.pausable(time.Now(), grace)
		if c == nil {
			return next
		}
		if err := c.process.(Pauser).Pause(); err != nil {
			p.destroy(c)
			p.book.drop(c)
			continue
		}
		p.book.paused(c)
	}
}

// hunt ends what outlives its container, until the pool is closed.
func (p *Pool) hunt() {
	tick := time.NewTicker(strayEvery)
	defer tick.Stop()
	for looks := 0; ; {
		select {
		case <-tick.C:
		case <-p.stop:
			return
		}
		if p.ended.Swap(false) {
			looks = 2 // at the first, the container may still be in the book
		}
		if looks > 0 {
			looks--
			p.endStrays()
		}
	}
}

// tearDown is the part of Close that is done once nobody is inside any more.
func (p *Pool) tearDown() error {
	close(p.stop)
	p.work.Wait()
	p.remove(math.MinInt64) // all of them
	p.destroy(p.book.stems...)
	p.driver.Close()
	endAll(p.folder)
	return removeTree(p.folder)
}
