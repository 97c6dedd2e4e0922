//go:build unix

package cluster

import (
	"os"
	"syscall"
)

// lock takes the lock of a file, or fails at once when another process has it.
func lock(f *os.File) error { return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) }
