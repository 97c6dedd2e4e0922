package api_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"strconv"
	"strings"
	"testing"
)

const benchBody = `{"name":"edge"}`

func benchServer(b *testing.B) *fixture {
	f := serve(b, settings{perMinute: 1 << 40, concurrent: 1000})
	f.forget = true
	f.must(b, putEcho)
	f.must(b, "POST ~/actions/echo?blocking=true")
	return f
}

// BenchmarkInvokeWarm is a blocking call over loopback, from as many connections as there are cores. The client writes
// bytes made ahead and reads the answer with little more than a buffer, so that nearly all that is counted is the
// server's.
func BenchmarkInvokeWarm(b *testing.B) {
	f := benchServer(b)
	request := fmt.Appendf(nil, "POST /api/v1/namespaces/_/actions/echo?blocking=true HTTP/1.1\r\nHost: x\r\n"+
		"Authorization: Basic dXNlcjprZXk=\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
		len(benchBody), benchBody)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		conn, err := net.Dial("tcp", strings.TrimPrefix(f.url, "http://"))
		if err != nil {
			b.Error(err)
			return
		}
		defer conn.Close()
		answers := bufio.NewReader(conn)
		for pb.Next() {
			if _, err := conn.Write(request); err != nil {
				b.Error(err)
				return
			}
			if err := skipAnswer(answers); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "invocations/s")
}

// skipAnswer reads one answer and checks that it is a 200.
func skipAnswer(r *bufio.Reader) error {
	status, err := r.ReadSlice('\n')
	if err != nil {
		return err
	}
	if !strings.HasPrefix(string(status), "HTTP/1.1 200") {
		return fmt.Errorf("got %s", status)
	}
	length := 0
	for {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return err
		}
		if len(line) == 2 {
			break
		}
		if value, ok := strings.CutPrefix(string(line), "Content-Length: "); ok {
			length, _ = strconv.Atoi(textproto.TrimString(value))
		}
	}
	_, err = r.Discard(length)
	return err
}

// BenchmarkHandler is the same call without a network: what routing, controller and records cost alone.
func BenchmarkHandler(b *testing.B) {
	f := benchServer(b)
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequest(http.MethodPost, "/api/v1/namespaces/_/actions/echo?blocking=true", strings.NewReader(benchBody))
		r.Header.Set("Authorization", "Basic dXNlcjprZXk=")
		w := httptest.NewRecorder()
		f.handler.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			b.Fatalf("got %d %s", w.Code, w.Body)
		}
		_, _ = io.Copy(io.Discard, w.Body)
	}
}
