package whisk

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

const (
	auth = "user-uuid:secret-key"
	id   = "0123456789abcdef0123456789abcdef"
)

func record(status, result, annotations string) string {
	return fmt.Sprintf(`{"activationId":%q,"start":1000,"end":1040,"duration":40,"response":{"status":%q,"success":%t,"result":%s},"annotations":[%s]}`,
		id, status, status == "success", result, annotations)
}

// carriers are what can send invocations: the same must come of both.
var carriers = []HTTP{Plain, Standard}

// both runs test over each of the carriers.
func both(t *testing.T, test func(t *testing.T, over HTTP)) {
	t.Helper()
	for _, over := range carriers {
		t.Run("over "+string(over), func(t *testing.T) { test(t, over) })
	}
}

// serve starts a server that answers everything with handler, and returns a client of it.
func serve(t *testing.T, handler http.HandlerFunc, opts ...Option) *Client {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	client, err := New(Access{Host: server.URL, Auth: auth}, 4, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

func answer(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Openwhisk-Activation-Id", id)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// slam answers with raw bytes and closes the connection.
func slam(raw string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err == nil {
			_, _ = io.WriteString(conn, raw)
			if tcp, ok := conn.(*net.TCPConn); ok && raw == "" {
				_ = tcp.SetLinger(0) // a reset, not an orderly end
			}
			_ = conn.Close()
		}
	}
}

func TestEveryAnswerHasItsClass(t *testing.T) { both(t, everyAnswerHasItsClass) }

func everyAnswerHasItsClass(t *testing.T, over HTTP) {
	const limit = `{"error":"Too many requests in the last minute (count: 61, allowed: 60).","code":"x"}`
	for _, row := range []struct {
		name    string
		wait    Wait
		handler http.HandlerFunc
		class   Class
		text    string // part of the error
		id      bool
	}{
		{"success with its record", ForRecord, answer(200, record("success", `{"a":1}`, "")), OK, "", true},
		{"application error", ForRecord, answer(502, record("application error", `{"error":"no such user"}`, "")), ApplicationError, "no such user", true},
		{"developer error", ForRecord, answer(502, record("action developer error", `{"error":"The action exceeded its time limits of 100 milliseconds."}`, "")), DeveloperError, "time limits", true},
		{"whisk error", ForRecord, answer(500, record("whisk internal error", `{"error":{"deep":1}}`, "")), PlatformError, `{"deep":1}`, true},
		{"the result alone", ForResult, answer(200, `{"a":1}`), OK, "", true},
		{"a result that is a list", ForResult, answer(200, `[1,2]`), OK, "", true},
		{"a list comes bare, without its record", ForRecord, answer(200, `[1,2]`), OK, "", true},
		{"a failed result", ForResult, answer(502, `{"error":"no"}`), ApplicationError, "no", true},
		{"a result that is no JSON", ForResult, answer(200, `<html>`), PlatformError, "no JSON", true},
		{"not waited for", ForNothing, answer(202, `{"activationId":"`+id+`"}`), Accepted, "", true},
		{"still running after the wait is not a success", ForRecord, answer(202, `{"activationId":"`+id+`"}`), Accepted, "", true},
		{"throttled", ForRecord, answer(429, limit), Throttled, "Too many requests", true},
		{"no healthy invoker, empty body", ForRecord, answer(503, ""), NoCapacity, "Service Unavailable", true},
		{"unknown action", ForRecord, answer(404, `{"error":"The requested resource does not exist.","code":"x"}`), Rejected, "does not exist", true},
		{"wrong credentials", ForRecord, answer(401, `{"error":"The supplied authentication is invalid"}`), Rejected, "invalid", true},
		{"200 with a page of a proxy", ForRecord, answer(200, `<html>welcome</html>`), PlatformError, "no activation record", true},
		{"200 with nothing", ForRecord, answer(200, ``), PlatformError, "no activation record: it is empty", true},
		{"an answer that is compressed unasked", ForRecord, answer(200, "\x1f\x8b\x08\x00"), PlatformError, "gzip, which was not asked for", true},
		{"null is no list", ForRecord, answer(200, `null`), PlatformError, "no activation record", true},
		{"a record of success under a status of failure", ForRecord, answer(500, record("success", `{"a":1}`, "")), PlatformError, "the HTTP status 500", true},
		{"a record with a status that nobody knows", ForRecord, answer(200, record("whatever", `{"a":1}`, "")), PlatformError, `"whatever"`, true},
		{"a status that nobody knows", ForRecord, answer(599, ``), PlatformError, "HTTP status 599", true},
		{"500 with garbage", ForRecord, answer(500, "\x00\x01"), PlatformError, "Internal Server Error", true},
		{"502 of a gateway", ForRecord, answer(502, `<html>bad gateway</html>`), PlatformError, "Bad Gateway", true},
		{"a redirect is not followed", ForRecord, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/elsewhere", http.StatusMovedPermanently)
		}, PlatformError, "Moved Permanently: the API host redirects", false},
		{"an answer about a cache", ForRecord, answer(304, ``), PlatformError, "Not Modified", true},
		{"a reset connection", ForRecord, slam(""), Network, "", false},
		{"an answer that is not HTTP", ForRecord, slam("SSH-2.0-OpenSSH\r\n\r\n"), Network, "malformed", false},
		{"an answer cut off in its body", ForRecord, slam("HTTP/1.1 200 OK\r\nContent-Length: 900\r\nX-Openwhisk-Activation-Id: " + id + "\r\n\r\n{\"activ"), Network, "unexpected EOF", true},
	} {
		t.Run(row.name, func(t *testing.T) {
			client := serve(t, row.handler, Over(over))
			a := client.Invoke(t.Context(), client.Prepare("hello", row.wait, []byte("{}")), "t1")
			if a.Class != row.class || !strings.Contains(a.Error, row.text) || (row.text == "" && row.class == OK && a.Error != "") {
				t.Errorf("class %s, error %q; want %s with %q", a.Class, a.Error, row.class, row.text)
			}
			if got := a.Activation == id; got != row.id {
				t.Errorf("activation %q, want known: %t", a.Activation, row.id)
			}
			if a.Done.Before(a.Sent) || (a.Status != 0 && a.FirstByte.Before(a.Sent)) {
				t.Errorf("times run backwards: %v %v %v", a.Sent, a.FirstByte, a.Done)
			}
		})
	}
}

func TestWhatIsSent(t *testing.T) { both(t, whatIsSent) }

func whatIsSent(t *testing.T, over HTTP) {
	var got *http.Request
	var body []byte
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		got = r
		body, _ = io.ReadAll(r.Body)
		answer(200, record("success", "{}", ""))(w, r)
	}, Over(over))
	client.Invoke(t.Context(), client.Prepare("my action", ForRecord, []byte(`{"name":"edge"}`)), "transaction-7")
	user, pass, _ := got.BasicAuth()
	if want := "/api/v1/namespaces/_/actions/my%20action?blocking=true&result=false"; got.Method != "POST" || got.RequestURI != want {
		t.Errorf("%s %s, want POST %s", got.Method, got.RequestURI, want)
	}
	if user+":"+pass != auth || got.Header.Get("X-Request-ID") != "transaction-7" || string(body) != `{"name":"edge"}` {
		t.Errorf("auth %s:%s, X-Request-ID %q, body %s", user, pass, got.Header.Get("X-Request-ID"), body)
	}
	if got.ContentLength != int64(len(body)) {
		t.Errorf("Content-Length %d, want %d", got.ContentLength, len(body))
	}
}

