package runtime

import (
	"bytes"
	"encoding/json"
	"syscall"
	"time"
)

// On OpenWhisk, most kinds stand behind a proxy named ActionLoop, which looks at every answer and speaks for a program that
// has ended; nodejs and java are servers themselves, so the platform sees their end as a lost connection. The texts here
// are the proxy's, and become the error of the activation.
var (
	errCommandExited = &Failure{"command exited"}
	errNoDictionary  = &Failure{"The action did not return a dictionary or array."}
)

// endedInRun is what OpenWhisk says of a program that ends instead of answering.
func (p *Process) endedInRun() *Failure {
	if p.actionLoop {
		return errCommandExited
	}
	return errDiedInRun
}

// endedUntouched is what is said of a program that ended before it took a request. One that need not say when it is ready
// and has never answered was not, if it ended by itself: how long that took must make no difference. One that was killed
// had been ready.
func (p *Process) endedUntouched() *Failure {
	switch {
	case !p.launched && !p.served && !p.killed():
		return errDiedInInit
	case p.actionLoop:
		return errCommandExited
	}
	return ErrGone
}

// killed reports whether the process was ended by a signal. It may have closed its end of the pipe and live on.
func (p *Process) killed() bool {
	select {
	case <-p.exited:
	case <-time.After(lastWords):
		return false
	}
	status, ok := p.cmd.ProcessState.Sys().(syscall.WaitStatus)
	return ok && status.Signaled()
}

// refuses reports whether ActionLoop would not pass the answer on. A null passes, by an oddity of its decoder, and is
// refused later; so does what is too long to be looked at here.
func (p *Process) refuses(a Answer) bool {
	if !p.actionLoop || a.Size > len(a.Line) {
		return false
	}
	line := bytes.TrimSpace(a.Line)
	if len(line) > 0 && (line[0] == '{' || line[0] == '[') || string(line) == "null" {
		return !json.Valid(line)
	}
	return true
}

// readyUnasked waits for a program that need not say when it is ready: it may die, and it may say so nevertheless, for on
// some images of OpenWhisk it must. Nothing was asked yet, so a line can be nothing else.
func (p *Process) readyUnasked() error {
	if !p.answers.pending() {
		return nil
	}
	answer, err := p.answers.next()
	switch {
	case err != nil:
		return p.because(errDiedInInit)
	case !answer.acknowledged():
		return initFailure("it wrote on file descriptor 3 before it was asked")
	}
	return nil
}
