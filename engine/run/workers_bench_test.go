package run

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"net/textproto"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/standalone/cgroup"
	"wsk-scenario/engine/whisk"
	"wsk-scenario/engine/workers"
)

// ideal is an OpenWhisk that costs next to nothing: it reads a request and writes the same answer, and counts.
type ideal struct {
	net.Listener
	calls atomic.Int64
}

func newIdeal(b *testing.B) *ideal {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	s := &ideal{Listener: listener}
	b.Cleanup(func() { _ = s.Close() })
	go func() {
		for {
			conn, err := s.Accept()
			if err != nil {
				return
			}
			go s.answer(conn)
		}
	}()
	return s
}

func (s *ideal) answer(conn net.Conn) {
	defer conn.Close()
	const record = `{"activationId":"0123456789abcdef0123456789abcdef","name":"hello","start":1,"end":2,"duration":1,"response":{"status":"success","success":true,"result":{}},"annotations":[]}`
	text := fmt.Appendf(nil, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Openwhisk-Activation-Id: 0123456789abcdef0123456789abcdef\r\nContent-Length: %d\r\n\r\n%s", len(record), record)
	in := bufio.NewReader(conn)
	for {
		if _, err := in.ReadString('\n'); err != nil {
			return
		}
		head, err := textproto.NewReader(in).ReadMIMEHeader()
		if err != nil {
			return
		}
		n, _ := strconv.Atoi(head.Get("Content-Length"))
		if _, err := in.Discard(n); err != nil {
			return
		}
		s.calls.Add(1)
		if _, err := conn.Write(text); err != nil {
			return
		}
	}
}

// The variables by which this binary, started once more, knows that it is a worker.
const (
	benchCoordinator = "WSK_SCENARIO_BENCH_COORDINATOR"
	benchIndex       = "WSK_SCENARIO_BENCH_INDEX"
)

// BenchmarkWorkersOfLittleProcessorEach holds every worker to a fifth of a processor, which is what one machine would be, and has
// one, then two of them call an ideal server as fast as they can: two send twice the load of one. It needs control groups.
func BenchmarkWorkersOfLittleProcessorEach(b *testing.B) {
	if at := os.Getenv(benchCoordinator); at != "" {
		index, err := strconv.Atoi(os.Getenv(benchIndex))
		if err == nil {
			err = Work(b.Context(), workers.Post{URL: at, Token: "bench"}, index)
		}
		if err != nil {
			b.Fatal(err)
		}
		return
	}
	home, err := cgroup.Find()
	if err != nil {
		b.Fatalf("without control groups nothing is held to its part: %v", err)
	}
	for _, n := range []int{1, 2} {
		b.Run(fmt.Sprintf("workers=%d", n), func(b *testing.B) {
			for b.Loop() {
				calls := crewOf(b, home, n, 3*time.Second)
				b.ReportMetric(float64(calls)/3, "calls/s")
			}
		})
	}
}

// crewOf has n workers call for a time, and returns how many calls came to the server; each of them is in the books.
func crewOf(b *testing.B, home *cgroup.Home, n int, long time.Duration) int64 {
	server := newIdeal(b)
	ph := phase("p", "hello", plan.AnyStart, plan.Load{Users: 4 * n, For: long})
	text, err := json.Marshal(task{
		Plan: onePlan(nil, ph), Body: []byte("{}"), Workers: n, Access: whisk.Access{Host: "http://" + server.Addr().String(), Auth: "a:b"},
		Run: "bench", Transaction: "bench", Name: map[string]string{"hello": "hello"}, Copies: map[string][]string{"hello": {"hello"}},
	})
	if err != nil {
		b.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	var taken atomic.Int64
	c := workers.Serve(listener, "bench", n, text, time.Now(), func(s []measure.Sample) { taken.Add(int64(len(s))) })
	defer c.Close()
	for i := range n {
		process := startHeld(b, home, i, "http://"+listener.Addr().String())
		defer process.Wait()
	}
	for i := range n {
		<-c.Over(i)
		if report, lost := c.Outcome(i); lost != nil || report.Error != "" {
			b.Fatalf("worker %d: %v %s", i, lost, report.Error)
		}
	}
	if calls := server.calls.Load(); calls != taken.Load() {
		b.Fatalf("%d calls came to the server, %d samples came back", calls, taken.Load())
	}
	return taken.Load()
}

// startHeld starts a worker that has a fifth of a processor.
func startHeld(b *testing.B, home *cgroup.Home, index int, coordinator string) *exec.Cmd {
	group, err := home.Make(fmt.Sprintf("wsk-scenario-bench-%d-%d", time.Now().UnixNano(), index), cgroup.Limits{CPUs: .2})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = group.Kill() })
	inner, err := group.Make("worker", cgroup.Limits{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = inner.Kill() })
	cmd := exec.Command(os.Args[0], "-test.run=^$", "-test.bench=^BenchmarkWorkersOfLittleProcessorEach$", "-test.benchtime=1x")
	cmd.Env = append(os.Environ(), benchCoordinator+"="+coordinator, benchIndex+"="+strconv.Itoa(index))
	cmd.Stderr = os.Stderr
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := inner.Start(cmd); err != nil {
		b.Fatal(err)
	}
	return cmd
}
