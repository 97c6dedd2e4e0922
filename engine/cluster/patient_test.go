package cluster

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// server is an API server that is away when it is told so, and notes what it answers.
type server struct {
	away     atomic.Bool
	starting int // answers that are still to be refusals
	answered []string
}

var errAway = errors.New("connection refused")

func (s *server) RoundTrip(req *http.Request) (*http.Response, error) {
	if s.away.Load() {
		return nil, errAway
	}
	body := ""
	if req.Body != nil {
		text, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		body = " " + string(text)
	}
	status := http.StatusOK
	if s.starting > 0 {
		s.starting--
		status = http.StatusForbidden
	}
	s.answered = append(s.answered, req.Method+" "+req.URL.Path+body)
	return &http.Response{StatusCode: status, Body: io.NopCloser(strings.NewReader(""))}, nil
}

func send(ctx context.Context, over http.RoundTripper, method, body string) error {
	req, err := http.NewRequestWithContext(ctx, method, "http://api/objects", strings.NewReader(body))
	if err != nil {
		return err
	}
	resp, err := over.RoundTrip(req)
	if err == nil {
		err = resp.Body.Close()
	}
	return err
}

func TestAnAPIServerThatIsAwayIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var said []string
		s := new(server)
		s.away.Store(true)
		over := &patient{s, &presence{say: func(line string) { said = append(said, line) }}}
		began := time.Now()
		if err := send(t.Context(), over, "GET", ""); !errors.Is(err, errAway) || time.Since(began) > 0 {
			t.Errorf("one that has never answered: %v after %s; want the error at once", err, time.Since(began))
		}
		s.away.Store(false)
		if err := send(t.Context(), over, "GET", ""); err != nil {
			t.Fatal(err)
		}
		s.away.Store(true)
		s.starting, s.answered = 2, nil
		time.AfterFunc(5*time.Second, func() { s.away.Store(false) })
		if err := send(t.Context(), over, "POST", "once"); err != nil {
			t.Fatal(err)
		}
		want := []string{"GET /readyz", "GET /readyz", "GET /readyz", "POST /objects once"}
		if !slices.Equal(s.answered, want) {
			t.Errorf("it was asked %q; want %q", s.answered, want)
		}
		if took := time.Since(began); took < 5*time.Second || took > 7*time.Second {
			t.Errorf("it was waited for for %s; want a little more than 5s", took)
		}
		if len(said) != 1 || !strings.Contains(said[0], "waiting for it") {
			t.Errorf("one is told %q; want it once", said)
		}

		s.starting, s.answered = 2, nil
		if err := send(t.Context(), over, "PUT", "twice"); err != nil {
			t.Fatal(err)
		}
		want = []string{"PUT /objects twice", "GET /readyz", "GET /readyz", "PUT /objects twice"}
		if !slices.Equal(s.answered, want) {
			t.Errorf("one that has just started was asked %q; want %q", s.answered, want)
		}

		s.away.Store(true)
		began = time.Now()
		if err := send(t.Context(), over, "GET", ""); !errors.Is(err, errAway) || time.Since(began) < awayFor || time.Since(began) > awayFor+time.Second {
			t.Errorf("one that stays away: %v after %s", err, time.Since(began))
		}
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		began = time.Now()
		if err := send(ctx, over, "GET", ""); err == nil || time.Since(began) != 3*time.Second {
			t.Errorf("who gives up: %v after %s", err, time.Since(began))
		}
	})
}
