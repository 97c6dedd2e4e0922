package standalone_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"wsk-scenario/engine/standalone"
	"wsk-scenario/engine/standalone/runtime"
)

var (
	soakFor  = flag.Duration("soak", 3*time.Second, "how long the soak test loads the server")
	soakLoad = flag.Float64("soak-load", 0.7, "the part of what the server can take that the soak test offers")
)

// soakActions answer with their process, whatever they run on.
var soakActions = map[string]string{
	"native": `{"exec":{"kind":"native:default","code":"#!/bin/sh\nwhile read -r line; do echo log; echo '{\"ok\":1}' >&3; done\n"}}`,
	"nodejs": `{"exec":{"kind":"nodejs:default","code":"function main() { console.log('log'); return {ok: 1} }"}}`,
	"python": `{"exec":{"kind":"python:default","code":"def main(args):\n  print('log')\n  return {'ok': 1}\n"}}`,
}

// soak is the load of a soak test and what became of it.
type soak struct {
	url    string
	client *http.Client
	ends   [4]atomic.Int64 // by the class of their end, see below
	kills  atomic.Int64

	mu     sync.Mutex
	errors []string
}

// The ends of a call: a success, a container that was killed under it, one that nobody waited for and whose record came.
const (
	succeeded = iota
	killed
	recorded
	wrong
)

func (k *soak) fail(format string, args ...any) {
	k.ends[wrong].Add(1)
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.errors) < 20 {
		k.errors = append(k.errors, fmt.Sprintf(format, args...))
	}
}

func (k *soak) do(ctx context.Context, method, path string) (status int, body []byte, err error) {
	req, err := http.NewRequestWithContext(ctx, method, k.url+"/api/v1/namespaces/_"+path, nil)
	if err != nil {
		return 0, nil, err
	}
	user, key, _ := strings.Cut(standalone.GuestAuth, ":")
	req.SetBasicAuth(user, key)
	resp, err := k.client.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	body, err = io.ReadAll(resp.Body)
	return resp.StatusCode, body, err
}

// call makes one call; every tenth is not waited for, and its record looked for instead.
func (k *soak) call(ctx context.Context, name string, n int64) {
	blocking := n%10 != 0
	status, body, err := k.do(ctx, "POST", fmt.Sprintf("/actions/%s?blocking=%v", name, blocking))
	var r struct {
		ActivationID string
		Response     struct{ Success bool }
	}
	if err == nil {
		err = json.Unmarshal(body, &r)
	}
	switch {
	case err != nil || r.ActivationID == "":
		k.fail("%s: status %d, error %v, %s", name, status, err, body)
	case status == 200 && r.Response.Success:
		k.ends[succeeded].Add(1)
	case status == 502:
		k.ends[killed].Add(1)
	case status == 202 && !blocking:
		k.find(ctx, r.ActivationID)
	default:
		k.fail("%s: status %d, %s", name, status, body)
	}
}

// find waits for the record of an activation.
func (k *soak) find(ctx context.Context, id string) {
	for range 10_000 {
		status, body, err := k.do(ctx, "GET", "/activations/"+id)
		switch {
		case err == nil && status == 200:
			k.ends[recorded].Add(1)
			return
		case err != nil || status != 404:
			k.fail("record %s: status %d, error %v, %s", id, status, err, body)
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	k.fail("record %s: never came", id)
}

// closed calls back to back for a while and returns how many calls a second that gave.
func (k *soak) closed(ctx context.Context, users int, d time.Duration) float64 {
	var n atomic.Int64
	var wg sync.WaitGroup
	end := time.Now().Add(d)
	for u := range users {
		wg.Go(func() {
			for i := int64(u); time.Now().Before(end); i++ {
				k.call(ctx, []string{"native", "nodejs", "python"}[i%3], i)
				n.Add(1)
			}
		})
	}
	wg.Wait()
	return float64(n.Load()) / d.Seconds()
}

// open calls at a rate for a while, each call at its moment.
func (k *soak) open(ctx context.Context, rate float64, d time.Duration) {
	var wg sync.WaitGroup
	begin := time.Now()
	room := make(chan struct{}, 48) // more under way would be overload, which is not what is looked for
	for i := int64(0); ; i++ {
		due := begin.Add(time.Duration(float64(i) / rate * float64(time.Second)))
		if due.Sub(begin) > d {
			break
		}
		time.Sleep(time.Until(due))
		room <- struct{}{}
		wg.Go(func() {
			defer func() { <-room }()
			k.call(ctx, []string{"native", "nodejs", "python"}[i%3], i)
		})
	}
	wg.Wait()
}

// kill kills random containers until ctx ends.
func (k *soak) kill(ctx context.Context, folder string, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if left := runtime.MarkedBelow(folder); len(left) > 0 {
				left[rand.IntN(len(left))].Kill()
				k.kills.Add(1)
			}
		}
	}
}

