package runtime

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// folderMark is the variable in the environment of a container's process that names its folder. Children inherit it: one
// that left the process group is found by it. An action that starts a program with another environment hides it; only a
// cgroup would hold that.
const folderMark = "__OW_CONTAINER"

// Marked is a process that was started in a container.
type Marked struct {
	PID    int
	Folder string // of the container
	began  string // so that another process of the same number is not taken for it
}

// MarkedBelow finds the processes of containers whose folders lie below a folder. Those of other users are not seen.
func MarkedBelow(folder string) (list []Marked) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil
	}
	mark := []byte(folderMark + "=" + strings.TrimSuffix(folder, "/") + "/")
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil || pid == os.Getpid() {
			continue
		}
		text, err := os.ReadFile(filepath.Join("/proc", e.Name(), "environ"))
		if err != nil || !bytes.Contains(text, mark) {
			continue
		}
		for _, entry := range bytes.Split(text, []byte{0}) {
			if !bytes.HasPrefix(entry, mark) {
				continue
			}
			if began, err := BeganAt(pid); err == nil {
				list = append(list, Marked{pid, string(entry[len(folderMark)+1:]), began})
			}
			break
		}
	}
	return list
}

// Kill kills the process, and no other that has its number now.
func (m Marked) Kill() {
	fd, err := unix.PidfdOpen(m.PID, 0)
	if err != nil {
		return
	}
	defer unix.Close(fd)
	if began, err := BeganAt(m.PID); err == nil && began == m.began {
		_ = unix.PidfdSendSignal(fd, unix.SIGKILL, nil, 0)
	}
}

// BeganAt is when a process was started, in ticks since the machine was; with the number it names one process for good. One
// that has ended and whose parent never asks for it does not exist any more.
func BeganAt(pid int) (string, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return "", err
	}
	// The name in parentheses may hold anything. State is the first field behind it, the start the twentieth.
	behind := text[bytes.LastIndexByte(text, ')')+1:]
	fields := bytes.Fields(behind)
	if len(fields) < 20 {
		return "", fmt.Errorf("/proc/%d/stat is not as expected", pid)
	}
	if state := string(fields[0]); state == "Z" || state == "X" {
		return "", fmt.Errorf("process %d has ended: %w", pid, os.ErrNotExist)
	}
	return string(fields[19]), nil
}
