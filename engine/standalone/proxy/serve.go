package proxy

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"
)

const headerTime = time.Minute // within which a request's header comes

// Serve is a container until ctx ends. Then it refuses further runs and lets those under way go on, until whoever ended it
// loses patience.
func Serve(ctx context.Context, listener net.Listener, cfg Config) error {
	p, err := New(cfg)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	server := &http.Server{Handler: p.Handler(), ReadHeaderTimeout: headerTime}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err = <-ended:
		return errors.Join(err, p.Close())
	case <-ctx.Done():
	}
	p.Refuse()
	err = server.Shutdown(context.WithoutCancel(ctx)) // ends when the last run does, or with the process
	<-ended
	return errors.Join(err, p.Close())
}
