package run

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"

	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/target"
	"wsk-scenario/engine/whisk"
	"wsk-scenario/engine/workers"
)

// crew is who sends a load together: processes of this machine, or workers on nodes of the target. What they say to each other
// is the same.
type crew struct {
	listener net.Listener // where they ask
	token    string
	access   whisk.Access // to OpenWhisk, as they have it
	start    func(ctx context.Context, i int) (target.Worker, error)
	where    func(i int) string // for people; empty on this machine
	dismiss  func(ctx context.Context) error
}

// hire finds the workers of a phase.
func (r *runner) hire(ctx context.Context, ph *plan.Phase) (*crew, error) {
	if ph.Load.On == "" {
		return r.neighbours()
	}
	place, can := r.opts.Target.(target.Workplace)
	if !can {
		r.note("the workers of phase %s are processes of this machine: %s has no nodes that they could run on", ph.Name, r.opts.Target.Name())
		return r.neighbours()
	}
	token := rand.Text()
	hired, err := place.Hire(ctx, ph.Load.On, token, ph.Load.Workers)
	if err != nil {
		return nil, fmt.Errorf("start workers on nodes of role %s: %w", ph.Load.On, err)
	}
	var dials []func(context.Context) (net.Conn, error)
	for i := range ph.Load.Workers {
		dials = append(dials, func(ctx context.Context) (net.Conn, error) { return hired.Dial(ctx, i) })
	}
	return &crew{
		listener: workers.Call(dials...), token: token, access: hired.Access(), dismiss: hired.Dismiss,
		start: func(_ context.Context, i int) (target.Worker, error) { return hired.Worker(i), nil },
		where: func(i int) string { return ", on " + hired.Node(i) },
	}, nil
}

// neighbours are processes of this machine.
func (r *runner) neighbours() (*crew, error) {
	if r.opts.Worker == nil {
		return nil, errors.New("there is nothing to start workers with")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for the workers of a load: %w", err)
	}
	at := workers.Post{URL: "http://" + listener.Addr().String(), Token: rand.Text()}
	return &crew{
		listener: listener, token: at.Token, access: r.access,
		start:   func(ctx context.Context, i int) (target.Worker, error) { return r.opts.Worker(ctx, at, i) },
		where:   func(int) string { return "" },
		dismiss: func(context.Context) error { return nil },
	}, nil
}
