package standalone

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"wsk-scenario/engine/standalone/balancer"
	"wsk-scenario/engine/standalone/link"
	"wsk-scenario/engine/standalone/pool"
	"wsk-scenario/engine/standalone/remote"
)

// farNode is a node behind an emulated link. What goes to its invoker really goes over the wire, as to one in another
// place, and the link lies in between:
//
//	load balancer ─▶ client ══▶ relay ══▶ handler ─▶ containers
type farNode struct {
	client  *remote.Client
	relay   *link.Relay
	server  *http.Server
	serving sync.WaitGroup
}

// headerTime is how long the head of a request may take, over the slowest link. A whole one may take as long as it does.
const headerTime = time.Minute

// reach returns the invoker of a node: its containers themselves, or what stands before them at this end of the link.
func (f *fleet) reach(ctx context.Context, cfg Config, n Node, containers *pool.Pool) (balancer.Invoker, error) {
	if n.Link.None() {
		return containers, nil
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen at the far end of its link: %w", err)
	}
	seed := cfg.Seed + uint64(len(f.nodes))
	relay, err := link.Listen(ctx, listener.Addr().String(), n.Link, seed, cfg.Log)
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	token := rand.Text() // others of this machine can connect, too
	far := &farNode{
		client: remote.NewClient("http://"+relay.Address(), token), relay: relay,
		server: &http.Server{Handler: remote.NewHandler(containers, token), ReadHeaderTimeout: headerTime},
	}
	far.serving.Go(func() {
		if err := far.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			cfg.Log.Error("serve the far end of a link", "node", n.Name, "error", err)
		}
	})
	f.far = append(f.far, far)
	return far.client, nil
}

// before puts what invokers say in other processes before the API, which has no such route.
func (f fleet) before(api http.Handler) http.Handler {
	if f.registry == nil {
		return api
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && r.URL.Path == "/invokers" {
			f.registry.ServeHTTP(w, r)
			return
		}
		api.ServeHTTP(w, r)
	})
}

// close ends the connections to the node; nothing is under way any more.
func (n *farNode) close(ctx context.Context) error {
	n.client.Close()
	err := n.server.Shutdown(ctx)
	if err != nil {
		err = errors.Join(fmt.Errorf("close the connections to a node: %w", err), n.server.Close())
	}
	err = errors.Join(err, n.relay.Close())
	n.serving.Wait()
	return err
}
