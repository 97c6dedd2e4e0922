package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// activation is an id; the number of the call takes the place of its second half.
const activation = "4e3b2f1a9c8d4e7fb3b2f1a9c8d4e7fb"

// record is an activation record as a blocking call is answered with.
var record = `{"activationId":"` + activation + `","annotations":[{"key":"path","value":"guest/bench"},{"key":"waitTime","value":3},{"key":"kind","value":"nodejs:20"},{"key":"timeout","value":false},{"key":"limits","value":{"concurrency":1,"logs":10,"memory":256,"timeout":60000}}],"duration":1,"end":1790000000001,"logs":[],"name":"bench","namespace":"guest","publish":false,"response":{"result":{"ok":true,"pad":"` +
	strings.Repeat("x", 130) + `"},"size":150,"status":"success","success":true},"start":1790000000000,"subject":"guest","version":"0.0.1"}`

// seen is what the server saw of one turn.
type seen struct {
	Count    int
	Span     time.Duration // from the first call to the last
	P50, P99 time.Duration // how far calls came from their moments at an even rate, after the best constant shift
}

// serving is the server of one turn, in a process of its own so that its processor time is no tool's.
type serving struct {
	url string
	cmd *exec.Cmd
}

func start(w work) (*serving, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(self, "serve", w.service.String())
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	return &serving{"http://" + strings.TrimSpace(line), cmd}, err
}

func (s *serving) seen(rate int) (got seen, err error) {
	resp, err := http.Get(s.url + "/seen/" + strconv.Itoa(rate))
	if err != nil {
		return got, err
	}
	defer resp.Body.Close()
	return got, json.NewDecoder(resp.Body).Decode(&got)
}

func (s *serving) stop() {
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
}

// serve answers on plain connections: what a library would cost is not added to every tool alike.
func serve(args []string) error {
	service, err := time.ParseDuration(args[0])
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(listener.Addr())
	var log arrivals
	for {
		conn, err := listener.Accept()
		if err != nil {
			return err
		}
		go log.answer(conn, service)
	}
}

type arrivals struct {
	mu    sync.Mutex
	times []time.Duration
	begin time.Time
}

// came notes a call, and returns how many came before it.
func (a *arrivals) came(at time.Time) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.begin.IsZero() {
		a.begin = at
		a.times = make([]time.Duration, 0, 1<<20)
	}
	a.times = append(a.times, at.Sub(a.begin))
	return len(a.times) - 1
}

// name gives an answer the id of a call.
func name(answer []byte, places []int, call int) {
	const digits = "0123456789abcdef"
	for _, at := range places {
		for i, rest := at+len(activation)-1, call; i >= at+len(activation)/2; i-- {
			answer[i], rest = digits[rest&15], rest>>4
		}
	}
}

// answer serves one connection: calls at once or after their service time, and the few other requests of a run.
func (a *arrivals) answer(conn net.Conn, service time.Duration) {
	defer conn.Close()
	in := bufio.NewReaderSize(conn, 128<<10)
	call := []byte("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Openwhisk-Activation-Id: " + activation + "\r\nContent-Length: " +
		strconv.Itoa(len(record)) + "\r\n\r\n" + record)
	places := []int{bytes.Index(call, []byte(activation)), bytes.LastIndex(call, []byte(activation))}
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return
		}
		at := time.Now()
		post := len(line) > 5 && line[0] == 'P' && line[1] == 'O'
		request := ""
		if !post {
			request = string(line)
		}
		length := 0
		for {
			line, err := in.ReadSlice('\n')
			if err != nil {
				return
			}
			if len(line) <= 2 {
				break
			}
			if len(line) > 16 && (line[0] == 'C' || line[0] == 'c') && strings.EqualFold(string(line[:15]), "Content-Length:") {
				length, _ = strconv.Atoi(strings.TrimSpace(string(line[15:])))
			}
		}
		if _, err := in.Discard(length); err != nil {
			return
		}
		out := call
		if post {
			name(call, places, a.came(at))
			if service > 0 {
				time.Sleep(service)
			}
		} else {
			out = a.other(request)
		}
		if _, err := conn.Write(out); err != nil {
			return
		}
	}
}

// other answers what a run asks beside its calls.
func (a *arrivals) other(request string) []byte {
	fields := strings.Fields(request)
	text := "{}"
	switch {
	case strings.HasPrefix(fields[1], "/seen/"):
		rate, _ := strconv.Atoi(strings.TrimPrefix(fields[1], "/seen/"))
		raw, _ := json.Marshal(a.seen(rate))
		text = string(raw)
	case strings.HasSuffix(fields[1], "/limits"):
		text = `{"invocationsPerMinute":100000000,"concurrentInvocations":100000,"firesPerMinute":1000}`
	case strings.Contains(fields[1], "/actions/"):
		text = `{"namespace":"guest","name":"bench","version":"0.0.1","publish":false,"exec":{"kind":"nodejs:20","binary":false},"annotations":[],"parameters":[],"limits":{"timeout":60000,"memory":256,"logs":10,"concurrency":1}}`
	case strings.HasSuffix(fields[1], "/actions") || strings.Contains(fields[1], "/actions?"):
		text = "[]"
	}
	return []byte("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + strconv.Itoa(len(text)) + "\r\n\r\n" + text)
}

func (a *arrivals) seen(rate int) seen {
	a.mu.Lock()
	defer a.mu.Unlock()
	got := seen{Count: len(a.times)}
	if got.Count == 0 {
		return got
	}
	slices.Sort(a.times)
	got.Span = max(1, a.times[got.Count-1]-a.times[0])
	if rate == 0 {
		return got
	}
	off := make([]time.Duration, got.Count)
	for i, t := range a.times {
		off[i] = t - time.Duration(i)*time.Second/time.Duration(rate)
	}
	slices.Sort(off)
	shift := off[len(off)/2]
	for i := range off {
		off[i] = max(off[i]-shift, shift-off[i])
	}
	slices.Sort(off)
	got.P50, got.P99 = off[len(off)/2], off[len(off)*99/100]
	return got
}
