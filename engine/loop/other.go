//go:build !linux

package loop

import (
	"errors"
	"net"
	"time"
)

// poller is not built for this system.
type poller struct{}

func newPoller() (*poller, error) { return nil, errors.ErrUnsupported }

func (*poller) close() error { return nil }

func (*poller) wake() {}

func (*poller) wait(_ time.Time, ready []*Task) []*Task { return ready }

// Socket is a connection for the tasks of a loop. There is none on this system.
type Socket struct{ net.Conn }

// Quiet reports whether nothing has come that nobody asked for.
func (*Socket) Quiet() bool { return false }

// Dial fails: no loop can be made on this system.
func (*Loop) Dial(func() (net.Conn, error)) (*Socket, error) { return nil, errors.ErrUnsupported }
