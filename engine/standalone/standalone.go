// Package standalone is the embedded OpenWhisk: a real HTTP server with OpenWhisk's REST API that runs actions as real
// processes. A cold start is a process started; nothing is simulated. The rooms: api speaks HTTP, entity holds the
// documents, invoke is the controller (throttles, activations, sequences), pool keeps the containers, runtime starts the
// processes. Whatever is reached here is reached over HTTP, by any client.
package standalone

import (
	"context"
	"log/slog"
	"time"
)

// GuestAuth is the credential that OpenWhisk's own chart and standalone ship. It is public, so it is no secret.
const GuestAuth = "23bc46b1-71f6-4ed5-8c54-816aa4f8c502:123zO3xZCLrMN6v2BKK1dXYFpXlPkccOFqm12CdAsMgRU4VrNZ9lyGVCGuMDGIwP"

// Config is how the server shall be. The zero value of a field means its default.
type Config struct {
	Listen      string        // address; 127.0.0.1:0 when empty
	Auth        string        // uuid:key of the guest namespace; GuestAuth when empty
	UserMemory  int64         // MB of action memory the invoker gives out; 2048 when 0
	IdleTimeout time.Duration // after which an unused warm container is removed; 10 minutes when 0
	PerMinute   int           // invocations per minute of a namespace; 60 when 0, as OpenWhisk's default
	Concurrent  int           // concurrent invocations of a namespace; 30 when 0
	RecordDelay time.Duration // how much later than the answer a record can be read; 0 is at once
	CacheDir    string        // where compiled launchers are kept; the user's cache folder when empty
	WorkDir     string        // where containers keep their files; a new temporary folder, removed on Close, when empty
	Log         *slog.Logger  // nil: silent
}

// Server is a running standalone OpenWhisk.
type Server struct{}

// Start listens and serves until Close. Processes live no longer than the server.
func Start(ctx context.Context, cfg Config) (*Server, error) { return &Server{}, nil }

// URL is the address for clients, such as http://127.0.0.1:34567.
func (s *Server) URL() string { return "" }

// Close stops accepting, waits for what is under way until ctx ends, then kills every container and removes the files.
func (s *Server) Close(ctx context.Context) error { return nil }
