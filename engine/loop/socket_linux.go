package loop

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Socket is a connection for the tasks of a loop: one of them at a time may read or write, and it pauses where a goroutine
// would block. A deadline may be set from any goroutine.
type Socket struct {
	loop          *Loop
	fd            int
	local, remote net.Addr
	deadline      atomic.Int64 // nanoseconds since the loop began; 0 for none
	waiting       *Task
	readable      bool // there may be something to read
	writable      bool // something may be written, after it could not
	ended         bool // the peer's end was seen: no edge will follow
	late          bool // the wait ended with the deadline
}

var _ net.Conn = (*Socket)(nil)

// Dial makes a connection with dial, while the running task pauses.
func (l *Loop) Dial(dial func() (net.Conn, error)) (*Socket, error) {
	var made net.Conn
	var err error
	l.Await(func() { made, err = dial() })
	if err != nil {
		return nil, err
	}
	defer made.Close()
	return l.adopt(made)
}

// adopt takes the descriptor of a connection out of the hands of the runtime, which would be woken with each answer.
func (l *Loop) adopt(from net.Conn) (*Socket, error) {
	has, ok := from.(syscall.Conn)
	if !ok {
		return nil, fmt.Errorf("a %T has no descriptor", from)
	}
	raw, err := has.SyscallConn()
	if err != nil {
		return nil, err
	}
	s := &Socket{loop: l, fd: -1, local: from.LocalAddr(), remote: from.RemoteAddr(), writable: true}
	var dupErr error
	if err := raw.Control(func(fd uintptr) { s.fd, dupErr = unix.FcntlInt(fd, unix.F_DUPFD_CLOEXEC, 0) }); err != nil {
		return nil, err
	}
	if dupErr != nil {
		return nil, os.NewSyscallError("dup", dupErr)
	}
	if err := l.poll.add(s.fd, unix.EPOLLIN|unix.EPOLLOUT|unix.EPOLLRDHUP); err != nil {
		return nil, errors.Join(os.NewSyscallError("epoll_ctl", err), unix.Close(s.fd))
	}
	l.poll.sockets[int32(s.fd)] = s
	return s, nil
}

// happened notes what was reported of the socket, and appends the task that waits for it.
func (s *Socket) happened(events uint32, ready []*Task) []*Task {
	const end = unix.EPOLLRDHUP | unix.EPOLLHUP | unix.EPOLLERR
	s.ended = s.ended || events&end != 0
	s.readable = s.readable || events&(unix.EPOLLIN|end) != 0
	s.writable = s.writable || events&(unix.EPOLLOUT|end) != 0
	if s.waiting == nil || !s.readable && !s.writable {
		return ready
	}
	ready = append(ready, s.waiting)
	s.waiting = nil
	return ready
}

// Quiet reports whether nothing has come that nobody asked for, above all not the end.
func (s *Socket) Quiet() bool {
	if s.ended || !s.readable {
		return !s.ended
	}
	// A read that got all it asked for does not know whether there is more.
	n, _, err := unix.Recvfrom(s.fd, make([]byte, 1), unix.MSG_PEEK|unix.MSG_DONTWAIT)
	s.readable = n > 0 || err != unix.EAGAIN
	return !s.readable
}

// wait pauses the running task until something happens to the socket.
func (s *Socket) wait() error {
	if at := s.deadline.Load(); at != 0 {
		deadline := s.loop.poll.began.Add(time.Duration(at))
		if !time.Now().Before(deadline) {
			return os.ErrDeadlineExceeded
		}
		s.loop.poll.expect(deadline)
	}
	s.waiting, s.late = s.loop.running, false
	s.loop.Pause()
	if s.late {
		return os.ErrDeadlineExceeded
	}
	return nil
}

func (s *Socket) Read(b []byte) (int, error) {
	for {
		for !s.readable {
			if err := s.wait(); err != nil {
				return 0, s.fault("read", err)
			}
		}
		n, err := unix.Read(s.fd, b)
		switch {
		case err == unix.EINTR:
			continue
		case err == unix.EAGAIN:
			s.readable = false
			continue
		case err != nil:
			return 0, s.fault("read", os.NewSyscallError("read", err))
		case n == 0 && len(b) > 0:
			return 0, io.EOF
		}
		s.readable = s.ended || n == len(b) // less than was asked for is all there is
		return n, nil
	}
}

func (s *Socket) Write(b []byte) (n int, err error) {
	for n < len(b) {
		got, err := unix.Write(s.fd, b[n:])
		switch {
		case err == unix.EINTR:
			continue
		case err == unix.EAGAIN:
			for s.writable = false; !s.writable; {
				if err := s.wait(); err != nil {
					return n, s.fault("write", err)
				}
			}
			continue
		case err != nil:
			return n, s.fault("write", os.NewSyscallError("write", err))
		}
		n += got
	}
	return n, nil
}

// fault is an error in the words of package net.
func (s *Socket) fault(op string, err error) error {
	return &net.OpError{Op: op, Net: "tcp", Source: s.local, Addr: s.remote, Err: err}
}

// Close closes the connection. Nobody may wait for it. A second time it is an error, and closes nothing that has the number of
// its descriptor by then.
func (s *Socket) Close() error {
	fd := s.fd
	if fd < 0 {
		return net.ErrClosed
	}
	s.fd = -1
	delete(s.loop.poll.sockets, int32(fd))
	return unix.Close(fd)
}

// SetDeadline bounds reads and writes; none with the zero time.
func (s *Socket) SetDeadline(t time.Time) error {
	if t.IsZero() {
		s.deadline.Store(0)
		return nil
	}
	s.deadline.Store(max(1, int64(t.Sub(s.loop.poll.began))))
	if !time.Now().Before(t) {
		s.loop.poll.expired.Store(true)
		s.loop.poll.wake()
	}
	return nil
}

// SetReadDeadline is SetDeadline: one task uses the socket at a time.
func (s *Socket) SetReadDeadline(t time.Time) error { return s.SetDeadline(t) }

// SetWriteDeadline is SetDeadline: one task uses the socket at a time.
func (s *Socket) SetWriteDeadline(t time.Time) error { return s.SetDeadline(t) }

// LocalAddr is this end's address.
func (s *Socket) LocalAddr() net.Addr { return s.local }

// RemoteAddr is the other end's address.
func (s *Socket) RemoteAddr() net.Addr { return s.remote }
