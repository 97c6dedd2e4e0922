package runtime

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"

	"wsk-scenario/engine/standalone/cgroup"
)

// Process is one running action: what a container is elsewhere. Unless it was started to run several activations at a time
// it serves one; only Kill, Alive and PID may be called meanwhile.
type Process struct {
	cmd      *exec.Cmd
	launched bool // a launcher of ours runs the code, so a line may be a fault
	// actionLoop says that OpenWhisk's ActionLoop proxy would judge what the program does.
	actionLoop bool
	served     bool          // has answered
	group      *cgroup.Group // nil when nothing holds the process
	in         *os.File
	answers    *answers
	desk       *desk // nil where activations are served one after the other
	journal    journal
	streams    [2]*stream

	mu     sync.Mutex // guards reaped, and the process group against being signalled when it is not ours any more
	reaped bool
	exited chan struct{}
	work   sync.WaitGroup
}

// PID is the number of the process and of its group.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Alive reports whether the process can take a request: it runs and is in step with what it was asked.
func (p *Process) Alive() bool {
	select {
	case <-p.exited:
		return false
	default:
		return p.desk != nil || !p.answers.pending()
	}
}

// OpenLog begins the log of an activation on a process that has run before. Start has done so for the first one. Each
// OpenLog has its CloseLog.
func (p *Process) OpenLog(limit int64) {
	p.drain() // what came since the last activation belongs to none
	p.journal.begin(limit)
}

// CloseLog returns the log of the activation. It blocks no longer than it takes to copy what the process has written.
func (p *Process) CloseLog(failed bool) []string {
	p.drain()
	return p.journal.end(failed)
}

func (p *Process) drain() {
	for _, s := range p.streams {
		s.drain()
	}
}

// Run sends one request and waits for the answer until ctx ends; then the process is killed. A *Failure is the action's
// fault; after any error the process is of no use any more.
func (p *Process) Run(ctx context.Context, a Activation, value json.RawMessage) (Answer, error) {
	line, err := a.line(value)
	if err != nil {
		return Answer{}, fmt.Errorf("encode the request: %w", err)
	}
	defer context.AfterFunc(ctx, p.signal)()
	if p.desk != nil {
		return p.runAmong(ctx, line)
	}
	sent, sendErr := p.in.Write(line)
	answer, err := p.answers.next()
	switch {
	case (err != nil || answer.cut) && ctx.Err() != nil:
		return Answer{}, ctx.Err() // what was said until it was killed is no answer
	case answer.cut && p.group.OOMKills() > 0:
		return Answer{}, errOutOfMemory
	case err != nil && p.untouched(sent, sendErr):
		return Answer{}, errors.Join(p.because(p.endedUntouched()), ErrGone) // another process may run it
	case err != nil:
		return Answer{}, p.because(p.endedInRun())
	}
	p.served = true
	if reason, is := answer.fault(); is && p.launched {
		return Answer{}, &Failure{reason}
	}
	if p.refuses(answer) {
		return Answer{}, errNoDictionary
	}
	return answer, nil
}

// begin waits until the process is ready, and then has it serve as the code is to be served.
func (p *Process) begin(ctx context.Context, code Code) error {
	if err := p.ready(ctx); err != nil {
		return err
	}
	if code.Concurrent {
		p.desk = newDesk()
		p.work.Go(p.handOut)
	}
	return nil
}

// untouched reports whether all that was sent still lies in the pipe.
func (p *Process) untouched(sent int, sendErr error) bool {
	if sent == 0 {
		return errors.Is(sendErr, syscall.EPIPE)
	}
	return p.unread() == sent
}

// unread is how many bytes that were sent lie in the pipe; 0 when it is closed.
func (p *Process) unread() (waiting int) {
	raw, err := p.in.SyscallConn()
	if err != nil {
		return 0
	}
	_ = raw.Control(func(fd uintptr) { waiting = unread(fd) })
	return waiting
}

// deathWatch is how long a program without acknowledgement is watched before it counts as started.
const deathWatch = 5 * time.Millisecond

// ready waits until the program says that it can run or, if it never says so, for a moment in which it may die.
func (p *Process) ready(ctx context.Context) error {
	if !p.launched {
		select {
		case <-p.exited:
			return p.because(errDiedInInit)
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(deathWatch):
			return p.readyUnasked()
		}
	}
	defer context.AfterFunc(ctx, p.signal)()
	answer, err := p.answers.next()
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return p.because(errDiedInInit)
	}
	if reason, is := answer.fault(); is {
		return initFailure(reason)
	}
	if !answer.acknowledged() {
		return initFailure("it wrote on file descriptor 3 before it was asked")
	}
	return nil
}

// because returns why a process has ended, which is err unless its memory was exhausted. The kernel counts that before it
// kills, and takes the largest process of a container: where that is a child, it is the parent that gives up.
func (p *Process) because(err *Failure) error {
	if p.group.OOMKills() > 0 {
		return errOutOfMemory
	}
	return err
}

// signal kills the process and what it started. It does not wait.
func (p *Process) signal() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.reaped {
		_ = syscall.Kill(-p.PID(), syscall.SIGKILL)
		p.group.Signal()
	}
}

// Kill ends the process and waits until nothing of it is left; its group is removed. It may be called more than once.
func (p *Process) Kill() {
	p.signal()
	<-p.exited
	p.in.Close()
	p.answers.file.Close()
	for _, s := range p.streams {
		s.file.Close()
	}
	p.work.Wait()
	_ = p.group.Kill() // what the kernel holds up is met again when the group above is removed
}
