package standalone_test

import (
	"encoding/base64"
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
			400, "nested more deeply than the set limit of maxNesting = 1000"},
		{"objects that are never closed", strings.Repeat(`{"a":`, 200_000), 400, "nested more deeply"},
		{"arrays in arrays, as deep as they may be", `{"a":` + strings.Repeat("[", 999) + strings.Repeat("]", 999) + `}`, 200, `"ok":1`},
		{"bytes that are no UTF-8", "{\"a\":\"\xff\xfe\"}", 200, `"ok":1`},
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

// TestConnectionsThatAreLeftHalfOpenHoldNobodyUp opens many connections that never say all, and makes calls meanwhile. Only
// one may run at a time, and a request that is still to come has no place among those that run.
func TestConnectionsThatAreLeftHalfOpenHoldNobodyUp(t *testing.T) {
	s := start(t, standalone.Config{PerMinute: 1 << 30, Concurrent: 1})
	plain := strings.TrimSuffix(soakActions["native"], "}") + `,"annotations":[{"key":"web-export","value":true}]}`
	if status, text := call(t, s, "PUT", "/actions/plain", plain); status != 200 {
		t.Fatalf("put: %d %s", status, text)
	}
	const rest = " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n"
	authorization := "Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(standalone.GuestAuth)) + "\r\n"
	openings := []string{
		"", "POST /api/v1", "GET / HTTP/1.1\r\nHost: localhost\r\n",
		"POST /api/v1/namespaces/_/actions/plain" + rest + "\r\n{",
		"POST /api/v1/namespaces/_/actions/plain" + rest + authorization + "\r\n{",
		"POST /api/v1/web/guest/default/plain" + rest + "\r\n{",
	}
	address := strings.TrimPrefix(s.URL(), "http://")
	for i := range 200 {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() }) // before the server's, so that it need not wait for them
		if _, err := fmt.Fprint(conn, openings[i%len(openings)]); err != nil {
			t.Fatal(err)
		}
	}
	for range 20 {
		if status, text := call(t, s, "POST", "/actions/plain?blocking=true", "{}"); status != 200 {
			t.Fatalf("got %d %s, want 200", status, text)
		}
	}
}
