package workers

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/result"
)

// readings is how often a worker reads the coordinator's clock: the quickest answer tells the most.
const readings = 16

// someSamples is how many go in one request.
const someSamples = 20_000

// patience is how long a worker goes on asking a coordinator that it cannot reach when nothing else is said: a connection that
// broke is made anew, as when the API server on the way is started again.
const patience = 30 * time.Second

// Worker is the side that is told what to do.
type Worker struct {
	Task   []byte
	Anchor time.Time // the coordinator's, on this machine's clock
	// Within bounds how wrong Anchor may be: half of the quickest way there and back (Cristian 1989).
	Within time.Duration

	url, token string
	patience   time.Duration
	index      int
	batch      int // lots of samples so far
	http       *http.Client
	gone       atomic.Bool // the coordinator
}

// Post is where a worker finds its coordinator.
type Post struct {
	URL   string
	Token string // by which they know each other
	// Dial makes the connections; nil for those to the URL's own address.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Patience is how long the worker goes on asking when nobody answers; 30 s when 0.
	Patience time.Duration
}

// Join asks the coordinator for the task of a worker, and sets the clock by it. Close must be called.
func Join(ctx context.Context, at Post, index int) (*Worker, error) {
	w := &Worker{
		url: strings.TrimSuffix(at.URL, "/"), token: at.Token, index: index, patience: cmp.Or(at.Patience, patience),
		http: &http.Client{Transport: &http.Transport{DialContext: at.Dial}},
	}
	var err error
	if w.Task, err = w.ask(ctx, http.MethodGet, w.own("task"), nil); err != nil {
		w.Close()
		return nil, fmt.Errorf("get the task of worker %d: %w", index+1, err)
	}
	if err := w.setClock(ctx); err != nil {
		w.Close()
		return nil, fmt.Errorf("read the clock of the coordinator: %w", err)
	}
	return w, nil
}

// Close closes the connections.
func (w *Worker) Close() { w.http.CloseIdleConnections() }

// Until returns a context that ends when the coordinator ends the load, or is gone, and what ends the listening.
func (w *Worker) Until(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		defer cancel()
		if _, err := w.ask(ctx, http.MethodGet, w.own("stop"), nil); err != nil && ctx.Err() == nil {
			w.gone.Store(true)
		}
	}()
	return ctx, func() {
		cancel()
		<-ended
	}
}

// Gone reports whether the load was ended because the coordinator could not be reached any more.
func (w *Worker) Gone() bool { return w.gone.Load() }

// Barrier waits until every worker is ready, and then until the load begins; before is how many calls this one has made ahead of
// it. It returns the moment at which the load begins for all, and how many calls were made ahead of it by any; false when the load
// ended before it began.
func (w *Worker) Barrier(ctx context.Context, before int) (start time.Time, all int, ok bool) {
	body, _ := json.Marshal(atBarrier{Before: before, Way: w.Within}) // numbers always have a form in JSON
	raw, err := w.ask(ctx, http.MethodPost, w.own("ready"), body)
	var at atBarrier
	if err != nil || json.Unmarshal(raw, &at) != nil {
		return time.Now(), before, false
	}
	start = w.Anchor.Add(at.Start)
	timer := time.NewTimer(time.Until(start))
	defer timer.Stop()
	select {
	case <-timer.C:
		return start, at.Before, true
	case <-ctx.Done():
		return start, at.Before, false
	}
}

// Send brings samples to the coordinator; none are a sign of life. It is called by one goroutine at a time.
func (w *Worker) Send(ctx context.Context, samples []measure.Sample) error {
	for {
		some := samples[:min(len(samples), someSamples)]
		raw, err := result.Pack(some)
		if err == nil {
			w.batch++
			_, err = w.ask(ctx, http.MethodPost, w.own("samples?batch="+strconv.Itoa(w.batch)), raw)
		}
		if err != nil {
			return fmt.Errorf("bring the samples of worker %d: %w", w.index+1, err)
		}
		if samples = samples[len(some):]; len(samples) == 0 {
			return nil
		}
	}
}

// Report is the worker's last word.
func (w *Worker) Report(ctx context.Context, report Report) error {
	report.Within = w.Within
	body, err := json.Marshal(report)
	if err == nil {
		_, err = w.ask(ctx, http.MethodPost, w.own("report"), body)
	}
	if err != nil {
		return fmt.Errorf("report of worker %d: %w", w.index+1, err)
	}
	return nil
}

// setClock finds the coordinator's anchor: its clock was read about halfway between question and answer.
func (w *Worker) setClock(ctx context.Context) error {
	for i := range readings {
		asked := time.Now()
		raw, err := w.ask(ctx, http.MethodGet, "/clock", nil)
		if err != nil {
			return err
		}
		way := time.Since(asked) / 2
		var there moment
		if err := json.Unmarshal(raw, &there); err != nil {
			return err
		}
		if i == 0 || way < w.Within {
			w.Within, w.Anchor = way, asked.Add(way-there.Since)
		}
	}
	return nil
}

func (w *Worker) own(what string) string { return fmt.Sprintf("/workers/%d/%s", w.index, what) }

// ask asks, and asks again while it is told to, or nobody answers, until patience is at an end.
func (w *Worker) ask(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	for heard := time.Now(); ; {
		raw, err := w.once(ctx, method, path, body)
		refused := new(refusal)
		switch {
		case errors.Is(err, errNotYet):
			heard = time.Now()
			continue
		case err == nil || ctx.Err() != nil || errors.As(err, &refused):
			return raw, err
		case time.Since(heard) > w.patience || w.gone.Load(): // who could not be reached for so long is not tried once more
			return nil, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(askAgain):
		}
	}
}

// askAgain is from one attempt to reach the coordinator to the next.
const askAgain = 200 * time.Millisecond

// refusal is an answer that is not the one that was hoped for.
type refusal struct{ status, text string }

func (r *refusal) Error() string { return r.status + ": " + r.text }

// once asks and waits for the answer, no longer than its patience; for the first one, which may not have been called yet, longer.
func (w *Worker) once(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	most := w.patience
	if w.Task == nil {
		most += firstCall
	}
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, w.url+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+w.token)
	resp, err := w.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode == http.StatusAccepted {
		return nil, errNotYet
	}
	if resp.StatusCode >= 300 {
		return nil, &refusal{resp.Status, string(bytes.TrimSpace(raw))}
	}
	return raw, nil
}
