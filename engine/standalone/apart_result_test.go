package standalone_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"wsk-scenario/engine/standalone"
)

// An invoker apart sees to the longest result itself, and tells who watches it that it serves.
func TestInvokerApartHasItsOwnLimitOfResults(t *testing.T) {
	s := start(t, standalone.Config{InvokerToken: invokerToken})
	bounds := standalone.DefaultBounds()
	bounds.Result = 64
	i, err := standalone.StartInvoker(t.Context(), standalone.InvokerConfig{
		Controller: s.URL(), Token: invokerToken, Node: standalone.Node{Name: "pi", Memory: 512}, Bounds: &bounds,
		WorkDir: t.TempDir(), CacheDir: cacheDir(t),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := i.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Errorf("close the invoker: %v", err)
		}
	})
	resp, err := http.Get(i.URL() + "/ping")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if pong, err := io.ReadAll(resp.Body); string(pong) != "pong" || err != nil {
		t.Errorf("GET /ping: got %q, %v", pong, err)
	}
	shows(t, s, "/invokers/healthy/count", "1")
	const code = `function main(a) { return {s: 'x'.repeat(a.n)} }`
	if status, text := call(t, s, "PUT", "/actions/long", `{"exec":{"kind":"nodejs:default","code":"`+code+`"}}`); status != 200 {
		t.Fatalf("put: %d %s", status, text)
	}
	if status, text := call(t, s, "POST", "/actions/long?blocking=true", `{"n":56}`); status != 200 {
		t.Errorf("a result of 64 bytes: got %d %s", status, text)
	}
	status, text := call(t, s, "POST", "/actions/long?blocking=true", `{"n":57}`)
	if status != 502 || !strings.Contains(text, "exceeded the allowed length: 65 > 64 bytes.") {
		t.Errorf("a result of 65 bytes: got %d %s", status, text)
	}
}
