package runtime

import (
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// processAttributes put a process into a group of its own, so that it can be killed with its children, and make the
// kernel kill it when the server dies.
func processAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// bound holds the process to files of fileMost. It has run no instruction of its own that matters yet: this comes at once
// after its start, and a program takes longer to be loaded. Whoever may not lower the limit of its child has none to lower.
func bound(pid int) {
	_ = unix.Prlimit(pid, unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: fileMost, Max: fileMost}, nil)
}

// reap waits for the end of the process and calls last before its number, and so that of its group, can be taken by
// another one.
func reap(cmd *exec.Cmd, last func()) {
	for unix.Waitid(unix.P_PID, cmd.Process.Pid, nil, unix.WEXITED|unix.WNOWAIT, nil) == unix.EINTR {
	}
	last()
	_ = cmd.Wait() // how it ended does not matter: an action that ends has failed
}

// unread returns how many bytes wait in the pipe, seen from either end, or -1 where that cannot be known.
func unread(fd uintptr) int {
	n, err := unix.IoctlGetInt(int(fd), unix.TIOCINQ)
	if err != nil {
		return -1
	}
	return n
}
