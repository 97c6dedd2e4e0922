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
	tells bool // the server has told us that it is ready: we may ask
}

// RoundTrip sends a request, again when the server was away, and once more when it refuses: one that has just started refuses
// everybody, because it has not read the rights yet.
func (p *patient) RoundTrip(req *http.Request) (*http.Response, error) {
	deadline := time.Now().Add(awayFor)
	resp, err := p.next.RoundTrip(req)
	for refused := false; err != nil && p.isAway(req) || err == nil && !refused && p.mayStart(resp); {
		again, copied := replay(req)
		if !copied || !p.back(req, deadline) {
			return resp, err
		}
		if err == nil {
			refused = true
			_ = resp.Body.Close()
		}
		resp, err = p.next.RoundTrip(again)
	}
	if err == nil {
		p.answered()
	}
	return resp, err
}

// mayStart reports whether a refusal may be one of a server that has just started: of one that has told us before whether it
// is ready, so that it can be asked.
func (p *presence) mayStart(r *http.Response) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return r.StatusCode == http.StatusForbidden && p.tells
}

// canTell notes that the server has told that it is ready.
func (p *presence) canTell() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tells = true
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

// back waits until the server says that it is ready.
func (p *patient) back(req *http.Request, deadline time.Time) bool {
	ticker := time.NewTicker(pollEvery)
	defer ticker.Stop()
	for !p.ready(req) {
		select {
		case <-req.Context().Done():
			return false
		case <-ticker.C:
		}
		if time.Now().After(deadline) {
			return false
		}
	}
	return true
}

// ready asks the server that a request is for whether it is ready.
func (p *patient) ready(req *http.Request) bool {
	ask := req.Clone(req.Context())
	ask.Method, ask.Body, ask.GetBody, ask.ContentLength = http.MethodGet, nil, nil, 0
	ask.URL.Path, ask.URL.RawPath, ask.URL.RawQuery = "/readyz", "", ""
	ask.Header = http.Header{"Authorization": req.Header["Authorization"], "User-Agent": req.Header["User-Agent"]}
	resp, err := p.next.RoundTrip(ask)
	if err != nil {
		return false
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<16))
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return false
	}
	p.canTell()
	return true
}
