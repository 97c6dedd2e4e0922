package cluster

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	kerrors "k8s.io/apimachinery/pkg/api/errors"
	utilnet "k8s.io/apimachinery/pkg/util/net"
)

// pollEvery is how often something is looked at that one waits for.
const pollEvery = 250 * time.Millisecond

// poll looks until done, an error, or the end of ctx, which the error then names.
func poll(ctx context.Context, what string, done func(context.Context) (bool, error)) error {
	ticker := time.NewTicker(pollEvery)
	defer ticker.Stop()
	for {
		ok, err := done(ctx)
		if ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for %s: %w", what, ctx.Err())
		case <-ticker.C:
		}
	}
}

// ignoreShort is nil for errors that a restart of the API server explains: one asks again, until the deadline.
func ignoreShort(err error) error {
	var netErr net.Error
	switch {
	case err == nil, kerrors.IsNotFound(err), kerrors.IsServerTimeout(err), kerrors.IsTooManyRequests(err),
		kerrors.IsServiceUnavailable(err), kerrors.IsInternalError(err), kerrors.IsTimeout(err),
		utilnet.IsConnectionRefused(err), utilnet.IsConnectionReset(err), utilnet.IsProbableEOF(err), errors.As(err, &netErr):
		return nil
	}
	return err
}