func TestACallThatIsNotAnsweredEndsAtItsDeadline(t *testing.T) {
	both(t, aCallThatIsNotAnsweredEndsAtItsDeadline)
}

func aCallThatIsNotAnsweredEndsAtItsDeadline(t *testing.T, over HTTP) {
	for _, row := range []struct {
		name    string
		context func(context.Context) (context.Context, context.CancelFunc)
		within  time.Duration
		text    string
	}{
		{"the call's time-out", func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithCancel(ctx)
		}, 20 * time.Millisecond, "client's time-out"},
		{"the deadline of the context, before the call's", func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, 20*time.Millisecond)
		}, time.Hour, "client's time-out"},
		{"an interrupted run", func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			time.AfterFunc(20*time.Millisecond, cancel)
			return ctx, cancel
		}, time.Hour, "interrupted"},
	} {
		t.Run(row.name, func(t *testing.T) {
			release := make(chan struct{})
			client := serve(t, func(http.ResponseWriter, *http.Request) { <-release }, Over(over))
			defer close(release)
			ctx, cancel := row.context(t.Context())
			defer cancel()
			a := client.Invoke(ctx, client.Prepare("slow", ForRecord, nil).Within(row.within), "t")
			if a.Class != Timeout || !strings.Contains(a.Error, row.text) || a.Status != 0 || !a.FirstByte.IsZero() {
				t.Errorf("got %+v", a)
			}
		})
	}
}

