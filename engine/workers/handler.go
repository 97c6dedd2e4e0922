package workers

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"wsk-scenario/engine/result"
)

// maxBody bounds what is believed of one request.
const maxBody = 256 << 20

// atBarrier is what goes to and from the barrier.
type atBarrier struct {
	Before int           `json:"before"`             // calls that were made ahead of the load
	Way    time.Duration `json:"way_ns,omitempty"`   // to the worker
	Start  time.Duration `json:"start_ns,omitempty"` // when it begins, since the anchor
}

// moment is the coordinator's clock.
type moment struct {
	Since time.Duration `json:"since_ns"` // since the anchor
}

// handler is what workers ask.
//
//	GET  /clock                           what time it is here
//	GET  /workers/{n}/task                what is to be done, once
//	POST /workers/{n}/ready               wait for the others
//	POST /workers/{n}/samples?batch={k}   the k-th lot of what was measured; also when it is empty, as a sign of life
//	GET  /workers/{n}/stop                answered when the load shall end
//	POST /workers/{n}/report              the last word
//
// All but the task may be asked again when an answer was lost. Who waits is told after a while to ask again (202): a silence that
// lasts longer means that nobody is there, also where the way between tells nothing of it.
func (c *Coordinator) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /clock", func(w http.ResponseWriter, r *http.Request) {
		reply(w, moment{time.Since(c.anchor)})
	})
	for pattern, serve := range map[string]func(http.ResponseWriter, *http.Request, *member){
		"GET /workers/{n}/task": c.serveTask, "POST /workers/{n}/ready": c.serveReady, "POST /workers/{n}/samples": c.serveSamples,
		"GET /workers/{n}/stop": c.serveStop, "POST /workers/{n}/report": c.serveReport,
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			n, err := strconv.Atoi(r.PathValue("n"))
			if err != nil || n < 0 || n >= len(c.members) {
				http.Error(w, "there is no such worker", http.StatusNotFound)
				return
			}
			serve(w, r, c.members[n])
		})
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if subtle.ConstantTimeCompare([]byte(r.Header.Get("Authorization")), []byte("Bearer "+c.token)) != 1 {
			http.Error(w, "the token is not that of this load", http.StatusUnauthorized)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		mux.ServeHTTP(w, r)
	})
}

func (c *Coordinator) serveTask(w http.ResponseWriter, _ *http.Request, m *member) {
	c.mu.Lock()
	again := m.joined || m.ended
	m.joined, m.seen = true, time.Now()
	c.mu.Unlock()
	if again {
		http.Error(w, "this worker has its task already", http.StatusConflict)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(c.task) // a worker that is gone is seen to be
}

func (c *Coordinator) serveReady(w http.ResponseWriter, r *http.Request, m *member) {
	var at atBarrier
	if !read(w, r, &at) {
		return
	}
	switch err := c.barrier(r.Context(), m, at); {
	case errors.Is(err, errNotYet):
		w.WriteHeader(http.StatusAccepted)
		return
	case err != nil:
		http.Error(w, err.Error(), http.StatusConflict)
		return
	}
	c.mu.Lock()
	at = atBarrier{Before: c.before, Start: c.start}
	c.mu.Unlock()
	reply(w, at)
}

func (c *Coordinator) serveSamples(w http.ResponseWriter, r *http.Request, m *member) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	batch, err := strconv.Atoi(r.URL.Query().Get("batch"))
	if err != nil {
		http.Error(w, "the samples have no number", http.StatusBadRequest)
		return
	}
	samples, err := result.Unpack(raw)
	if err != nil {
		http.Error(w, "read samples: "+err.Error(), http.StatusBadRequest)
		return
	}
	if err := c.bring(m, batch, samples); err != nil {
		http.Error(w, err.Error(), http.StatusConflict)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (c *Coordinator) serveStop(w http.ResponseWriter, r *http.Request, _ *member) {
	select {
	case <-c.stop:
		w.WriteHeader(http.StatusNoContent)
	case <-time.After(hold):
		w.WriteHeader(http.StatusAccepted)
	case <-r.Context().Done():
	}
}

func (c *Coordinator) serveReport(w http.ResponseWriter, r *http.Request, m *member) {
	var report Report
	if !read(w, r, &report) {
		return
	}
	c.mu.Lock()
	if !m.ended {
		m.report = report
		c.end(m)
	}
	lost := m.lost
	c.mu.Unlock()
	if lost != nil { // that it reports for the second time, because the answer was lost, is no fault
		http.Error(w, errOver.Error(), http.StatusConflict)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// read reads the JSON of a request; it has answered when that is false.
func read(w http.ResponseWriter, r *http.Request, to any) bool {
	if err := json.NewDecoder(r.Body).Decode(to); err != nil && !errors.Is(err, io.EOF) {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return false
	}
	return true
}

func reply(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(value) // a worker that is gone is seen to be
}
