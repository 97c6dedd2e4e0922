package main

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/result"
	"wsk-scenario/engine/standalone"
)

// The credentials of an OpenWhisk of our own. Its halves are long enough that each is a secret by itself.
const (
	ownUser = "a1b2c3d4-71f6-4ed5-8c54-816aa4f8c502"
	ownKey  = "Zq8xvN2mPw7rTk4yHs9dLf3gJc6bVe5aZq8xvN2mPw7rTk4yHs9dLf3gJc6bVe5a"
	ownAuth = ownUser + ":" + ownKey
)

// talkative is an action that writes the credentials into all that it can: the error of its activation in every form.
const talkative = `
exports.main = params => {
  const auth = params.user + ':' + params.key;
  return { error: [auth, encodeURIComponent(auth), 'Basic ' + Buffer.from(auth).toString('base64'),
    Buffer.from('x' + auth).toString('base64'), JSON.stringify({ auth })].join(' ') };
};`

// The action finds the credentials in what is bound to it, in two halves.
const telling = `
name: tell
about: "%s"
actions:
  tell: {code: tell.js, kind: "nodejs:default", params: {user: %s, key: %s}}
phases:
  - {name: all, invoke: tell, load: {iterations: 2}}
assert: [all.application_error == 2]
`

// ownOpenWhisk serves an OpenWhisk with credentials of its own and returns its address.
func ownOpenWhisk(t *testing.T) string {
	t.Helper()
	server, err := standalone.Start(t.Context(), standalone.Config{Auth: ownAuth, WorkDir: t.TempDir(), PerMinute: 600})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close(t.Context()) })
	return server.URL()
}

