//go:build unix

package pool

import (
	"os"
	"syscall"
)

// ours reports whether a folder is this user's, and no link to another place.
func ours(folder string) bool {
	info, err := os.Lstat(folder)
	if err != nil || !info.IsDir() {
		return false
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Geteuid()
}
