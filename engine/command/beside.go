package command

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// Running is a program that runs beside this one.
type Running struct {
	cmd    *exec.Cmd
	leash  *os.File // closed when this process ends, however it ends
	ended  chan struct{}
	status error
}

// guarded starts a program with a guard in its group, which sees when this process is gone, also after a crash, and then
// ends the group.
const guarded = `(trap "" TERM; read -r _ <&3; kill -TERM 0; sleep 2; kill -KILL 0) >/dev/null 2>&1 & exec "$@" 3<&-`

// Start starts the command; what it writes goes to out. Stop must be called.
func (c Command) Start(ctx context.Context, out io.Writer) (*Running, error) {
	args := append([]string{"sh", "-c", guarded, "sh"}, c.args()...)
	cmd, err := c.prepare(context.WithoutCancel(ctx), args)
	if err != nil {
		return nil, err
	}
	if _, err := exec.LookPath(c.args()[0]); err != nil {
		return nil, fmt.Errorf("start %s: %w", c.Args[0], err)
	}
	held, leash, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", c.Args[0], err)
	}
	defer held.Close()
	cmd.Stdout, cmd.Stderr, cmd.ExtraFiles, cmd.WaitDelay = out, out, []*os.File{held}, killGrace
	if err := cmd.Start(); err != nil {
		_ = leash.Close()
		return nil, fmt.Errorf("start %s: %w", c.Args[0], err)
	}
	r := &Running{cmd: cmd, leash: leash, ended: make(chan struct{})}
	go func() {
		defer close(r.ended)
		r.status = cmd.Wait()
	}()
	return r, nil
}

// Ended is closed when the program has ended by itself or was stopped.
func (r *Running) Ended() <-chan struct{} { return r.ended }

// Status says how the program ended, after Ended: nil for exit code 0.
func (r *Running) Status() error { return r.status }

// Stop asks the program and all that it started to end, and makes them after a few seconds, or when ctx ends.
func (r *Running) Stop(ctx context.Context) error {
	asked := signal(r.cmd, syscall.SIGTERM)
	timer := time.NewTimer(killGrace)
	defer timer.Stop()
	select {
	case <-r.ended:
	case <-timer.C:
	case <-ctx.Done():
	}
	forced := signal(r.cmd, syscall.SIGKILL)
	<-r.ended
	_ = r.leash.Close()
	if asked != nil {
		return asked
	}
	return forced
}
