package load

import (
	"context"
	"time"
)

// Outlive returns a context that goes on for grace after ctx has ended, so that what is under way can come to its end, and
// what releases it.
func Outlive(ctx context.Context, grace time.Duration) (context.Context, func()) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		select {
		case <-time.After(grace):
			cancel()
		case <-longer.Done():
		}
	})
	return longer, func() {
		stop()
		cancel()
	}
}