// TestSoak loads the server below what it can take while containers are killed under it. No activation may be lost, and
// in the end nothing may be left: no goroutine, no file, no process, no control group, no folder.
func TestSoak(t *testing.T) {
	before := holds(t, t.TempDir())
	folder := t.TempDir()
	s, err := standalone.Start(t.Context(), standalone.Config{
		WorkDir: folder, CacheDir: cacheDir(t), PerMinute: 1 << 30, Concurrent: 2000, UserMemory: 64 << 10, // a container for each call under way
		IdleTimeout: 20 * time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	groups := groupsOf(t, folder)
	if limited := len(s.Limits().Held) > 0; limited != (count(groups) > 0) {
		t.Errorf("containers are %s and there are %d control groups", s.Limits(), count(groups))
	}
	transport := &http.Transport{MaxIdleConnsPerHost: 500}
	k := &soak{url: s.URL(), client: &http.Client{Transport: transport}}
	for name, put := range soakActions {
		if status, text := call(t, s, "PUT", "/actions/"+name, put); status != 200 {
			t.Fatalf("put %s: %d %s", name, status, text)
		}
	}
	rate := *soakLoad * k.closed(t.Context(), 8, min(2*time.Second, *soakFor))
	killing, stop := context.WithCancel(t.Context())
	var killer sync.WaitGroup
	killer.Go(func() { k.kill(killing, folder, min(time.Second, *soakFor/20)) })
	const parts = 10
	var seen [parts]held
	for i := range parts {
		k.open(t.Context(), rate, *soakFor/parts)
		seen[i] = holds(t, folder)
		seen[i].groups = count(groups)
		t.Logf("%2d of %d at %.0f/s: %d succeeded, %d ended by one of %d kills, %d records waited for, %d wrong; %+v", i+1, parts, rate,
			k.ends[succeeded].Load(), k.ends[killed].Load(), k.kills.Load(), k.ends[recorded].Load(), k.ends[wrong].Load(), seen[i])
	}
	stop()
	killer.Wait()
	for _, e := range k.errors {
		t.Error(e)
	}
	if k.kills.Load() == 0 || k.ends[succeeded].Load() == 0 {
		t.Error("nothing was killed, or nothing succeeded: that proves nothing")
	}
	if killed, kills := k.ends[killed].Load(), k.kills.Load(); killed > kills {
		t.Errorf("%d calls ended with an error for %d kills", killed, kills)
	}
	if err := s.Close(t.Context()); err != nil {
		t.Errorf("close: %v", err)
	}
	transport.CloseIdleConnections()
	eventuallyLeft(t, before, folder)
	if left := count(groups); left > 0 {
		t.Errorf("%d control groups are left", left)
	}
	// The records fill their bounds within minutes; from the middle on nothing may grow.
	if middle, last := seen[parts/2], seen[parts-1]; *soakFor >= 30*time.Minute && last.resident > middle.resident*5/4+20 {
		t.Errorf("resident memory grew from %d to %d MB", middle.resident, last.resident)
	}
}
