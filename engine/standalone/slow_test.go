package standalone

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestRequestsThatTrickleAreEnded sends requests byte by byte to the server's own HTTP server, with less time than users have.
func TestRequestsThatTrickleAreEnded(t *testing.T) {
	s, err := Start(t.Context(), Config{WorkDir: t.TempDir(), CacheDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(t.Context()); err != nil {
			t.Error(err)
		}
	})
	put, err := http.NewRequest("PUT", s.URL()+"/api/v1/namespaces/_/actions/web",
		strings.NewReader(`{"exec":{"kind":"native:default","code":"#!/bin/sh"},"annotations":[{"key":"web-export","value":true}]}`))
	if err != nil {
		t.Fatal(err)
	}
	put.Header.Set("Authorization", authorization(GuestAuth))
	made, err := http.DefaultClient.Do(put)
	if err != nil || made.StatusCode != http.StatusOK {
		t.Fatalf("put: %v, %v", made, err)
	}
	made.Body.Close()
	server := serverOf(s.http.Handler, slog.New(slog.DiscardHandler))
	if server.ReadTimeout <= 0 || server.ReadHeaderTimeout <= 0 || server.IdleTimeout <= 0 {
		t.Errorf("requests may take %v, headers %v, silence %v; want bounds", server.ReadTimeout, server.ReadHeaderTimeout, server.IdleTimeout)
	}
	server.ReadTimeout, server.ReadHeaderTimeout = 6*time.Second, 3*time.Second
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	t.Cleanup(func() {
		server.Close()
		if err := <-served; err != http.ErrServerClosed {
			t.Error(err)
		}
	})
	head := func(request string, length int) string {
		return fmt.Sprintf("%s HTTP/1.1\r\nHost: localhost\r\nAuthorization: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n",
			request, authorization(GuestAuth), length)
	}
	for _, row := range []struct{ name, at_once, says string }{
		{"the head", "", ""},
		{"the arguments of a call", head("POST /api/v1/namespaces/_/actions/a", 100_000), "HTTP/1.1 408 Request Timeout"},
		{"an action", head("PUT /api/v1/namespaces/_/actions/a", 40<<20), "HTTP/1.1 408 Request Timeout"},
		{"a web action", head("POST /api/v1/web/guest/default/web", 100_000), "HTTP/1.1 408 Request Timeout"},
		{"a trigger", head("POST /api/v1/namespaces/_/triggers/t", 100_000), "HTTP/1.1 408 Request Timeout"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			conn, err := net.Dial("tcp", listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if _, err := io.WriteString(conn, row.at_once); err != nil {
				t.Fatal(err)
			}
			go func() { // ends with the connection
				for tick := time.Tick(10 * time.Millisecond); ; <-tick {
					if _, err := conn.Write([]byte("G")); err != nil {
						return
					}
				}
			}()
			answer, err := bufio.NewReader(conn).ReadString('\n')
			if row.says == "" && (err == nil && !strings.HasPrefix(answer, "HTTP/1.1 4")) || row.says != "" && strings.TrimSpace(answer) != row.says {
				t.Errorf("got %q, %v; want %q", answer, err, row.says)
			}
		})
	}
}

func authorization(auth string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(auth))
}
