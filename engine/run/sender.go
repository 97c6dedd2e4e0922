package run

import (
	"context"

	"wsk-scenario/engine/load"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/whisk"
)

// sender makes one call of a user after the other. body is nil where all calls send the same.
type sender interface {
	send(ctx context.Context, body []byte, transaction string) whisk.Answer
}

// send makes a call with a sender. On a loop, one that is not made for it gets a goroutine of its own, so that it is in nobody's
// way.
func (s *shooter) send(ctx context.Context, with sender, body []byte, transaction string) whisk.Answer {
	_, made := with.(invocation)
	if _, fires := with.(fire); made || fires || s.loop == nil {
		return with.send(ctx, body, transaction)
	}
	return s.sendAside(ctx, with, body, transaction)
}

func (s *shooter) sendAside(ctx context.Context, with sender, body []byte, transaction string) (a whisk.Answer) {
	s.loop.Await(func() { a = with.send(ctx, body, transaction) })
	return a
}

// invocation invokes an action or a sequence.
type invocation struct {
	client *whisk.Client
	call   *whisk.Call
}

func (i invocation) send(ctx context.Context, body []byte, transaction string) whisk.Answer {
	call := i.call
	if body != nil {
		call = call.With(body)
	}
	return i.client.Invoke(ctx, call, transaction)
}

// invocations are those of the names under which a target was created.
func (r *runner) invocations(ph *plan.Phase, s *shooter, names []string, payload []byte) []sender {
	senders := make([]sender, len(names))
	for i, name := range names {
		call := r.client.Prepare(name, whisk.Wait(ph.Blocking), payload).Within(s.timeout).Alone()
		if s.expect != nil || len(s.extracted) > 0 {
			call = call.Keep()
		}
		senders[i] = invocation{s.client, call}
	}
	return senders
}

// others are the calls of a phase that does not invoke: nil for one that does.
func (r *runner) others(ctx context.Context, ph *plan.Phase, s *shooter, made *entities, payload []byte) ([][]sender, error) {
	switch {
	case ph.Exec != nil:
		return [][]sender{{r.programOf(ph)}}, nil
	case ph.Fire != "":
		call := r.client.PrepareFire(made.name[ph.Fire], payload).Within(ph.Timeout).Alone()
		return [][]sender{{fire{invocation{s.client, call}}}}, nil
	case ph.Request != nil:
		senders, err := r.requestsOf(ctx, ph, made, payload)
		return [][]sender{senders}, err
	}
	return nil, nil
}

// turn is whose turn it is among the copies of a target.
func (u *user) turn(which, ordinal int) sender {
	copies := u.calls[which]
	return copies[ordinal%len(copies)]
}

// ordinal is that of a call among all calls of the phase, as far as users go at one speed.
func (s *shooter) ordinal(c load.Call) int {
	if s.open {
		return c.Seq
	}
	return c.Seq*len(s.users) + c.User
}
