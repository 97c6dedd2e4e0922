package api

import (
	"log/slog"
	"net/http"
	"strings"
	"time"
)

// watched is an answer whose status is remembered for the log.
type watched struct {
	http.ResponseWriter
	status int
	level  slog.Level
}

// levelOf is how important the log of a request is: as in OpenWhisk, the client may ask for it.
func levelOf(r *http.Request) slog.Level {
	if wish := r.Header["X-Ow-Extra-Logging"]; len(wish) > 0 && strings.EqualFold(wish[0], "on") {
		return slog.LevelInfo
	}
	return slog.LevelDebug
}

// WriteHeader remembers the status.
func (w *watched) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap gives http.ResponseController what is below.
func (w *watched) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// logRequest says what was asked and answered. The query stays out: it may hold what is somebody's own.
func (h *Handler) logRequest(w *watched, r *http.Request, received time.Time) {
	header := w.Header()
	h.cfg.Log.LogAttrs(r.Context(), w.level, "request",
		slog.String("transaction", header.Get("X-Request-Id")), slog.String("method", r.Method),
		slog.String("path", r.URL.EscapedPath()), slog.Int("status", w.status),
		slog.String("activation", header.Get("X-Openwhisk-Activation-Id")),
		slog.Duration("took", h.cfg.Rules.Now().Sub(received)))
}
