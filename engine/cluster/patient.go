package cluster

import (
	"io"
	"net/http"
	"sync"
	"time"
)

// awayFor is how long an API server that has answered before may be away: a restart takes seconds, and what runs on the nodes
// goes on meanwhile.
const awayFor = time.Minute

// patient is a transport that waits for an API server that is away, as while it is restarted, and asks it again then. What
// may have had its effect already is asked for again, too: every object of ours has a name, so that nothing comes twice.
type patient struct {
	next http.RoundTripper
	*presence
}

// presence is what is known of an API server by all that talk to it.
type presence struct {
	say func(string)

	mu    sync.Mutex
	known bool // the server has answered before: a wrong address is not waited for
	away  bool // it was said that the server is away
}

// RoundTrip sends a request, again when the server was away.
func (p *patient) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := p.next.RoundTrip(req)
	for deadline := time.Now().Add(awayFor); err != nil && p.isAway(req); {
		again, copied := replay(req)
		if !copied || !p.back(req, deadline) {
			return nil, err
		}
		resp, err = p.next.RoundTrip(again)
	}
	if err == nil {
		p.answered()
	}
	return resp, err
}

// isAway reports whether a request failed because a server that was there is not, and says so once.
func (p *presence) isAway(req *http.Request) bool {
	if req.Context().Err() != nil {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known && !p.away {
		p.away = true
		p.say("the API server of Kubernetes does not answer: waiting for it")
	}
	return p.known
}

func (p *presence) answered() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.known, p.away = true, false
}

// replay is a request once more; false when its body cannot be read again.
func replay(req *http.Request) (*http.Request, bool) {
	again := req.Clone(req.Context())
	if req.Body == nil || req.Body == http.NoBody {
		return again, true
	}
	if req.GetBody == nil {
		return nil, false
	}
	body, err := req.GetBody()
	again.Body = body
	return again, err == nil
}

// back waits until the server says that it is ready: one that has just started refuses rights that it has not read yet.
func (p *patient) back(req *http.Request, deadline time.Time) bool {
	ticker := time.NewTicker(pollEvery)
	defer ticker.Stop()
	for time.Now().Before(deadline) {
		select {
		case <-req.Context().Done():
			return false
		case <-ticker.C:
		}
		ask := req.Clone(req.Context())
		ask.Method, ask.Body, ask.GetBody, ask.ContentLength = http.MethodGet, nil, nil, 0
		ask.URL.Path, ask.URL.RawPath, ask.URL.RawQuery = "/readyz", "", ""
		ask.Header = http.Header{"Authorization": req.Header["Authorization"], "User-Agent": req.Header["User-Agent"]}
		resp, err := p.next.RoundTrip(ask)
		if err != nil {
			continue
		}
		_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<16))
		_ = resp.Body.Close()
		if resp.StatusCode == http.StatusOK {
			return true
		}
	}
	return false
}
