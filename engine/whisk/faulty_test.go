package whisk

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"wsk-scenario/engine/whisk/wire"
)

// fault is one way to answer: raw bytes, and what happens to the connection then. The class is what must come of it.
type fault struct {
	name  string
	raw   string
	after ending
	class Class
	text  string // part of the error
}

// ending is what a server does with the connection after its bytes.
type ending int

const (
	stays     ending = iota // ready for the next request
	closes                  // an orderly end
	resets                  // the end without order
	hangs                   // says nothing more until the client gives up
	whileIdle               // closes a little later, when the client has put the connection back
)

const (
	head200 = "HTTP/1.1 200 OK\r\nX-Openwhisk-Activation-Id: " + id + "\r\nContent-Type: application/json\r\n"
	success = `{"activationId":"` + id + `","start":1,"end":2,"duration":1,"response":{"status":"success","success":true,"result":{}},"annotations":[]}`
	stored  = `{"activationId":"` + id + `"}`
	many    = `{"error":"Too many requests"}`
)

func sized(head, body string) string {
	return fmt.Sprintf("%sContent-Length: %d\r\n\r\n%s", head, len(body), body)
}

// chunked cuts body into chunks of n bytes.
func chunked(head, body string, n int) string {
	text := head + "Transfer-Encoding: chunked\r\n\r\n"
	for len(body) > 0 {
		size := min(n, len(body))
		text += fmt.Sprintf("%x;name=value\r\n%s\r\n", size, body[:size])
		body = body[size:]
	}
	return text + "0\r\nX-Trailer: 1\r\n\r\n"
}

