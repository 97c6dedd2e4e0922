package runtime

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strconv"
	"sync"
	"syscall"
)

// Concurrent reports whether processes of a kind can run several activations at a time: as in OpenWhisk, those of Node.js.
func (s *Set) Concurrent(kind Kind) bool { return kind.Family == "nodejs" }

// allowConcurrent is the variable by which OpenWhisk tells a runtime that it may be asked to run several activations at a
// time, and by which our launcher knows it.
const allowConcurrent = "__OW_ALLOW_CONCURRENT"

// Concurrently is env for a process that runs several activations at a time, or for one that does not.
func Concurrently(env map[string]string, several bool) map[string]string {
	delete(env, allowConcurrent)
	if several {
		env[allowConcurrent] = "true"
	}
	return env
}

// RunsConcurrently reports whether env is for a process that runs several activations at a time.
func RunsConcurrently(env map[string]string) bool { return env[allowConcurrent] == "true" }

// numberMost is the length of the longest number before an answer, with its blank.
const numberMost = 21

// desk brings the answers of a process that runs several activations at a time to those who wait for them. A request goes
// out with a number before it, and its answer comes back with the same one, in any order.
type desk struct {
	sending sync.Mutex // held while a request is written
	sent    int64      // bytes

	mu      sync.Mutex
	number  uint64
	waiting map[uint64]chan Answer // each holds one
	over    chan struct{}          // closed when no more answers come
}

func newDesk() *desk {
	return &desk{waiting: map[uint64]chan Answer{}, over: make(chan struct{})}
}

func (d *desk) enter() (uint64, <-chan Answer) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.number++
	answer := make(chan Answer, 1)
	d.waiting[d.number] = answer
	return d.number, answer
}

func (d *desk) leave(number uint64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.waiting, number)
}

// deliver reports whether somebody waited for the answer.
func (d *desk) deliver(number uint64, a Answer) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	answer, known := d.waiting[number]
	if known {
		answer <- a
		delete(d.waiting, number) // a second answer would have nobody
	}
	return known
}

// send writes a request. It returns where the request begins among all that was sent, and how much of it was.
func (d *desk) send(in *os.File, line []byte) (begin int64, sent int, err error) {
	d.sending.Lock()
	defer d.sending.Unlock()
	begin = d.sent
	sent, err = in.Write(line)
	d.sent += int64(sent)
	return begin, sent, err
}

// handOut reads answers until the process ends. One that nobody asked for means that it is out of step, and ends it.
func (p *Process) handOut() {
	defer close(p.desk.over)
	defer p.signal()
	for {
		answer, err := p.answers.next()
		if err != nil || answer.cut {
			return
		}
		word, line, found := bytes.Cut(answer.Line, []byte{' '})
		number, err := strconv.ParseUint(string(word), 10, 64)
		answer.Line, answer.Size = line, answer.Size-len(word)-1
		if !found || err != nil || !p.desk.deliver(number, answer) {
			return
		}
	}
}

// runAmong is Run for a process that may be running other activations.
func (p *Process) runAmong(ctx context.Context, line []byte) (Answer, error) {
	number, got := p.desk.enter()
	defer p.desk.leave(number)
	begin, sent, sendErr := p.desk.send(p.in, append(strconv.AppendUint(nil, number, 10), append([]byte{' '}, line...)...))
	var answer Answer
	select {
	case answer = <-got:
	case <-p.desk.over:
		select {
		case answer = <-got: // it came before the end
		default:
			return Answer{}, p.noAnswer(ctx, begin, sent, sendErr)
		}
	}
	if reason, is := answer.fault(); is {
		return Answer{}, &Failure{reason}
	}
	return answer, nil
}

// noAnswer is why a process ended before it answered a request. Another process may run what this one has not read.
func (p *Process) noAnswer(ctx context.Context, begin int64, sent int, sendErr error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	<-p.exited
	p.desk.sending.Lock()
	read := p.desk.sent - int64(p.unread())
	p.desk.sending.Unlock()
	if read <= begin && (sent > 0 || errors.Is(sendErr, syscall.EPIPE)) {
		return errors.Join(p.because(errDiedInRun), ErrGone)
	}
	return p.because(errDiedInRun)
}