// written runs the program and returns its exit code and everything that it wrote: streams and files.
func written(t *testing.T, folder string, env map[string]string, args ...string) (code int, text string) {
	t.Helper()
	var all bytes.Buffer
	var faults bytes.Buffer
	m := Machine{In: strings.NewReader(""), Out: &all, Err: &faults, Env: func(name string) string { return env[name] },
		Cache: func() (string, error) { return folder, nil }}
	results := filepath.Join(folder, "results")
	code = Main(t.Context(), append(args, "--results", results), m)
	all.Write(faults.Bytes())
	err := filepath.WalkDir(results, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return nil // a run that did not begin has no results
		}
		content, err := os.ReadFile(path)
		all.WriteString("\n" + path + "\n")
		all.Write(content)
		if strings.HasSuffix(path, "samples.wsk") { // packed, so that a secret would not be seen
			lines := json.NewEncoder(&all)
			return errors.Join(err, result.Samples(filepath.Dir(path), func(s *measure.Sample) error { return lines.Encode(s) }))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return code, all.String()
}

// shown is the first form of the credentials that a text has.
func shown(text string) string {
	for _, secret := range []string{ownAuth, ownUser, ownKey} {
		forms := []string{secret, url.QueryEscape(secret), strings.ToLower(url.QueryEscape(secret))}
		for before := range 3 { // the middle of the secret, wherever it stands in what was encoded
			encoded := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", before) + secret + "xxx"))
			forms = append(forms, encoded[4:24])
		}
		for _, form := range forms {
			if strings.Contains(text, form) {
				return form
			}
		}
	}
	return ""
}

func put(t *testing.T, folder, name, text string) string {
	t.Helper()
	path := filepath.Join(folder, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestCredentialsAreInNothingThatIsWritten(t *testing.T) {
	host := ownOpenWhisk(t)
	profile := func(auth string) string {
		return fmt.Sprintf("cluster: own\nopenwhisk: {apihost: %q, auth: %s}\n", host, auth)
	}
	for _, row := range []struct {
		says    string
		env     map[string]string
		profile string
		flags   []string
	}{
		{"a flag", nil, "", []string{"--apihost", host, "--auth", ownAuth}},
		{"the environment", map[string]string{"WSK_AUTH": ownAuth}, "", []string{"--apihost", host}},
		{"a profile that names a variable", map[string]string{"OWN": ownAuth}, profile("{env: OWN}"), nil},
		{"a profile that names a file", nil, profile("{file: auth}"), nil},
		{"a profile that names properties of wsk", nil, profile("{wskprops: props}"), nil},
		{"a profile that leaves it to the environment", map[string]string{"WSK_AUTH": ownAuth}, profile("{env: WSK_AUTH}"), nil},
	} {
		t.Run(row.says, func(t *testing.T) {
			folder := t.TempDir()
			put(t, folder, "tell.js", talkative)
			put(t, folder, "auth", ownAuth+"\n")
			put(t, folder, "props", "APIHOST="+host+"\nAUTH="+ownAuth+"\n")
			args := append([]string{"run", put(t, folder, "tell.yaml", fmt.Sprintf(telling, ownAuth, ownUser, ownKey))}, row.flags...)
			if row.profile != "" {
				args = append(args, "--cluster", put(t, folder, "own.yaml", row.profile))
			}
			code, text := written(t, folder, row.env, args...)
			if code != exitMet || !strings.Contains(text, "Basic ***") || !strings.Contains(text, "samples.wsk") {
				t.Errorf("exit code %d:\n%s", code, text)
			}
			if form := shown(text); form != "" {
				t.Errorf("%s is shown:\n%s", form, text)
			}
		})
	}
}

func TestCredentialsInAProfileAreNotDrawn(t *testing.T) {
	folder := t.TempDir()
	file := put(t, folder, "own.yaml", "cluster: own\nopenwhisk:\n  apihost: http://127.0.0.1:1\n  auth: "+ownAuth+"\n")
	put(t, folder, "tell.js", talkative)
	scenario := put(t, folder, "tell.yaml", fmt.Sprintf(telling, "", "me", "mine"))
	code, text := written(t, folder, nil, "run", scenario, "--cluster", file)
	if code != exitWrong || !strings.Contains(text, "must say where the credentials are") || shown(text) != "" {
		t.Errorf("exit code %d, %s is shown:\n%s", code, shown(text), text)
	}
}

func TestTheTLSOfAProfileIsThatOfTheRun(t *testing.T) {
	behind, err := url.Parse(ownOpenWhisk(t))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewTLSServer(httputil.NewSingleHostReverseProxy(behind))
	t.Cleanup(server.Close)
	own := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	other, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		says, tls, want string
		code            int
	}{
		{"the system does not know the authority", "", "certificate", exitCannot},
		{"nobody verifies", "tls: {verify: false}", "PASS 1 assertion held", exitMet},
		{"the authority is trusted", "tls: {ca: ca.pem}", "PASS 1 assertion held", exitMet},
		{"the authority is none", "tls: {ca: tell.js}", "openwhisk.tls.ca: it holds no certificate in PEM form", exitWrong},
		{"the key is none", "tls: {cert: ca.pem, key: ca.pem}", "openwhisk.tls.key: it holds no private key in PEM form", exitWrong},
		{"the key is of another certificate", "tls: {cert: ca.pem, key: key.pem}",
			"openwhisk.tls.key: tls: private key does not match public key", exitWrong},
	} {
		t.Run(row.says, func(t *testing.T) {
			folder := t.TempDir()
			put(t, folder, "tell.js", talkative)
			put(t, folder, "ca.pem", string(own))
			put(t, folder, "key.pem", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: other})))
			scenario := put(t, folder, "tell.yaml", fmt.Sprintf(telling, "", "me", "mine"))
			text := fmt.Sprintf("cluster: own\nopenwhisk:\n  apihost: %s\n  auth: {env: OWN}\n  %s\n", server.URL, row.tls)
			code, text := written(t, folder, map[string]string{"OWN": ownAuth}, "run", scenario, "--cluster", put(t, folder, "own.yaml", text))
			if code != row.code || !strings.Contains(text, row.want) || shown(text) != "" {
				t.Errorf("exit code %d, want %d and %q:\n%s", code, row.code, row.want, text)
			}
		})
	}
}
