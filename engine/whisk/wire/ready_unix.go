//go:build unix

package wire

import (
	"fmt"
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// Supported reports whether an unused connection can be asked here if the server has closed it.
const Supported = true

// readiness asks the system whether there is something to read on a socket.
type readiness struct {
	raw   syscall.RawConn
	ask   func(fd uintptr) // made once: a closure for each question would be allocated
	poll  [1]unix.PollFd
	still bool
}

func (r *readiness) of(socket net.Conn) error {
	tcp, ok := socket.(syscall.Conn)
	if !ok {
		return fmt.Errorf("a %T has no descriptor", socket)
	}
	raw, err := tcp.SyscallConn()
	r.raw = raw
	r.ask = func(fd uintptr) {
		r.poll[0] = unix.PollFd{Fd: int32(fd), Events: unix.POLLIN}
		n, err := unix.Poll(r.poll[:], 0)
		for err == unix.EINTR {
			n, err = unix.Poll(r.poll[:], 0)
		}
		r.still = n == 0 && err == nil
	}
	return err
}

// quiet reports that there is nothing to read, not even the end.
func (r *readiness) quiet() bool {
	r.still = false
	return r.raw.Control(r.ask) == nil && r.still
}

// send gives the system what it takes at once of a request, with one call. It returns what is left, and whether that is
// nothing. An error shows when the rest is written, or the answer read.
func (r *readiness) send(head, body []byte) (restHead, restBody []byte, done bool) {
	n := 0
	err := r.raw.Write(func(fd uintptr) bool {
		var err error
		for n, err = unix.Writev(int(fd), [][]byte{head, body}); err == unix.EINTR; {
			n, err = unix.Writev(int(fd), [][]byte{head, body})
		}
		return true // also when it took nothing
	})
	if err != nil || n <= 0 {
		return head, body, false
	}
	if n < len(head) {
		return head[n:], body, false
	}
	body = body[n-len(head):]
	return nil, body, len(body) == 0
}