// A server may close a kept connection just as it is used again. The call must then fail or be sent once, never twice.
func TestABrokenConnectionIsNeverASecondInvocation(t *testing.T) {
	both(t, aBrokenConnectionIsNeverASecondInvocation)
}

func aBrokenConnectionIsNeverASecondInvocation(t *testing.T, over HTTP) {
	var received atomic.Int64
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if received.Add(1)%2 == 0 {
			slam("")(w, r)
			return
		}
		answer(200, record("success", "{}", ""))(w, r)
	}, Over(over))
	call := client.Prepare("hello", ForRecord, []byte(`{"a":1}`))
	const calls = 40
	classes := map[Class]int{}
	for range calls {
		classes[client.Invoke(t.Context(), call, "t").Class]++
	}
	if received.Load() != calls || classes[OK] != calls/2 || classes[Network] != calls/2 {
		t.Errorf("%d calls were received %d times; classes %v", calls, received.Load(), classes)
	}
}

func TestARecordTellsItsStages(t *testing.T) {
	client := serve(t, answer(200, record("success", "{}",
		`{"key":"waitTime","value":-3},{"key":"initTime","value":25},{"key":"kind","value":"nodejs:20"},`+
			`{"key":"standalone","value":{"node":"n1","container":"c7","start":"cold"}}`)))
	r := client.Invoke(t.Context(), client.Prepare("a", ForRecord, nil), "t").Record
	host, ok := r.Host()
	if *r.Wait() != -3 || *r.Init() != 25 || !ok || host != (Host{"n1", "c7", "cold"}) || r.Sequence() {
		t.Errorf("got %+v, host %+v", r, host)
	}
	bare := Record{}
	if _, ok := bare.Host(); ok || bare.Wait() != nil || bare.Init() != nil || bare.ErrorText() != "" {
		t.Error("a record without annotations has stages")
	}
}

// The figures hold the server's work as well; BenchmarkPost of package wire shows the client's alone.
func BenchmarkInvoke(b *testing.B) {
	server := httptest.NewServer(answer(200, record("success", `{"greeting":"Hello"}`, `{"key":"waitTime","value":3}`)))
	defer server.Close()
	for _, over := range carriers {
		b.Run(string(over), func(b *testing.B) {
			client, err := New(Access{Host: server.URL, Auth: auth}, 1, Over(over))
			if err != nil {
				b.Fatal(err)
			}
			defer client.Close()
			call := client.Prepare("hello", ForRecord, []byte(`{"name":"edge"}`)).Within(time.Minute)
			b.ReportAllocs()
			for b.Loop() {
				if a := client.Invoke(b.Context(), call, "t"); a.Class != OK {
					b.Fatal(a.Error)
				}
			}
		})
	}
}