// faults are the ways of a server, good and bad, each with the class that the client must find.
func faults() []fault {
	return []fault{
		{"an answer of a known length", sized(head200, success), stays, OK, ""},
		{"an answer in chunks", chunked(head200, success, 7), stays, OK, ""},
		{"an answer in one chunk", chunked(head200, success, 1<<20), stays, OK, ""},
		{"an answer that the end of the connection ends", head200 + "\r\n" + success, closes, OK, ""},
		{"an answer of HTTP/1.0", "HTTP/1.0 200 OK\r\n\r\n" + success, closes, OK, ""},
		{"the last answer of its connection", sized(head200+"Connection: keep-alive, Close\r\n", success), closes, OK, ""},
		{"an answer, then an end that nobody announced", sized(head200, success), whileIdle, OK, ""},
		{"an answer after two interim ones", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + sized(head200, success), stays, OK, ""},
		{"an answer with bare line feeds", strings.ReplaceAll(sized(head200, success), "\r\n", "\n"), stays, OK, ""},
		{"an answer without a reason phrase", sized(strings.Replace(head200, " OK", "", 1), success), stays, OK, ""},
		{"an answer with a long header", sized(head200+"Set-Cookie: "+strings.Repeat("c", 20<<10)+"\r\n", success), stays, OK, ""},
		{"an answer with many headers", sized(head200+strings.Repeat("X-More: 1\r\n", 2000), success), stays, OK, ""},
		{"an answer of another content type", sized("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n", success), stays, OK, ""},
		{"an answer that says its length twice", sized(head200+fmt.Sprintf("Content-Length: %d\r\n", len(success)), success), stays, OK, ""},
		{"an answer in chunks that has a length too", chunked(head200+"Content-Length: 5\r\n", success, 50), stays, OK, ""},
		{"a large answer", sized(head200, strings.Replace(success, `"result":{}`, `"result":{"a":"`+strings.Repeat("x", 3<<20)+`"}`, 1)), stays, OK, ""},
		{"an answer with more behind it", sized(head200, success) + "HTTP/1.1 200 OK\r\n", stays, OK, ""},
		{"a call that runs on", sized(strings.Replace(head200, "200 OK", "202 Accepted", 1), stored), stays, Accepted, ""},
		{"too many calls", sized("HTTP/1.1 429 Too Many Requests\r\n", many), stays, Throttled, "Too many"},
		{"nobody to run it, and no word", "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", stays, NoCapacity, "Unavailable"},
		{"nobody to run it, and an end", "HTTP/1.1 503 Service Unavailable\r\n\r\n", closes, NoCapacity, "Unavailable"},
		{"no content", "HTTP/1.1 204 No Content\r\n\r\n", stays, PlatformError, "no activation record"},
		{"not modified, with a length of what is not sent", "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", stays, PlatformError, ""},
		{"a page of a proxy", sized("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n", "<html>"), stays, PlatformError, "no activation record"},
		{"an end without an answer", "", closes, Network, ""},
		{"a reset without an answer", "", resets, Network, ""},
		{"a reset in the body", head200 + "Content-Length: 900\r\n\r\n{\"activ", resets, Network, ""},
		{"an end in the status line", "HTTP/1.1 2", closes, Network, ""},
		{"an end in the head", head200, closes, Network, "EOF"},
		{"an end in the body", head200 + "Content-Length: 900\r\n\r\n{\"activ", closes, Network, "EOF"},
		{"an end in a chunk", head200 + "Transfer-Encoding: chunked\r\n\r\n90\r\n{\"activ", closes, Network, "EOF"},
		{"an end before the last chunk", strings.TrimSuffix(chunked(head200, success, 9), "0\r\nX-Trailer: 1\r\n\r\n"), closes, Network, "EOF"},
		{"an end after an interim answer", "HTTP/1.1 100 Continue\r\n\r\n", closes, Network, ""},
		{"another protocol", "SSH-2.0-OpenSSH_9.2\r\n", closes, Network, "malformed"},
		{"a status that is no number", "HTTP/1.1 2OO OK\r\n\r\n", closes, Network, "malformed"},
		{"a header without a colon", "HTTP/1.1 200 OK\r\nnothing\r\n\r\n", closes, Network, ""},
		{"a length that is no number", head200 + "Content-Length: -5\r\n\r\n", closes, Network, "Content-Length"},
		{"two lengths that differ", head200 + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n123456", closes, Network, "Content-Length"},
		{"a chunk of no size", head200 + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", closes, Network, "chunk"},
		{"a chunk longer than its size", head200 + "Transfer-Encoding: chunked\r\n\r\n2\r\nabcdef\r\n0\r\n\r\n", closes, Network, "chunk"},
		{"an encoding nobody asked for", head200 + "Transfer-Encoding: gzip\r\n\r\n", closes, Network, "transfer encoding"},
		{"a head without an end", "HTTP/1.1 200 OK\r\n" + strings.Repeat("X-More: 0123456789\r\n", wire.MaxHead/10), closes, Network, ""},
		{"a header without an end", "HTTP/1.1 200 OK\r\nX: " + strings.Repeat("y", 2*wire.MaxHead), closes, Network, ""},
		{"silence", "", hangs, Timeout, "time-out"},
		{"silence in the head", "HTTP/1.1 200 OK\r\nX-A", hangs, Timeout, "time-out"},
		{"silence in the body", head200 + "Content-Length: 900\r\n\r\n{", hangs, Timeout, "time-out"},
	}
}

// faulty is a server that answers each call with the fault whose number the call's X-Request-ID begins with, and counts
// what it received by that id.
type faulty struct {
	faults   []fault
	listener net.Listener
	over     chan struct{} // closed at the end of the test, for those that hang
	serving  sync.WaitGroup

	mu       sync.Mutex
	received map[string]int
}

func newFaulty(t *testing.T) *faulty {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	f := &faulty{faults: faults(), listener: listener, over: make(chan struct{}), received: map[string]int{}}
	t.Cleanup(f.close)
	f.serving.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			f.serving.Go(func() { f.serve(conn) })
		}
	})
	return f
}

// close ends the server. The clients must have closed their connections.
func (f *faulty) close() {
	_ = f.listener.Close()
	close(f.over)
	f.serving.Wait()
}

// serve answers the requests of one connection until a fault ends it.
func (f *faulty) serve(conn net.Conn) {
	defer conn.Close()
	in := bufio.NewReader(conn)
	for {
		request, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		if _, err := io.Copy(io.Discard, request.Body); err != nil {
			return
		}
		transaction := request.Header.Get("X-Request-ID")
		f.mu.Lock()
		f.received[transaction]++
		f.mu.Unlock()
		var which int
		if _, err := fmt.Sscanf(transaction, "%d-", &which); err != nil {
			return
		}
		if !f.answer(conn, f.faults[which]) {
			return
		}
	}
}

