package remote

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"net/http"

	"wsk-scenario/engine/standalone/pool"
)

// Containers run activations on this node.
type Containers interface {
	Invoke(ctx context.Context, r pool.Request) pool.Outcome
	Prepare(ctx context.Context, kind string) error
}

// Handler stands before the containers of a node. Who has the token may run anything here.
type Handler struct {
	containers Containers
	token      string
	codes      codes
	mux        *http.ServeMux
}

// NewHandler returns a handler that lets in who has the token, which must not be empty.
func NewHandler(containers Containers, token string) *Handler {
	h := &Handler{containers: containers, token: token, mux: http.NewServeMux()}
	h.mux.HandleFunc("POST "+invokePath, h.invoke)
	h.mux.HandleFunc("POST "+preparePath, h.prepare)
	h.mux.HandleFunc("GET "+pingPath, ping)
	return h
}

// ServeHTTP serves one request of a controller.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != pingPath && !allowed(r, h.token) {
		http.Error(w, "the token is not the one of this invoker", http.StatusUnauthorized)
		return
	}
	h.mux.ServeHTTP(w, r)
}

// ping tells who watches the process that it serves. It needs no token, as on OpenWhisk's own.
func ping(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("pong")) }

func allowed(r *http.Request, token string) bool {
	return token != "" && subtle.ConstantTimeCompare([]byte(r.Header.Get("Authorization")), []byte(bearer(token))) == 1
}

// invoke runs an activation for as long as the controller holds the connection: nobody else can take its outcome.
func (h *Handler) invoke(w http.ResponseWriter, r *http.Request) {
	var in invocation
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(&in); err != nil {
		http.Error(w, "read the invocation: "+err.Error(), http.StatusBadRequest)
		return
	}
	action := &in.Request.Action
	if action.Code != nil {
		h.codes.put(in.Code, action.Code)
	} else if code, ok := h.codes.get(in.Code); ok {
		action.Code = code
	} else {
		http.Error(w, "the code is not here any more", statusUnknownCode)
		return
	}
	// An action of another controller, or of another life of it, may have the same key.
	action.Key = in.Code
	reports := json.NewEncoder(w)
	reports.SetEscapeHTML(false)
	if in.Early {
		in.Request.Answered = func(o pool.Outcome) {
			_ = reports.Encode(report{true, o}) // who is gone cannot be told
			_ = http.NewResponseController(w).Flush()
		}
	}
	_ = reports.Encode(report{false, h.containers.Invoke(r.Context(), in.Request)})
}

func (h *Handler) prepare(w http.ResponseWriter, r *http.Request) {
	var kind string
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1024)).Decode(&kind)
	if err == nil {
		err = h.containers.Prepare(r.Context(), kind)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
	}
}
