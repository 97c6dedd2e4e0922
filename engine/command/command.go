// Package command runs programs of this machine: to their end, or beside the run until they are stopped. Whatever a program
// has started goes with it. The package knows nothing of what they are for.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// Command is a program and how it is started.
type Command struct {
	Args []string // the program and its arguments; one text alone is given to the shell
	Dir  string   // the folder it runs in; that of this process when empty
	Env  []string // NAME=VALUE, beside the environment of this process
}

// killGrace is how long a program that was asked to end may take.
const killGrace = 3 * time.Second

// Run runs the command to its end and returns its exit code: −1 when a signal ended it. When ctx ends first, it is stopped
// with all that it started, and the error is that of ctx. Any other error says that it could not be started.
func (c Command) Run(ctx context.Context, stdout, stderr io.Writer) (code int, err error) {
	cmd, err := c.prepare(ctx, c.args())
	if err != nil {
		return -1, err
	}
	cmd.Stdout, cmd.Stderr = stdout, stderr
	cmd.Cancel = func() error { return signal(cmd, syscall.SIGTERM) }
	cmd.WaitDelay = killGrace
	err = cmd.Run()
	if cmd.Process != nil {
		_ = signal(cmd, syscall.SIGKILL) // what it left behind
	}
	switch ended := new(exec.ExitError); {
	case ctx.Err() != nil:
		return -1, ctx.Err()
	case errors.As(err, &ended):
		return ended.ExitCode(), nil
	case errors.Is(err, exec.ErrWaitDelay): // it ended, and something that it started still holds its output
		return cmd.ProcessState.ExitCode(), nil
	case err != nil:
		return -1, fmt.Errorf("start %s: %w", c.Args[0], err)
	}
	return 0, nil
}

func (c Command) args() []string {
	if len(c.Args) == 1 {
		return []string{"sh", "-c", c.Args[0]}
	}
	return c.Args
}

func (c Command) prepare(ctx context.Context, args []string) (*exec.Cmd, error) {
	if len(c.Args) == 0 || c.Args[0] == "" {
		return nil, errors.New("there is no command")
	}
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir, cmd.Env = c.Dir, append(os.Environ(), c.Env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return cmd, nil
}

// signal sends a signal to a program and all that it started. One that is gone is no error.
func signal(cmd *exec.Cmd, s syscall.Signal) error {
	if err := syscall.Kill(-cmd.Process.Pid, s); err != nil && !errors.Is(err, syscall.ESRCH) {
		return err
	}
	return nil
}
