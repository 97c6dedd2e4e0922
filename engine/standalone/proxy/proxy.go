// Package proxy makes a container of the program that it is part of: it answers OpenWhisk's runtime protocol, POST /init and
// POST /run, by a process of runtime, and writes what the action logs to its own standard output and error, with a sentinel on
// each after every activation. OpenWhisk's images call what stands there the action proxy. The client's side is protocol.
package proxy

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"wsk-scenario/engine/standalone/runtime"
)

// Config is what the container is of. Family, Out and Err are required.
type Config struct {
	Family     string // of its kind, such as python
	CacheDir   string // as in runtime.Config
	SearchPath string
	WorkDir    string // where the code gets its folder; the system's temporary folder when empty
	Result     int    // bytes of the longest result; 1 MiB when 0
	Groups     string // where the container's control group is seen; /sys/fs/cgroup when empty
	Out, Err   io.Writer
}

// Proxy is a container. It is initialised once and then runs activations, one at a time unless it was told to run several.
type Proxy struct {
	cfg    Config
	set    *runtime.Set
	kind   func() runtime.Kind
	folder string
	ended  atomic.Bool // it is about to end, and takes no more activations

	mu      sync.Mutex       // held during init
	process *runtime.Process // nil until it is initialised

	logs sync.Mutex // one activation's lines stand together
}

// logMost is how much of the log of one activation is written, which is the most that OpenWhisk permits.
const logMost = 10 << 20

// New returns a container without an action in it. Close it.
func New(cfg Config) (*Proxy, error) {
	cfg.Result, cfg.Groups = cmp.Or(cfg.Result, 1<<20), cmp.Or(cfg.Groups, "/sys/fs/cgroup")
	set, err := runtime.New(runtime.Config{
		CacheDir: cfg.CacheDir, SearchPath: cfg.SearchPath, Families: []string{cfg.Family}, Result: cfg.Result,
	})
	if err != nil {
		return nil, err
	}
	p := &Proxy{cfg: cfg, set: set, kind: func() runtime.Kind { return set.Kinds()[0] }}
	if p.folder, err = os.MkdirTemp(cfg.WorkDir, "wsk-action-"); err != nil {
		set.Close()
		return nil, fmt.Errorf("make the folder of the action: %w", err)
	}
	return p, nil
}

// Handler answers /init and /run.
func (p *Proxy) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /init", p.init)
	mux.HandleFunc("POST /run", p.run)
	return mux
}

// Refuse has every further run refused, so that another container takes it; those under way go on.
func (p *Proxy) Refuse() { p.ended.Store(true) }

// Close ends the action and removes its files.
func (p *Proxy) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.process != nil {
		p.process.Kill()
	}
	p.set.Close()
	return os.RemoveAll(p.folder)
}

// bodyMost bounds a request: the code of an action has 48 MB at most, in base64.
const bodyMost = 128 << 20

func (p *Proxy) init(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Value struct {
			Main, Code string
			Binary     bool
			Env        map[string]string
		}
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, bodyMost)).Decode(&body); err != nil {
		complain(w, http.StatusBadRequest, "read the action: "+err.Error())
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.process != nil {
		complain(w, http.StatusForbidden, "Cannot initialize the action more than once.")
		return
	}
	kind, v := p.kind(), &body.Value
	code := runtime.Code{Kind: kind, Main: v.Main, Data: []byte(v.Code), Binary: v.Binary, Env: v.Env}
	code.Concurrent = p.set.Concurrent(kind) && runtime.RunsConcurrently(v.Env)
	kills := p.memoryKills()
	process, err := p.set.Start(r.Context(), runtime.Place{Folder: p.folder}, code, logMost)
	if process != nil {
		p.write(process, err != nil)
	}
	if err != nil {
		fail(w, p.because(err, kills))
		return
	}
	p.process = process
	answer(w, runtime.Answer{Line: []byte(`{"ok":true}`), Size: 11})
}

func (p *Proxy) run(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Value         json.RawMessage
		Namespace     string
		ActionName    string `json:"action_name"`
		Version       string `json:"action_version"`
		ActivationID  string `json:"activation_id"`
		TransactionID string `json:"transaction_id"`
		Deadline      int64  `json:",string"` // ms
		APIKey        string `json:"api_key"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, bodyMost)).Decode(&body); err != nil {
		complain(w, http.StatusBadRequest, "read the request: "+err.Error())
		return
	}
	p.mu.Lock()
	process := p.process
	p.mu.Unlock()
	switch {
	case process == nil:
		complain(w, http.StatusForbidden, "Cannot run the action before it is initialized.")
		return
	case p.ended.Load():
		complain(w, http.StatusServiceUnavailable, "The container ends.")
		return
	}
	kills := p.memoryKills()
	process.OpenLog(logMost)
	out, err := process.Run(r.Context(), runtime.Activation{
		ID: body.ActivationID, Namespace: body.Namespace, ActionName: body.ActionName, Version: body.Version,
		Transaction: body.TransactionID, APIKey: body.APIKey, Deadline: time.UnixMilli(body.Deadline),
	}, body.Value)
	p.write(process, true)
	if err != nil {
		fail(w, p.because(err, kills))
		return
	}
	answer(w, out)
}

// answer sends what the action answered. Of one that is too long only the beginning was kept; its length is told, and the
// connection ends early.
func answer(w http.ResponseWriter, a runtime.Answer) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", fmt.Sprint(a.Size))
	_, _ = w.Write(a.Line) // who does not wait any more needs no answer
}

// fail says why there is no answer: by 503 when another container may run the activation.
func fail(w http.ResponseWriter, err error) {
	var fault *runtime.Failure
	switch {
	case errors.Is(err, runtime.ErrGone):
		complain(w, http.StatusServiceUnavailable, runtime.ErrGone.Text)
	case errors.As(err, &fault):
		complain(w, http.StatusBadGateway, fault.Text)
	case errors.Is(err, context.Canceled): // nobody waits
	default:
		complain(w, http.StatusInternalServerError, err.Error())
	}
}

func complain(w http.ResponseWriter, status int, text string) {
	body, _ := json.Marshal(map[string]string{"error": text}) // strings always encode
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", fmt.Sprint(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
