package whisk

import (
	"context"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"wsk-scenario/engine/loop"
)

// onLoop runs so many users as tasks of a loop, each with the one client of all.
func onLoop(t *testing.T, client *Client, users int, each func(client *Client, user int)) {
	t.Helper()
	l, err := loop.New(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	client = client.On(l)
	defer client.Close()
	left := users
	for user := range users {
		l.Start(func() {
			each(client, user)
			left--
		})
	}
	l.While(func() bool { return left > 0 })
}

func TestEveryFaultHasItsClassOnALoop(t *testing.T) {
	f := newFaulty(t)
	client := f.client(t, Plain)
	onLoop(t, client, len(f.faults), func(client *Client, which int) {
		how := f.faults[which]
		a := f.invoke(t, client, client.Prepare("hello", ForRecord, []byte(`{}`)), which, 0)
		if a.Class != how.class || !strings.Contains(a.Error, how.text) || (a.Class == OK) != (a.Error == "" && a.Record != nil) {
			t.Errorf("%s: class %s, error %q, record %t; want %s with %q", how.name, a.Class, a.Error, a.Record != nil, how.class, how.text)
		}
		if a.Done.Before(a.Sent) || (a.Status != 0 && (a.FirstByte.Before(a.Sent) || a.Done.Before(a.FirstByte))) {
			t.Errorf("%s: times run backwards: %v %v %v", how.name, a.Sent, a.FirstByte, a.Done)
		}
	})
}

func TestTheBooksBalanceOnALoopUnderAnyMixOfFaults(t *testing.T) {
	const users, calls = 8, 60
	f := newFaulty(t)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	hung := 0
	onLoop(t, f.client(t, Plain), users, func(client *Client, user int) {
		call := client.Prepare("hello", ForRecord, []byte(`{}`))
		random := rand.New(rand.NewPCG(seed, uint64(user)))
		for n := range calls {
			which := random.IntN(len(f.faults))
			if how := f.faults[which]; how.after == whileIdle || how.name == "an answer with more behind it" {
				which = 0 // the end of the connection may come between the look at it and the next send
			}
			if f.faults[which].after == hangs {
				hung++
			}
			if a := f.invoke(t, client, call, which, user*calls+n); a.Class != f.faults[which].class {
				t.Errorf("%s: class %s, error %q; want %s", f.faults[which].name, a.Class, a.Error, f.faults[which].class)
			}
		}
	})
	f.mu.Lock()
	defer f.mu.Unlock()
	if got := len(f.received); got < users*calls-hung {
		t.Errorf("%d calls of %d were received, and %d may have been given up", got, users*calls, hung)
	}
	for transaction, times := range f.received {
		if times != 1 {
			t.Errorf("call %s was received %d times", transaction, times)
		}
	}
}

// An interrupt comes from elsewhere, while all tasks wait.
func TestAnInterruptEndsTheCallsOfALoop(t *testing.T) {
	release := make(chan struct{})
	client := serve(t, func(http.ResponseWriter, *http.Request) { <-release })
	defer close(release)
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	onLoop(t, client, 5, func(client *Client, _ int) {
		a := client.Invoke(ctx, client.Prepare("slow", ForRecord, nil).Within(time.Hour), "t")
		if a.Class != Timeout || !strings.Contains(a.Error, "interrupted") {
			t.Errorf("got %+v", a)
		}
	})
}

// Bodies and answers of any size come through whole, and in the midst of others.
func TestALoopCarriesBodiesOfAnySize(t *testing.T) {
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		answer(200, record("success", string(body), ""))(w, r)
	})
	sizes := []int{1, 1 << 10, 60 << 10, 100 << 10, 300 << 10, 3 << 20}
	onLoop(t, client, 3*len(sizes), func(client *Client, user int) {
		body := `{"a":"` + strings.Repeat("x", sizes[user%len(sizes)]) + `"}`
		call := client.Prepare("echo", ForRecord, []byte(body)).Within(time.Minute).Keep()
		for range 3 {
			if a := client.Invoke(t.Context(), call, "t"); a.Class != OK || string(a.Record.Result) != body {
				t.Errorf("%d bytes: class %s, error %q, %d bytes came", len(body), a.Class, a.Error, a.Bytes)
			}
		}
	})
	if opened := client.Opened(); opened > int64(2*3*len(sizes)) {
		t.Errorf("%d connections were opened", opened)
	}
}

func TestALoopCarriesPlainConnectionsAlone(t *testing.T) {
	for _, row := range []struct {
		name, host string
		over       HTTP
	}{{"over TLS", "https://localhost:1", Plain}, {"over the standard library", "http://localhost:1", Standard}} {
		client, err := New(Access{Host: row.host, Auth: auth}, 1, Over(row.over))
		if err != nil {
			t.Fatal(err)
		}
		l, err := loop.New(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if client.On(l) != nil {
			t.Errorf("%s: a loop was taken", row.name)
		}
		_ = l.Close()
	}
}

// A loop keeps a connection whatever the size of the answers on it.
func TestALargeAnswerLeavesTheConnectionOfALoopAsItWas(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		size, _ := strconv.Atoi(r.Header.Get("X-Request-Id"))
		body := strings.Replace(success, `"result":{}`, `"result":{"a":"`+strings.Repeat("x", size)+`"}`, 1)
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = io.WriteString(w, body)
	}))
	defer server.Close()
	client, err := New(Access{Host: server.URL, Auth: auth}, 4)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	onLoop(t, client, 1, func(client *Client, _ int) {
		call := client.Prepare("hello", ForRecord, []byte(`{}`))
		for _, size := range []int{1, 5_000, 8_000, 100_000, 100_001, 200_000, 400_000, 1} {
			if a := client.Invoke(t.Context(), call, strconv.Itoa(size)); a.Class != OK || a.Bytes < size {
				t.Errorf("%d bytes: %s, %s, %d came", size, a.Class, a.Error, a.Bytes)
			}
		}
	})
	if n := client.Opened(); n != 1 {
		t.Errorf("eight calls, one after the other, took %d connections", n)
	}
}
