package runtime

import (
	"fmt"
	"syscall"
)

// Pause stops the process and what it started, until Resume. A process that is gone cannot be paused.
func (p *Process) Pause() error { return p.send(syscall.SIGSTOP) }

// Resume lets the process go on.
func (p *Process) Resume() error { return p.send(syscall.SIGCONT) }

func (p *Process) send(signal syscall.Signal) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.reaped {
		return errDiedInRun
	}
	if err := syscall.Kill(-p.PID(), signal); err != nil {
		return fmt.Errorf("send signal %d to a container: %w", signal, err)
	}
	return nil
}