// answer sends the bytes of a fault, in two parts, and reports whether the connection goes on.
func (f *faulty) answer(conn net.Conn, how fault) bool {
	half := len(how.raw) / 2
	for _, part := range []string{how.raw[:half], how.raw[half:]} {
		if part == "" {
			continue
		}
		if _, err := io.WriteString(conn, part); err != nil {
			return false
		}
	}
	switch how.after {
	case resets:
		_ = conn.(*net.TCPConn).SetLinger(0)
	case hangs:
		<-f.over
	case whileIdle:
		time.Sleep(time.Millisecond)
	}
	return how.after == stays
}

// client returns a client of the server. It must be closed before the server.
func (f *faulty) client(t *testing.T, over HTTP) *Client {
	t.Helper()
	client, err := New(Access{Host: "http://" + f.listener.Addr().String(), Auth: auth}, 8, Over(over))
	if err != nil {
		t.Fatal(err)
	}
	if client.HTTP() != over {
		t.Fatalf("the client goes over %s, not %s", client.HTTP(), over)
	}
	t.Cleanup(client.Close)
	return client
}

// invoke makes one call that is answered by fault number which. Only one that hangs has a short time-out.
func (f *faulty) invoke(t *testing.T, client *Client, call *Call, which, seq int) Answer {
	limit := time.Minute
	if f.faults[which].after == hangs {
		limit = 30 * time.Millisecond
	}
	return client.Invoke(t.Context(), call.Within(limit), transactionOf(which, seq))
}

func transactionOf(which, seq int) string { return fmt.Sprintf("%d-%d", which, seq) }

func TestEveryFaultHasItsClass(t *testing.T) {
	both(t, func(t *testing.T, over HTTP) {
		f := newFaulty(t)
		for which, how := range f.faults {
			t.Run(how.name, func(t *testing.T) {
				client := f.client(t, over) // of its own: what one fault leaves behind is the next test's matter
				call := client.Prepare("hello", ForRecord, []byte(`{}`))
				a := f.invoke(t, client, call, which, 0)
				if a.Class != how.class || !strings.Contains(a.Error, how.text) || (a.Class == OK) != (a.Error == "" && a.Record != nil) {
					t.Errorf("class %s, error %q, record %t; want %s with %q", a.Class, a.Error, a.Record != nil, how.class, how.text)
				}
				if a.Done.Before(a.Sent) || (a.Status != 0 && (a.FirstByte.Before(a.Sent) || a.Done.Before(a.FirstByte))) {
					t.Errorf("times run backwards: %v %v %v", a.Sent, a.FirstByte, a.Done)
				}
			})
		}
	})
}

// However calls that fail and calls that do not follow each other on the connections: each is sent once, answered once, and
// ends as its own answer says, not as that of a call before it.
func TestTheBooksBalanceUnderAnyMixOfFaults(t *testing.T) {
	both(t, func(t *testing.T, over HTTP) {
		const users, calls = 8, 60
		f := newFaulty(t)
		client := f.client(t, over)
		call := client.Prepare("hello", ForRecord, []byte(`{}`))
		// A server that closes a kept connection without a word may do so between the client's look and its send: such a
		// call is a network error, rightly, but which one is chance. The same with bytes that come late behind an answer, which the table above has alone.
		// Package wire tests the first by itself.
		var certain []int
		for which, how := range f.faults {
			if how.after != whileIdle && how.name != "an answer with more behind it" {
				certain = append(certain, which)
			}
		}
		seed := rand.Uint64()
		t.Logf("seed %d", seed)
		var group sync.WaitGroup
		var mu sync.Mutex
		sure := map[string]bool{} // to be received: a call that its time-out ends may not have come so far
		for user := range users {
			group.Go(func() {
				random := rand.New(rand.NewPCG(seed, uint64(user)))
				for n := range calls {
					which := certain[random.IntN(len(certain))]
					if f.faults[which].after != hangs {
						mu.Lock()
						sure[transactionOf(which, user*calls+n)] = true
						mu.Unlock()
					}
					if a := f.invoke(t, client, call, which, user*calls+n); a.Class != f.faults[which].class {
						t.Errorf("%s: class %s, error %q; want %s", f.faults[which].name, a.Class, a.Error, f.faults[which].class)
					}
				}
			})
		}
		group.Wait()
		f.mu.Lock()
		defer f.mu.Unlock()
		for transaction := range sure {
			if f.received[transaction] == 0 {
				t.Errorf("call %s was never received", transaction)
			}
		}
		for transaction, times := range f.received {
			if times != 1 {
				t.Errorf("call %s was received %d times", transaction, times)
			}
		}
	})
}
