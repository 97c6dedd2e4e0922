// Package api speaks OpenWhisk's REST API: routes, credentials, bodies, queries, statuses and error texts, such that the
// clients of OpenWhisk cannot tell the difference. It decides nothing about documents or activations.
package api

import (
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"wsk-scenario/engine/standalone/balancer"
	"wsk-scenario/engine/standalone/entity"
	"wsk-scenario/engine/standalone/invoke"
)

// MaxWait is how long a blocking call is held at most.
const MaxWait = 60 * time.Second

// Config is what the API serves. All fields but Log, LocalOnly and Metrics are required.
type Config struct {
	Store      *entity.Store
	Controller *invoke.Controller
	Invokers   *balancer.Balancer
	Rules      entity.Rules
	Namespaces []invoke.Namespace                           // who may come in; the limits of the first are the ones told to everybody
	LocalOnly  bool                                         // refuse pages of other origins; for credentials that everybody knows
	Metrics    func(w io.Writer) error                      // writes what /metrics shows; nil: there is no such path
	Prepare    func(ctx context.Context, kind string) error // makes ready what actions of a kind need beside their code
	Log        *slog.Logger
}

// Handler serves the API.
type Handler struct {
	cfg  Config
	keys []key // of the namespaces
}

// New makes a handler.
func New(cfg Config) *Handler {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &Handler{cfg: cfg, keys: keysOf(cfg.Namespaces)}
}

// exchange is one request and what its answer needs.
type exchange struct {
	w        http.ResponseWriter
	r        *http.Request
	id       string // transaction id
	received time.Time
	payload  int64 // how large the arguments of an invocation may be, in bytes

	who        *invoke.Namespace // whose credential came with it; nil when none was asked for
	name       entity.Name       // what the path names, by the routes of its collection
	web        webCall           // what it names, of a web action
	activation string
	show       func(*invoke.Record) any
}

// Headers that are the same on every answer; sharing the slices keeps the warm path lean.
var (
	allowOrigin  = []string{"*"}
	allowHeaders = []string{"Authorization, Origin, X-Requested-With, Content-Type, Accept, User-Agent"}
	allowMethods = []string{"GET, DELETE, POST, PUT, HEAD"}
	jsonContent  = []string{"application/json"}
)

// ServeHTTP serves one request.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if level := levelOf(r); h.cfg.Log.Enabled(r.Context(), level) {
		watched := &watched{ResponseWriter: w, status: http.StatusOK, level: level}
		defer h.logRequest(watched, r, h.cfg.Rules.Now())
		w = watched
	}
	x := &exchange{w: w, r: r, id: transaction(r), received: h.cfg.Rules.Now(), payload: int64(h.cfg.Rules.Bounds.Payload)}
	header := w.Header()
	header["X-Request-Id"] = []string{x.id}
	if h.cfg.LocalOnly && foreign(r) {
		x.fail(http.StatusForbidden, "The supplied authentication is public and not for pages of other origins, nor for other names than localhost.")
		return
	}
	header["Access-Control-Allow-Origin"] = allowOrigin
	header["Access-Control-Allow-Headers"] = allowHeaders
	header["Access-Control-Allow-Methods"] = allowMethods
	if r.Method == http.MethodOptions && !web(r) {
		w.WriteHeader(http.StatusOK)
		return
	}
	h.route(x)
}

// transaction is the client's own id for the request, or a new one. Ids that start with sid_ are the platform's.
func transaction(r *http.Request) string {
	if id := r.Header.Get("X-Request-Id"); id != "" && len(id) <= 256 && !strings.HasPrefix(id, "sid_") {
		return id
	}
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ012345678901"
	var raw [32]byte
	_, _ = rand.Read(raw[:]) // never fails
	for i, b := range raw {
		raw[i] = letters[b%64]
	}
	return string(raw[:])
}
