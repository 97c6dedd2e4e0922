package link

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"sync"
	"time"
)

// Relay carries TCP connections over an emulated link. Close must be called.
type Relay struct {
	listener net.Listener
	to       string
	log      *slog.Logger
	began    time.Time
	up, down *line
	chunk    int
	ctx      context.Context // ends with Close
	cancel   context.CancelFunc
	work     sync.WaitGroup
}

// Listen opens a relay on loopback to an address. Log may be nil.
func Listen(ctx context.Context, to string, l Link, seed uint64, log *slog.Logger) (*Relay, error) {
	if err := l.Check(); err != nil {
		return nil, err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("open the relay of a link: %w", err)
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	r := &Relay{
		listener: listener, to: to, log: log, began: time.Now(), up: newLine(l, seed, 0), down: newLine(l, seed, 1),
		chunk: chunkOf(l.Rate),
	}
	r.ctx, r.cancel = context.WithCancel(context.WithoutCancel(ctx))
	r.work.Go(r.accept)
	return r, nil
}

// How many bytes go out at a time: a packet at least, and what takes about a millisecond on the line.
const (
	packet    = 1460
	mostChunk = 16 << 10
)

func chunkOf(rate int64) int {
	if rate == 0 {
		return mostChunk
	}
	return int(min(max(packet, rate/8/1000), mostChunk))
}

// Address is where the near end of the link listens.
func (r *Relay) Address() string { return r.listener.Addr().String() }

// Close ends all connections and waits until nothing is left of them.
func (r *Relay) Close() error {
	r.cancel()
	err := r.listener.Close()
	r.work.Wait()
	return err
}

func (r *Relay) accept() {
	for {
		near, err := r.listener.Accept()
		if err != nil {
			if !errors.Is(err, net.ErrClosed) {
				r.log.Error("accept a connection of a link", "error", err)
			}
			return
		}
		r.work.Go(func() { r.carry(near) })
	}
}

// carry carries one connection until both ends are done, or Close.
func (r *Relay) carry(near net.Conn) {
	defer near.Close()
	far, err := new(net.Dialer).DialContext(r.ctx, "tcp", r.to)
	if err != nil {
		r.log.Warn("reach the far end of a link", "error", err)
		return
	}
	defer far.Close()
	defer context.AfterFunc(r.ctx, func() { near.Close(); far.Close() })()
	// The handshake goes there and back before the first byte.
	opened := r.since() + 2*r.up.link.Delay
	var both sync.WaitGroup
	both.Go(func() { r.flow(near, far, r.up, opened) })
	both.Go(func() { r.flow(far, near, r.down, opened) })
	both.Wait()
}

func (r *Relay) since() time.Duration { return time.Since(r.began) }

// parcel is bytes under way and when they arrive.
type parcel struct {
	bytes   []byte
	arrives time.Duration
}

// underWay is how many parcels one connection may have on the line: more wait at the sender, as with a full window.
const underWay = 1024

// flow carries one direction of one connection. Bytes arrive in their order, and the end behind them.
func (r *Relay) flow(from, to net.Conn, l *line, opened time.Duration) {
	parcels := make(chan parcel, underWay)
	var delivering sync.WaitGroup
	delivering.Go(func() { r.deliver(to, parcels) })
	last := opened
	for {
		buffer := make([]byte, r.chunk)
		n, err := from.Read(buffer)
		if n > 0 {
			last = max(last, l.pass(max(r.since(), opened), n))
			parcels <- parcel{buffer[:n], last}
		}
		if err != nil {
			break
		}
	}
	close(parcels)
	delivering.Wait()
	if half, ok := to.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite() // who is gone need not be told
	}
}

// deliver writes parcels when they arrive. After a fault it only empties the line, so that the sender is not held up.
func (r *Relay) deliver(to io.Writer, parcels <-chan parcel) {
	var fault error
	timer := time.NewTimer(0)
	defer timer.Stop()
	for p := range parcels {
		if fault != nil {
			continue
		}
		if left := p.arrives - r.since(); left > 0 {
			timer.Reset(left)
			select {
			case <-timer.C:
			case <-r.ctx.Done():
				fault = r.ctx.Err()
				continue
			}
		}
		_, fault = to.Write(p.bytes)
	}
}
