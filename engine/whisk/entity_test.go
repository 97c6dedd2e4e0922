package whisk

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	ow "github.com/apache/openwhisk-client-go/whisk"
)

func TestAnActionIsPutWhole(t *testing.T) {
	var uri string
	var sent map[string]any
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		uri = r.Method + " " + r.RequestURI
		body, _ := io.ReadAll(r.Body)
		_ = json.Unmarshal(body, &sent)
		_, _ = io.WriteString(w, `{"name":"hello","version":"0.0.7"}`)
	})
	code, binary, memory := "function main() {}", false, 128
	version, err := client.PutAction(t.Context(), Action{
		Name: "hello", Exec: &ow.Exec{Kind: "nodejs:default", Code: &code, Binary: &binary}, Limits: &Limitation{Limits: ow.Limits{Memory: &memory}},
		Parameters: []Parameter{{Key: "MODE", Value: json.RawMessage(`"bench"`), Init: true}},
	})
	if err != nil || version != "0.0.7" || uri != "PUT /api/v1/namespaces/_/actions/hello?overwrite=true" {
		t.Fatalf("version %q, error %v, request %s", version, err, uri)
	}
	got, _ := json.Marshal(sent)
	want := `{"exec":{"binary":false,"code":"function main() {}","kind":"nodejs:default"},"limits":{"memory":128},"parameters":[{"init":true,"key":"MODE","value":"bench"}]}`
	if string(got) != want {
		t.Errorf("sent %s\nwant %s", got, want)
	}
}

func TestATargetThatHoldsNoActionToANumberOfContainersIsRefused(t *testing.T) {
	one := 1
	capped := Action{Name: "hello", Limits: &Limitation{Instances: &one}}
	client := serve(t, answer(200, `{"version":"0.0.1","limits":{"memory":128,"concurrency":1}}`))
	if _, err := client.PutAction(t.Context(), capped); err == nil || !strings.Contains(err.Error(), "does not hold an action to a number of containers (instances)") {
		t.Errorf("got %v", err)
	}
	client = serve(t, answer(200, `{"version":"0.0.1","limits":{"memory":128,"instances":1}}`))
	if _, err := client.PutAction(t.Context(), capped); err != nil {
		t.Error(err)
	}
}

func TestARefusalIsInTheServersWords(t *testing.T) {
	client := serve(t, answer(400, `{"error":"The specified runtime 'x' is not supported by this platform.","code":"abc"}`))
	_, err := client.PutAction(t.Context(), Action{Name: "hello"})
	var refused *Error
	if !errors.As(err, &refused) || refused.Status != 400 {
		t.Fatalf("got %v", err)
	}
	if want := "create action hello: 400 Bad Request: The specified runtime 'x' is not supported by this platform."; err.Error() != want {
		t.Errorf("got  %s\nwant %s", err, want)
	}
}

func TestDeletingWhatIsNotThereIsNoError(t *testing.T) {
	client := serve(t, answer(404, `{"error":"The requested resource does not exist."}`))
	if err := client.DeleteAction(t.Context(), "gone"); err != nil {
		t.Error(err)
	}
	client = serve(t, answer(401, `{"error":"The supplied authentication is invalid"}`))
	if err := client.DeleteAction(t.Context(), "gone"); err == nil || !strings.Contains(err.Error(), "authentication is invalid") {
		t.Errorf("got %v", err)
	}
}

func TestAnEntityCallEndsWithItsContext(t *testing.T) {
	release := make(chan struct{})
	client := serve(t, func(http.ResponseWriter, *http.Request) { <-release })
	defer close(release)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := client.DeleteAction(ctx, "x"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestEntitiesMayBePutByManyAtATime(t *testing.T) {
	client := serve(t, answer(200, `{"version":"0.0.1"}`))
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			if _, err := client.PutAction(t.Context(), Action{Name: "a"}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

func TestAccessIsChecked(t *testing.T) {
	for _, row := range []struct{ name, host, auth, want string }{
		{"a host without scheme", "localhost:3233", auth, "must be a URL"},
		{"another scheme", "ftp://x", auth, "must be a URL"},
		{"no host", "", auth, "must be a URL"},
		{"credentials without key", "http://x", "uuid", "UUID:KEY"},
		{"empty credentials", "http://x", "", "UUID:KEY"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if _, err := New(Access{Host: row.host, Auth: row.auth}, 1); err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("got %v, want %q", err, row.want)
			} else if row.auth != "" && strings.Contains(err.Error(), row.auth) {
				t.Errorf("the credentials are in the message: %v", err)
			}
		})
	}
}

func TestWhatTheServerOffers(t *testing.T) {
	client := serve(t, answer(200, `{"description":"OpenWhisk","runtimes":{"nodejs":[{"kind":"nodejs:18"},{"kind":"nodejs:20","default":true}],"java":[{"kind":"java:8"}]}}`))
	info, err := client.Info(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for kind, want := range map[string]bool{"nodejs:20": true, "nodejs:18": true, "nodejs:default": true, "java:8": true,
		"java:default": false, "nodejs:14": false, "ruby:default": false, "nodejs": false} {
		if got := info.Offers(kind); got != want {
			t.Errorf("offers %s: %t, want %t", kind, got, want)
		}
	}
}
