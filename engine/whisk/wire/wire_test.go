package wire

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

var asked = []byte("POST /act HTTP/1.1\r\nHost: h\r\nX-Request-Id")

// serve returns a client of a server, and the server's count of connections.
func serve(t testing.TB, handler http.HandlerFunc, secured bool) (*Client, *atomic.Int64) {
	t.Helper()
	server, connections := httptest.NewUnstartedServer(handler), new(atomic.Int64)
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	cfg := Config{Keep: 4, Header: "x-some"}
	if secured {
		server.StartTLS()
		cfg.TLS = server.Client().Transport.(*http.Transport).TLSClientConfig
	} else {
		server.Start()
	}
	t.Cleanup(server.Close)
	host, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Host = host
	if secured {
		cfg.Host.Host = "localhost:" + host.Port()
		cfg.TLS.InsecureSkipVerify = true // the certificate is for another name
	}
	client := New(cfg)
	t.Cleanup(client.Close)
	return client, connections
}

// post sends body and returns what the answer holds.
func post(ctx context.Context, client *Client, body string) (string, error) {
	a, err := client.Post(ctx, time.Now().Add(time.Minute), Request{Head: asked, ID: "t-1", Body: []byte(body)})
	defer a.Release()
	return fmt.Sprintf("%d %s %s", a.Status, a.Header, a.Body), err
}

// echo answers with what it was sent.
func echo(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Some", r.Header.Get("X-Request-ID"))
	body, _ := io.ReadAll(r.Body) // all of it: this server drops what is not read when the answer begins
	_, _ = w.Write(body)
}

func TestConnectionsAreKept(t *testing.T) {
	for _, secured := range []bool{false, true} {
		client, connections := serve(t, echo, secured)
		for _, body := range []string{"", "a", strings.Repeat("b", keepBytes), strings.Repeat("c", 3<<20), "d"} {
			if got, err := post(t.Context(), client, body); err != nil || got != "200 t-1 "+body {
				t.Errorf("TLS %t: %d bytes: %.40q, error %v", secured, len(body), got, err)
			}
		}
		if n := connections.Load(); n != 1 {
			t.Errorf("TLS %t: five calls, one after the other, took %d connections", secured, n)
		}
	}
}

func TestAClosedConnectionIsNoticedBeforeItIsUsed(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var serving sync.WaitGroup
	defer serving.Wait()
	defer listener.Close()
	serving.Go(func() {
		for conn, err := listener.Accept(); err == nil; conn, err = listener.Accept() {
			if _, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
				_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
			}
			_ = conn.Close() // unannounced
		}
	})
	client := New(Config{Host: &url.URL{Scheme: "http", Host: listener.Addr().String()}, Keep: 4})
	defer client.Close()
	for range 3 {
		if got, err := post(t.Context(), client, ""); err != nil || got != "200  ok" {
			t.Fatalf("got %q, error %v", got, err)
		}
		for len(client.idle) > 0 && client.idle[0].quiet() { // until the end has come over
			time.Sleep(time.Millisecond)
		}
	}
}

func TestALargeBodyIsNotInTheWayOfAnEarlyAnswer(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var serving sync.WaitGroup
	defer serving.Wait()
	defer listener.Close()
	over := make(chan struct{})
	defer close(over)
	serving.Go(func() {
		conn, err := listener.Accept()
		if err == nil { // the body is never read
			_, _ = io.WriteString(conn, "HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
			<-over
			_ = conn.Close()
		}
	})
	client := New(Config{Host: &url.URL{Scheme: "http", Host: listener.Addr().String()}, Keep: 4})
	defer client.Close()
	if got, err := post(t.Context(), client, strings.Repeat("x", 64<<20)); err != nil || got != "413  " {
		t.Errorf("got %q, error %v", got, err)
	}
	if len(client.idle) != 0 {
		t.Error("a connection in the midst of a request was kept")
	}
}

// The end of one call's context must not reach into the next call on the same connection, nor that of a context whose
// watch was kept.
func TestTheEndOfAContextEndsItsOwnCallsOnly(t *testing.T) {
	release := make(chan struct{})
	client, connections := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if body, _ := io.ReadAll(r.Body); string(body) == "wait" {
			<-release
		}
	}, false)
	defer close(release)
	phase, end := context.WithCancel(t.Context())
	for range 3 {
		for range 3 { // with the phase's own context, whose watch stays, and with contexts of one call
			if _, err := post(phase, client, ""); err != nil {
				t.Fatal(err)
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		if _, err := post(ctx, client, ""); err != nil {
			t.Fatal(err)
		}
		cancel()
	}
	if _, err := post(phase, client, ""); err != nil {
		t.Fatal(err)
	}
	end() // while the connection is unused
	if _, err := post(t.Context(), client, ""); err != nil || connections.Load() != 1 {
		t.Errorf("error %v, %d connections", err, connections.Load())
	}
	for range 2 {
		ctx, cancel := context.WithCancel(t.Context())
		stop := time.AfterFunc(5*time.Millisecond, cancel)
		if _, err := post(ctx, client, "wait"); err == nil {
			t.Error("a call that is not answered outlived its context")
		}
		stop.Stop()
		cancel()
	}
	if _, err := post(phase, client, ""); err == nil {
		t.Error("a call was sent for a context that had ended")
	}
}

func TestManyCallsAtATimeGetTheirOwnAnswers(t *testing.T) {
	client, _ := serve(t, echo, false)
	var users sync.WaitGroup
	for user := range 16 {
		users.Go(func() {
			for n := range 50 {
				body := strings.Repeat(fmt.Sprint(user, "-", n, " "), 1+n*user)
				if got, err := post(t.Context(), client, body); err != nil || got != "200 t-1 "+body {
					t.Errorf("user %d: got %.40q, error %v", user, got, err)
				}
			}
		})
	}
	users.Wait()
	if kept := len(client.idle); kept > 4 {
		t.Errorf("%d connections are kept, 4 asked for", kept)
	}
}

func TestAnAnswerBeyondTheBoundIsRefused(t *testing.T) {
	for name, header := range map[string]string{"announced": fmt.Sprint(MaxBody + 1), "in chunks": ""} {
		client, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if header != "" {
				w.Header().Set("Content-Length", header)
			}
			part := bytes.Repeat([]byte("x"), 1<<20)
			for range MaxBody>>20 + 1 {
				if _, err := w.Write(part); err != nil {
					return
				}
			}
		}, false)
		if _, err := post(t.Context(), client, ""); err != ErrTooLarge {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

// BenchmarkPost is the client's work alone: the server writes fixed bytes.
func BenchmarkPost(b *testing.B) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	var serving sync.WaitGroup
	defer serving.Wait()
	defer listener.Close()
	serving.Go(func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		answer, request := fmt.Appendf(nil, "HTTP/1.1 200 OK\r\nX-Some: a\r\nContent-Length: 600\r\n\r\n%600s", ""), make([]byte, 4096)
		for {
			if _, err := conn.Read(request); err != nil {
				return
			}
			if _, err := conn.Write(answer); err != nil {
				return
			}
		}
	})
	client := New(Config{Host: &url.URL{Scheme: "http", Host: listener.Addr().String()}, Keep: 1, Header: "x-some"})
	defer client.Close()
	body := []byte("{}")
	b.ReportAllocs()
	for b.Loop() {
		a, err := client.Post(b.Context(), time.Now().Add(time.Minute), Request{Head: asked, ID: "t", Body: body})
		if err != nil {
			b.Fatal(err)
		}
		a.Release()
	}
}
