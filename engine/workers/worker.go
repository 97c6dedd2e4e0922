package workers

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/result"
)

// readings is how often a worker reads the coordinator's clock: the quickest answer tells the most.
const readings = 16

// someSamples is how many go in one request.
const someSamples = 20_000

// Worker is the side that is told what to do.
type Worker struct {
	Task   []byte
	Anchor time.Time // the coordinator's, on this machine's clock
	// Within bounds how wrong Anchor may be: half of the quickest way there and back (Cristian 1989).
	Within time.Duration

	url, token string
	index      int
	http       *http.Client
}

// Join asks the coordinator at url for the task of a worker, and sets the clock by it. Close must be called.
func Join(ctx context.Context, url, token string, index int) (*Worker, error) {
	w := &Worker{url: strings.TrimSuffix(url, "/"), token: token, index: index, http: &http.Client{Transport: &http.Transport{}}}
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
		_, _ = w.ask(ctx, http.MethodGet, w.own("stop"), nil) // whatever it says, or that it says nothing, is the end
	}()
	return ctx, func() {
		cancel()
		<-ended
	}
}

// Barrier waits until every worker is ready, and then until the load begins; before is how many calls this one has made ahead of
// it. It returns the moment at which the load begins for all, and how many calls were made ahead of it by any; false when the load
// ended before it began.
func (w *Worker) Barrier(ctx context.Context, before int) (start time.Time, all int, ok bool) {
	body, _ := json.Marshal(atBarrier{Before: before}) // numbers always have a form in JSON
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

// Send brings samples to the coordinator; none are a sign of life.
func (w *Worker) Send(ctx context.Context, samples []measure.Sample) error {
	for {
		some := samples[:min(len(samples), someSamples)]
		raw, err := result.Pack(some)
		if err == nil {
			_, err = w.ask(ctx, http.MethodPost, w.own("samples"), raw)
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

func (w *Worker) ask(ctx context.Context, method, path string, body []byte) ([]byte, error) {
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
	if resp.StatusCode >= 300 {
		return nil, fmt.Errorf("%s: %s", resp.Status, bytes.TrimSpace(raw))
	}
	return raw, nil
}
