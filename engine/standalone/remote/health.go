package remote

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"io"
	"net/http"
	"slices"
	"time"

	"wsk-scenario/engine/standalone/balancer"
	"wsk-scenario/engine/standalone/pool"
)

// end is how an activation ended, as far as it tells of its invoker.
type end int

// The ends. What an action itself does wrong is none of the invoker's business.
const (
	well    end = iota
	failed      // an error of the platform
	unheard     // nothing was heard of it
)

// How many ends of activations OpenWhisk's load balancer remembers of an invoker, and how many bad ones of a sort among them
// it bears with.
const (
	remembered = 10
	tolerated  = 3
)

// ends are the last ones on an invoker, the oldest first.
type ends []end

func (e *ends) add(x end) {
	*e = append(*e, x)
	*e = (*e)[max(0, len(*e)-remembered):]
}

// state is what the ends say of an invoker that says that it is there.
func (e ends) state() balancer.State {
	count := func(x end) (n int) {
		for _, y := range e {
			if x == y {
				n++
			}
		}
		return n
	}
	switch {
	case count(failed) > tolerated:
		return balancer.Unhealthy
	case count(unheard) > tolerated:
		return balancer.Unresponsive
	}
	return balancer.Up
}

// watched is an invoker of which it is noted how its activations end.
type watched struct {
	registry *Registry
	guest    *guest
	client   *Client
}

// Invoke runs one activation there.
func (w watched) Invoke(ctx context.Context, r pool.Request) pool.Outcome {
	overdue := time.AfterFunc(pool.Patience(r.Action.Timeout), func() { w.registry.note(w, unheard) })
	o := w.client.Invoke(ctx, r)
	if overdue.Stop() && ctx.Err() == nil {
		w.registry.note(w, endOf(o))
	}
	return o
}

func endOf(o pool.Outcome) end {
	switch {
	case o.Lost:
		return unheard
	case o.Status == pool.WhiskError:
		return failed
	}
	return well
}

// note remembers how an activation ended. What happened in a former life of the invoker does not count.
func (r *Registry) note(w watched, x end) {
	r.mu.Lock()
	defer r.mu.Unlock()
	g := w.guest
	if g.client != w.client {
		return
	}
	g.ends.add(x)
	if g.state != balancer.Down {
		r.set(g, g.ends.state())
	}
}

// testTime is how long a test may take, and how long after one that went wrong comes the next.
const testTime = time.Minute

// ailing are the invokers that say that they are there, cannot be used, and are not being tested yet.
func (r *Registry) ailing() (list []watched) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, g := range r.guests {
		if g.ails() && !g.healing {
			g.healing = true
			list = append(list, watched{r, g, g.client})
		}
	}
	return list
}

func (g *guest) ails() bool { return g.state != balancer.Up && g.state != balancer.Down }

// heal tests an invoker until it is healthy again, down or another one: at once, after each test that went well, and else
// every minute.
func (r *Registry) heal(ctx context.Context, w watched) {
	for r.goesOn(w) && ctx.Err() == nil {
		limited, cancel := context.WithTimeout(ctx, testTime)
		x := w.client.test(limited, r.kindOf(w))
		cancel()
		if ctx.Err() != nil {
			return
		}
		r.note(w, x)
		if x == well {
			continue
		}
		select {
		case <-time.After(r.retest):
		case <-ctx.Done():
		}
	}
}

// goesOn reports whether an invoker is to be tested once more.
func (r *Registry) goesOn(w watched) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if w.guest.client != w.client {
		return false // in its new life it is well
	}
	w.guest.healing = w.guest.ails()
	return w.guest.healing
}

// kindOf is the Node.js that an invoker has, if any.
func (r *Registry) kindOf(w watched) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	kinds := w.guest.hello.Kinds
	for _, name := range ready(kinds) {
		i := slices.IndexFunc(kinds, func(k kind) bool { return k.Name == name && k.Family == "nodejs" })
		if i >= 0 {
			return name
		}
	}
	return ""
}

// test finds out whether the invoker is well: it runs the action with which OpenWhisk does so. Where there is no Node.js,
// it is enough that it answers.
func (c *Client) test(ctx context.Context, kind string) end {
	if kind == "" {
		return c.ping(ctx)
	}
	var id [16]byte
	_, _ = rand.Read(id[:]) // never fails
	const name = "whisk.system/invokerHealthTestAction0"
	o := c.Invoke(ctx, pool.Request{
		ActivationID: hex.EncodeToString(id[:]), Transaction: "sid_invokerHealth",
		Action: pool.Action{
			Namespace: "whisk.system", Path: name, Version: "0.0.1", Key: name, Kind: kind, Timeout: testTime, Memory: testMemory,
			Code: []byte("function main(params) { return params; }"), Concurrency: 1,
		},
	})
	if ctx.Err() != nil {
		return unheard
	}
	return endOf(o)
}

// testMemory is the least that an action can have, in MB.
const testMemory = 128

func (c *Client) ping(ctx context.Context) end {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url+pingPath, nil)
	if err != nil {
		return unheard
	}
	answer, err := c.http.Do(req)
	if err != nil {
		return unheard
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil || answer.StatusCode != http.StatusOK {
		return unheard
	}
	return well
}
