package main

import (
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wsk-scenario/engine/standalone"
)

// The login of the database, which asks everybody for it; the password has what an address must escape.
const (
	databaseUser     = "bench-admin"
	databasePassword = "tell/no+one@all%"
)

// freePort is a port that nobody listens on, and that the system gives to no connection in the meantime, as it does from 32768 on.
func freePort(t *testing.T) int {
	t.Helper()
	for {
		port := 10_000 + rand.IntN(10_000)
		if listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
			if err := listener.Close(); err != nil {
				t.Fatal(err)
			}
			return port
		}
	}
}

// database is CouchDB's API on a port of its own: somebody else's, as far as a run knows.
func database(t *testing.T) (port int) {
	t.Helper()
	port = freePort(t)
	cmd := exec.CommandContext(t.Context(), filepath.Join(scenarioRoot, "services/couchdb/start"))
	cmd.Env = append(os.Environ(), "HOST=127.0.0.1", fmt.Sprintf("PORT=%d", port), "COUCHDB_LOGIN="+databaseUser+":"+databasePassword)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Wait() })
	for began := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		answer, err := http.Get(fmt.Sprintf("http://127.0.0.1:%d/_up", port))
		if err == nil {
			answer.Body.Close()
			if answer.StatusCode != http.StatusUnauthorized {
				t.Fatalf("the database answers %s to a stranger", answer.Status)
			}
			return port
		}
		if time.Since(began) > patience {
			t.Fatalf("the database does not listen: %v", err)
		}
	}
}

// The scenarios that need a database run unchanged on an OpenWhisk that runs already with a CouchDB that is there already, and
// its password is in nothing that is written.
func TestScenariosTakeADatabaseThatIsThere(t *testing.T) {
	port := database(t)
	server, err := standalone.Start(t.Context(), standalone.Config{Auth: ownAuth, WorkDir: t.TempDir(), CacheDir: t.TempDir(), PerMinute: 100_000, Concurrent: 100})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close(t.Context()) })
	folder := t.TempDir()
	profile := put(t, folder, "lab.yaml", fmt.Sprintf(`cluster: lab
openwhisk: {apihost: %q, auth: {env: WSK_AUTH}}
services:
  store: {host: 127.0.0.1, port: %d, auth: {env: COUCHDB_LOGIN}}
`, server.URL(), port))
	env := map[string]string{"WSK_AUTH": ownAuth, "COUCHDB_LOGIN": databaseUser + ":" + databasePassword}
	for _, name := range []string{"tc01-resource-needs", "tc04a-image-processing", "tc04b-alexa-skills", "tc04d-data-analysis", "tc12-bank-transactions"} {
		t.Run(name, func(t *testing.T) {
			code, text := written(t, t.TempDir(), env, "run", "--quiet", "--cluster", profile, filepath.Join(scenarioRoot, "serverlessbench", name+".yaml"))
			if code != exitMet || !strings.Contains(text, fmt.Sprintf("service store at 127.0.0.1:%d, which was there", port)) {
				t.Errorf("exit code %d\n%s", code, text)
			}
			if strings.Contains(text, databasePassword) || strings.Contains(text, "tell%2Fno+one%40all%25") || strings.Contains(text, "tell/no") {
				t.Error("the password of the database was written")
			}
		})
	}
	delete(env, "COUCHDB_LOGIN")
	code, text := written(t, t.TempDir(), env, "run", "--quiet", "--cluster", profile, filepath.Join(scenarioRoot, "serverlessbench/tc12-bank-transactions.yaml"))
	if code != exitWrong || !strings.Contains(text, "services.store.auth.env: the environment has no COUCHDB_LOGIN") {
		t.Errorf("without the login: exit code %d\n%s", code, text)
	}
}
