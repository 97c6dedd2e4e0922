package standalone_test

import (
	"fmt"
	"net"
	"strings"
	"testing"

	"wsk-scenario/engine/standalone"
)

// TestHostileBodiesAreAnsweredOrRefused sends what no honest client sends. Each has one clear answer, and the server goes on.
func TestHostileBodiesAreAnsweredOrRefused(t *testing.T) {
	s := start(t, standalone.Config{PerMinute: 1 << 30})
	put := strings.Replace(soakActions["native"], "echo log; ", "", 1)
	if status, text := call(t, s, "PUT", "/actions/plain", put); status != 200 {
		t.Fatalf("put: %d %s", status, text)
	}
	filled := func(size int) string { return `{"a":"` + strings.Repeat("x", size-8) + `"}` }
	for _, c := range []struct {
		name, body string
		status     int
		says       string
	}{
		{"a body of exactly 1 MiB", filled(1 << 20), 200, `"ok":1`},
		{"one byte less", filled(1<<20 - 1), 200, `"ok":1`},
		{"one byte more", filled(1<<20 + 1), 413, "Request larger than allowed: 1048577 > 1048576 bytes."},
		{"arrays in arrays, as deep as they fit", `{"a":` + strings.Repeat("[", 500_000) + strings.Repeat("]", 500_000) + `}`,
			400, "exceeded max depth"},
		{"objects that are never closed", strings.Repeat(`{"a":`, 200_000), 400, "malformed"},
		{"half of an object", `{"a":`, 400, "unexpected end of JSON input"},
		{"two objects", `{} {}`, 400, "after top-level value"},
		{"a number that JSON does not have", `{"a":NaN}`, 400, "invalid character 'N'"},
		{"a NUL", "{\"a\":\"\x00\"}", 400, "invalid character"},
		{"no JSON", "\xff\xfe<xml/>", 400, "invalid character"},
		{"an array", `[1]`, 400, "Object expected"},
		{"the same key many times", `{` + strings.Repeat(`"a":1,`, 100_000) + `"a":2}`, 200, `"ok":1`},
		{"a number without end", `{"a":1` + strings.Repeat("0", 900_000) + `}`, 200, `"ok":1`},
	} {
		status, text := call(t, s, "POST", "/actions/plain?blocking=true&result=true", c.body)
		if status != c.status || !strings.Contains(text, c.says) {
			t.Errorf("%s: got %d %.200s, want %d with %q", c.name, status, text, c.status, c.says)
		}
	}
	if status, text := call(t, s, "PUT", "/actions/huge", `{"exec":{"kind":"nodejs:default","code":"`+strings.Repeat("x", 48<<20+1)+`"}}`); status != 413 {
		t.Errorf("48 MiB of code and one byte: got %d %.200s, want 413", status, text)
	}
}

// TestConnectionsThatAreLeftHalfOpenHoldNobodyUp opens many connections that never say all, and makes calls meanwhile.
func TestConnectionsThatAreLeftHalfOpenHoldNobodyUp(t *testing.T) {
	s := start(t, standalone.Config{PerMinute: 1 << 30})
	call(t, s, "PUT", "/actions/plain", soakActions["native"])
	address := strings.TrimPrefix(s.URL(), "http://")
	for i := range 200 {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() }) // before the server's, so that it need not wait for them
		said := []string{"", "POST /api/v1", "GET / HTTP/1.1\r\nHost: h\r\n", "POST /api/v1/namespaces/_/actions/plain HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n{"}[i%4]
		if _, err := fmt.Fprint(conn, said); err != nil {
			t.Fatal(err)
		}
	}
	for range 20 {
		if status, text := call(t, s, "POST", "/actions/plain?blocking=true", "{}"); status != 200 {
			t.Fatalf("got %d %s, want 200", status, text)
		}
	}
}
