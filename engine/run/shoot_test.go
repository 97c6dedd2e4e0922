package run

import (
	"bufio"
	"fmt"
	"net"
	"path/filepath"
	"testing"
	"time"

	"wsk-scenario/engine/load"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/result"
	"wsk-scenario/engine/whisk"
)

// canned answers every request on a connection with the same record, without allocating: what is measured is ours.
func canned(tb testing.TB) string {
	tb.Helper()
	const record = `{"activationId":"4e3b2f1a9c8d4e7fb3b2f1a9c8d4e7fb","annotations":[{"key":"waitTime","value":3},{"key":"kind","value":"nodejs:20"},` +
		`{"key":"standalone","value":{"node":"n1","container":"c1","start":"warm"}}],"duration":1,"end":1790000000001,"logs":[],"name":"a","namespace":"guest",` +
		`"response":{"result":{"ok":true},"status":"success","success":true},"start":1790000000000,"subject":"guest","version":"0.0.1"}`
	answer := fmt.Appendf(nil, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Openwhisk-Activation-Id: 4e3b2f1a9c8d4e7fb3b2f1a9c8d4e7fb\r\nContent-Length: %d\r\n\r\n%s", len(record), record)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				in := bufio.NewReader(conn)
				for {
					for line := []byte{'x', 'x', 'x'}; len(line) > 2; {
						if line, err = in.ReadSlice('\n'); err != nil {
							return
						}
					}
					if _, err := in.Discard(2); err != nil {
						return
					}
					if _, err := conn.Write(answer); err != nil {
						return
					}
				}
			}()
		}
	}()
	return "http://" + listener.Addr().String()
}

// BenchmarkShoot is an invocation from end to end: sent, answered, its record read, its sample on disk.
func BenchmarkShoot(b *testing.B) {
	for _, over := range []whisk.HTTP{whisk.Plain, whisk.Standard} {
		b.Run(string(over), func(b *testing.B) {
			client, err := whisk.New(whisk.Access{Host: canned(b), Auth: "a:b"}, 1, whisk.Over(over))
			if err != nil {
				b.Fatal(err)
			}
			defer client.Close()
			bundle, err := result.Create(filepath.Join(b.TempDir(), "bundle"), nil, nil)
			if err != nil {
				b.Fatal(err)
			}
			ph := phase("p", "a", plan.AnyStart, plan.Load{Users: 1})
			call := client.Prepare("a", whisk.Wait(ph.Blocking), []byte("{}")).Within(time.Minute).Alone()
			s := &shooter{client: client, anchor: time.Now(), kept: kept{bundle: bundle}, transaction: "run00000000"}
			s.users = []*user{{bytes: 2, calls: [][]sender{{invocation{client, call}}}}}
			ctx, stop := load.Outlive(b.Context(), time.Second)
			defer stop()
			b.ReportAllocs()
			seq := 0
			for b.Loop() {
				s.Shoot(ctx, load.Call{Seq: seq, Due: time.Since(s.anchor)})
				seq++
			}
			if s.errors.Load() > 0 {
				b.Fatalf("%d errors", s.errors.Load())
			}
		})
	}
}
