//go:build !linux

package load

import (
	"context"
	"errors"
)

// Kernel is only known of Linux.
func Kernel(context.Context) (Waiter, error) {
	return nil, errors.New("timerfd: " + errors.ErrUnsupported.Error())
}
