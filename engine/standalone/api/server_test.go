package api_test

import (
	"cmp"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"wsk-scenario/engine/standalone/api"
	"wsk-scenario/engine/standalone/balancer"
	"wsk-scenario/engine/standalone/entity"
	"wsk-scenario/engine/standalone/invoke"
)

const auth = "user:key"

// fixture is a server over real HTTP whose clock and invoker the test holds.
type fixture struct {
	*clock
	*invoker
	controller *invoke.Controller
	invokers   *balancer.Balancer
	handler    http.Handler
	url        string
}

type settings struct {
	perMinute, concurrent int
	fires                 int // as perMinute when 0
	delay                 time.Duration
	localOnly             bool
	images                bool
	log                   *slog.Logger
}

func serve(t testing.TB, s settings) *fixture {
	t.Helper()
	f := &fixture{clock: &clock{t: time.Date(2026, 3, 1, 12, 0, 1, 0, time.UTC)}}
	f.invoker = &invoker{clock: f.clock, gate: make(chan struct{}), warm: map[string]bool{}}
	bounds := entity.DefaultBounds
	bounds.Code = 1 << 20 // not 48 MiB, which take long to send
	rules := entity.Rules{
		Bounds: bounds, SequenceLength: 3, Now: f.now, Images: func() bool { return s.images },
		Runtimes: always(entity.Runtimes{
			{Kind: "nodejs:20", Family: "nodejs", Image: "node", Default: true},
			{Kind: "nodejs:18", Family: "nodejs", Image: "node"},
			{Kind: "java:17", Family: "java", Image: "jdk", Default: true, RequireMain: true},
			{Kind: "go:1.26", Family: "go", Default: true, Missing: "install golang-go"},
		}),
	}
	store := entity.NewStore(rules)
	namespaces := []invoke.Namespace{
		{Name: "guest", Auth: auth, PerMinute: s.perMinute, FiresPerMinute: cmp.Or(s.fires, s.perMinute), Concurrent: s.concurrent},
		{Name: "other", Auth: "other:secret", PerMinute: 60, FiresPerMinute: 60, Concurrent: 30},
	}
	f.invokers = balancer.New(balancer.Offer{Node: "here", Tags: []string{"cloud"}, Memory: 2048, Invoker: f.invoker})
	f.controller = invoke.New(invoke.Config{
		Store: store, Invokers: f.invokers, Namespaces: namespaces,
		SequenceLength: 3, RecordDelay: s.delay, Now: f.now,
	})
	f.handler = api.New(api.Config{
		Store: store, Controller: f.controller, Invokers: f.invokers, Rules: rules, Namespaces: namespaces,
		LocalOnly: s.localOnly, Prepare: f.prepare, Log: s.log,
	})
	server := httptest.NewServer(f.handler)
	f.url = server.URL
	t.Cleanup(func() {
		server.Close()
		// The context of the test has ended here, so what still waits at the gate is cancelled.
		_ = f.controller.Close(t.Context())
	})
	return f
}

// always are the same kinds whenever one asks.
func always(r entity.Runtimes) func() entity.Runtimes { return func() entity.Runtimes { return r } }

func defaults() settings { return settings{perMinute: 60, concurrent: 30} }

// reply is an answer of the server.
type reply struct {
	status int
	header http.Header
	body   string
}

// call sends "METHOD path [body]"; ~ in the path is the caller's namespace. A line that begins with "other: " is sent by
// somebody of that namespace.
func (f *fixture) call(t testing.TB, line string, header ...string) reply {
	t.Helper()
	credential := auth
	line, others := strings.CutPrefix(line, "other: ")
	if others {
		credential = "other:secret"
	}
	method, rest, _ := strings.Cut(line, " ")
	path, body, _ := strings.Cut(rest, " ")
	if suffix, ok := strings.CutPrefix(path, "~"); ok {
		path = "/api/v1/namespaces/_" + suffix
	}
	req, err := http.NewRequestWithContext(t.Context(), method, f.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	user, key, _ := strings.Cut(credential, ":")
	req.SetBasicAuth(user, key)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		if req.Header.Set(header[i], header[i+1]); header[i+1] == "" {
			req.Header.Del(header[i])
		}
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	return reply{resp.StatusCode, resp.Header, string(raw)}
}

// must is call for what a test builds on: an answer that refuses ends the test.
func (f *fixture) must(t testing.TB, line string, header ...string) reply {
	t.Helper()
	r := f.call(t, line, header...)
	if r.status >= 300 && r.status != http.StatusBadGateway && r.status != http.StatusInternalServerError {
		t.Fatalf("%s: got %d %s", line, r.status, r.body)
	}
	return r
}

// covers reports whether got holds all that want says: objects may have more keys, arrays must be as long.
func covers(got, want any) bool {
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		for key, value := range w {
			if inner, there := g[key]; !ok || !there || !covers(inner, value) {
				return false
			}
		}
		return ok
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			return false
		}
		for i := range w {
			if !covers(g[i], w[i]) {
				return false
			}
		}
		return true
	}
	return got == want
}

func decode(t testing.TB, text string) (v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("not JSON: %v in %s", err, text)
	}
	return v
}

// row is one promise of the API: after the given requests, a request has this status and an answer that holds this.
type row struct {
	name   string
	given  []string
	do     string
	header []string
	status int
	text   string // the error, to the letter
	json   string // what the body holds, at least
	lacks  string // what the body must not hold
}

func check(t *testing.T, rows []row, alike ...func(*row)) {
	t.Helper()
	checkWith(t, defaults(), rows, alike...)
}

func checkWith(t *testing.T, s settings, rows []row, alike ...func(*row)) {
	t.Helper()
	for _, r := range rows {
		for _, fill := range alike {
			fill(&r)
		}
		t.Run(r.name, func(t *testing.T) {
			f := serve(t, s)
			for _, line := range r.given {
				f.must(t, line)
			}
			r.judge(t, f.call(t, r.do, r.header...))
		})
	}
}

func (r row) judge(t *testing.T, got reply) {
	t.Helper()
	if got.status != r.status {
		t.Errorf("%s: got status %d, want %d\n%s", r.do, got.status, r.status, got.body)
	}
	if r.text != "" {
		r.json = `{"error":` + strconv.Quote(r.text) + `}`
		if code, _ := decode(t, got.body).(map[string]any)["code"].(string); len(code) != 32 {
			t.Errorf("%s: got code %q, want 32 letters and digits", r.do, code)
		}
	}
	if r.json != "" && !covers(decode(t, got.body), decode(t, r.json)) {
		t.Errorf("%s: got %s\nwant %s", r.do, got.body, r.json)
	}
	if r.lacks != "" && strings.Contains(got.body, r.lacks) {
		t.Errorf("%s: got %s\nwant it without %s", r.do, got.body, r.lacks)
	}
}
