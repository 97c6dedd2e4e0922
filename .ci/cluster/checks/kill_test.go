package checks

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// gate is a way to the API server on which a program can be stopped at any request.
type gate struct {
	*httptest.Server
	mu   sync.Mutex
	at   point
	kill func()
}

// point is a request to the API server, before it gets there or when it was answered.
type point struct {
	when         string // before or after
	method, path string // path is a regular expression
	before       int    // so many such requests come before, of Helm
}

func (p point) is(when string, r *http.Request) bool {
	return p.when == when && p.method == r.Method && regexp.MustCompile(p.path).MatchString(r.URL.Path)
}

// newGate makes the profile of o go through a gate.
func newGate(t *testing.T, o *openwhisk) *gate {
	t.Helper()
	to, err := url.Parse(shared.Server)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := os.ReadFile(filepath.Join(shared.Dir, "pki", "apiserver.crt"))
	if err != nil {
		t.Fatal(err)
	}
	trusted := x509.NewCertPool()
	trusted.AppendCertsFromPEM(certificate)
	g := &gate{}
	proxy := httputil.NewSingleHostReverseProxy(to)
	proxy.Transport = twoWays{
		plain:  &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted}, ForceAttemptHTTP2: true},
		stream: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted}},
	}
	proxy.ErrorLog = log.New(io.Discard, "", 0) // of requests whose program is killed
	proxy.FlushInterval = -1                    // of watches, each event at once
	proxy.ModifyResponse = func(r *http.Response) error { g.pass("after", r.Request); return nil }
	g.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if g.pass("before", r) {
			panic(http.ErrAbortHandler)
		}
		r.Header.Set("Authorization", "Bearer "+shared.Token) // which clients do not send without TLS
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(g.Close)
	write(t, filepath.Join(o.folder, "kubeconfig"), fmt.Sprintf(`apiVersion: v1
kind: Config
clusters: [{name: gate, cluster: {server: %q}}]
users: [{name: runner, user: {}}]
contexts: [{name: gate, context: {cluster: gate, user: runner}}]
current-context: gate
`, g.URL))
	return g
}

// twoWays sends what asks for another protocol, as the tunnels to pods do, over HTTP/1.1: HTTP/2 has no such requests.
type twoWays struct{ plain, stream http.RoundTripper }

// RoundTrip sends a request on its way.
func (w twoWays) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Header.Get("Upgrade") != "" {
		return w.stream.RoundTrip(r)
	}
	return w.plain.RoundTrip(r)
}

// pass kills the program when a request is the awaited one, once.
func (g *gate) pass(when string, r *http.Request) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.kill == nil || !g.at.is(when, r) {
		return false
	}
	if g.at.before--; g.at.before >= 0 {
		return false
	}
	g.kill()
	g.kill = nil
	return true
}

// await has the program killed at a point.
func (g *gate) await(at point, kill func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.at, g.kill = at, kill
}

// reached reports whether the program was killed at the point.
func (g *gate) reached() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.kill == nil
}

// killsAt runs a scenario that is killed at a point.
func (g *gate) killsAt(t *testing.T, o *openwhisk, at point, scenario string) {
	t.Helper()
	started := make(chan *running, 1)
	g.await(at, func() { _ = (<-started).cmd.Process.Kill() })
	r := o.starts(t, "run", scenario, "--cluster", o.profile)
	started <- r
	r.ends()
	if !g.reached() {
		t.Fatalf("the run did not come there:\n%s%s", r.seen.String(), r.out.String())
	}
}

const killed = `name: killed
actions:
  quick: {code: quick.py, kind: "python:default"}
phases:
  - {name: load, invoke: quick, load: {iterations: ITERATIONS}}
assert: [load.ok > 0]
`

// drained is a scenario that looks for records for some time after its load.
var drained = strings.Replace(killed, "load: {iterations: ITERATIONS}}", "blocking: none, load: {iterations: 2000}}", 1)

func TestDownPutsBackWhatARunHasLeftWhereverItWasKilled(t *testing.T) {
	o := newOpenWhisk(t, "killed", many)
	g := newGate(t, o)
	before := o.state(t)
	write(t, filepath.Join(o.folder, "quick.py"), "def main(args):\n    return {}\n")
	write(t, filepath.Join(o.folder, "short.yaml"), strings.Replace(killed, "ITERATIONS", "2", 1))
	write(t, filepath.Join(o.folder, "drained.yaml"), drained)
	write(t, filepath.Join(o.folder, "long.yaml"), strings.Replace(killed, "ITERATIONS", "1000000", 1))
	const lease, record, node, install = "/leases(/wsk-scenario-ow)?$", "/configmaps(/wsk-scenario-ow)?$", "/nodes/", "/secrets$"
	for _, row := range []struct {
		name string
		at   point
	}{
		{"before the lease is taken", point{"before", "POST", lease, 0}},
		{"with the lease", point{"after", "POST", lease, 0}},
		{"before a change that is written down", point{"after", "POST", record, 0}},
		{"after the first label", point{"after", "PATCH", node, 0}},
		{"before the release", point{"before", "POST", install, 0}},
		{"with a release that has no objects", point{"after", "POST", install, 0}},
		{"with some objects of the release", point{"after", "POST", "/deployments$", 0}},
		{"while the release becomes ready", point{"after", "GET", "/deployments/ow-controller$", 1}},
		{"while OpenWhisk is looked for", point{"after", "GET", "/services/ow-controller$", 1}},
		{"while the first labels are put back", point{"after", "PATCH", node, 2}}, // the two before set those of the roles
		{"while the release is removed", point{"after", "DELETE", "/deployments/ow-controller$", 0}},
		{"before the record is removed", point{"before", "DELETE", record, 0}},
		{"before the lease is given back", point{"before", "DELETE", lease, 0}},
	} {
		t.Run(row.name, func(t *testing.T) {
			g.killsAt(t, o, row.at, "short.yaml")
			o.isPutBack(t, before)
		})
	}
	for _, row := range []struct {
		name, file string
		at         func(event) bool
	}{
		{"when the actions are created", "long.yaml", func(e event) bool { return e.Event == "phase_started" }},
		{"during load", "long.yaml", began("load")},
		{"during the drain", "drained.yaml", func(e event) bool { return e.Event == "draining" }},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := o.starts(t, "run", row.file, "--cluster", o.profile)
			r.await(t, row.name, row.at)
			r.kill()
			o.isPutBack(t, before)
		})
	}
}

// isPutBack checks that down leaves nothing of a run that was killed.
func (o *openwhisk) isPutBack(t *testing.T, before string) {
	t.Helper()
	out := o.does(t, 0, "down", o.profile)
	if after := o.state(t); after != before {
		t.Errorf("before\n%s\nafter down\n%s\nwhich said\n%s", before, after, out)
	}
}
