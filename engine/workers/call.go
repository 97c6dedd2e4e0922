package workers

import (
	"context"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// A worker that cannot reach the coordinator, because there is no way from its network to that one, is called: the coordinator
// makes the connections, and the worker asks over them.
//
//	coordinator                                   worker
//	   Call ──────────── connects ────────────────► Called
//	   Serve answers on it        ◄── asks over it ── Join
//
// lines is how many connections wait at each worker: it asks three things at a time at most.
const lines = 4

// redial is from a connection that broke at once to the next attempt.
const redial = 200 * time.Millisecond

// Call returns a listener whose connections are made from here: by each of dials, to a worker of its own. It makes new ones for
// those that end, until it is closed.
func Call(dials ...func(context.Context) (net.Conn, error)) net.Listener {
	ctx, stop := context.WithCancel(context.Background())
	c := &calls{made: make(chan net.Conn), ctx: ctx, stop: stop}
	for _, dial := range dials {
		for range lines {
			c.work.Go(func() { c.keep(dial) })
		}
	}
	return c
}

// calls is a listener that makes its connections itself.
type calls struct {
	made chan net.Conn
	ctx  context.Context // of the listener's own life
	stop context.CancelFunc
	work sync.WaitGroup
}

// keep keeps one connection to a worker.
func (c *calls) keep(dial func(context.Context) (net.Conn, error)) {
	for c.ctx.Err() == nil {
		began := time.Now()
		if conn, err := dial(c.ctx); err == nil {
			c.hand(&watched{Conn: conn, closed: make(chan struct{})})
		}
		if time.Since(began) < redial {
			select {
			case <-c.ctx.Done():
			case <-time.After(redial):
			}
		}
	}
}

// hand gives a connection to who accepts, and waits until it is closed.
func (c *calls) hand(conn *watched) {
	select {
	case c.made <- conn:
	case <-c.ctx.Done():
		_ = conn.Close() // nobody has asked over it
		return
	}
	select {
	case <-conn.closed:
	case <-c.ctx.Done(): // who has accepted it closes it
	}
}

// Accept is the next connection that was made.
func (c *calls) Accept() (net.Conn, error) {
	select {
	case conn := <-c.made:
		return conn, nil
	case <-c.ctx.Done():
		return nil, net.ErrClosed
	}
}

// Close makes no more connections.
func (c *calls) Close() error {
	c.stop()
	c.work.Wait()
	return nil
}

// Addr is none.
func (c *calls) Addr() net.Addr { return &net.TCPAddr{} }

// watched is a connection that tells when it was closed.
type watched struct {
	net.Conn
	once   sync.Once
	closed chan struct{}
}

func (w *watched) Close() error {
	w.once.Do(func() { close(w.closed) })
	return w.Conn.Close()
}

// firstCall is how long a worker waits to be called for the first time, nextCall for every other.
const (
	firstCall = 5 * time.Minute
	nextCall  = 10 * time.Second
)

// Called is where a worker is called.
type Called struct {
	listener *net.TCPListener
	began    time.Time
	mu       sync.Mutex  // held by who waits for a call; others wait for him, and no longer than they would by themselves
	before   atomic.Bool // somebody has called
}

// BeCalled waits for calls on an address. Close must be called.
func BeCalled(address string) (*Called, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("wait for the coordinator: %w", err)
	}
	return &Called{listener: listener.(*net.TCPListener), began: time.Now()}, nil
}

// Dial is a connection that the coordinator has made, for Post.
func (c *Called) Dial(ctx context.Context, _, _ string) (net.Conn, error) {
	deadline := time.Now().Add(nextCall)
	if !c.before.Load() {
		deadline = c.began.Add(firstCall)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.listener.SetDeadline(deadline); err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { _ = c.listener.SetDeadline(time.Now()) })
	defer stop()
	conn, err := c.listener.Accept()
	if err != nil && !c.before.Load() { // one need not ask again
		return nil, &refusal{"the coordinator did not call", err.Error()}
	}
	c.before.Store(true)
	return conn, err
}

// Close waits for no more calls.
func (c *Called) Close() error { return c.listener.Close() }
