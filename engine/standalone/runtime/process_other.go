//go:build unix && !linux

package runtime

import (
	"os/exec"
	"syscall"
)

// processAttributes put a process into a group of its own, so that it can be killed with its children. Only Linux can
// tie its life to the server's.
func processAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}

// bound does nothing here.
func bound(int) {}

// reap waits for the end of the process and calls last. Here it cannot look without reaping first.
func reap(cmd *exec.Cmd, last func()) {
	_ = cmd.Wait() // how it ended does not matter: an action that ends has failed
	last()
}

// unread returns how many bytes wait in the pipe, seen from either end, or -1 where that cannot be known.
func unread(uintptr) int { return -1 }
