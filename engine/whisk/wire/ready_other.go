//go:build !unix

package wire

import (
	"errors"
	"net"
)

// Supported reports whether an unused connection can be asked here if the server has closed it.
const Supported = false

type readiness struct{}

func (*readiness) of(net.Conn) error { return errors.ErrUnsupported }

func (*readiness) quiet() bool { return false }

func (*readiness) send(head, body []byte) ([]byte, []byte, bool) { return head, body, false }
