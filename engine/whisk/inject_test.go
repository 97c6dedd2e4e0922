package whisk

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// Whatever an action is called and a payload holds, what arrives is one request for that action with that body: nothing of
// them becomes a header, a query or another request.
func TestNothingOfANameOrAPayloadReachesTheHead(t *testing.T) { both(t, nothingReachesTheHead) }

func nothingReachesTheHead(t *testing.T, over HTTP) {
	var mu sync.Mutex
	var got []*http.Request
	var bodies []string
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		got, bodies = append(got, r), append(bodies, string(body))
		mu.Unlock()
		answer(200, record("success", "{}", ""))(w, r)
	}, Over(over))
	for _, name := range []string{
		"a b", "a&blocking=false", "a@b.c-d_e", "pkg/a b", "a\r\nX-Evil: 1", "a HTTP/1.1\r\n\r\nGET /evil", "a?blocking=false", "a#b", "ü", "a;b", "a+b", `a"b`,
	} {
		body := "{\"a\":\"\r\n\r\nPOST /evil HTTP/1.1\r\nX-Evil: 1\r\n\r\n\"}"
		got, bodies = nil, nil
		a := client.Invoke(t.Context(), client.Prepare(name, ForRecord, []byte(body)), "t-1")
		if len(got) != 1 {
			t.Errorf("%q: %d requests, %s %s", name, len(got), a.Class, a.Error)
			continue
		}
		r := got[0]
		if want := "/api/v1/namespaces/_/actions/" + name; r.URL.Path != want || r.Method != http.MethodPost || r.URL.RawQuery != "blocking=true&result=false" {
			t.Errorf("%q: %s %q ? %s", name, r.Method, r.URL.Path, r.URL.RawQuery)
		}
		if r.Header.Get("X-Evil") != "" || bodies[0] != body || strings.ContainsAny(r.RequestURI, " \r\n#") {
			t.Errorf("%q: headers %v, body %q, URI %q", name, r.Header, bodies[0], r.RequestURI)
		}
	}
}
