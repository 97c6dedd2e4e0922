package cgroup

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// endTime bounds how long the end of killed processes is waited for: one that the kernel holds up cannot be killed.
const endTime = 5 * time.Second

// Signal kills what is in the group at this moment, and nothing new can be started in it from then on. It does not wait.
// A nil group holds nothing.
func (g *Group) Signal() {
	if g == nil {
		return
	}
	if folder, is := g.folders[pids]; is {
		_ = write(filepath.Join(folder, "pids.max"), "0") // gone already, then
	}
	killAll(g.any())
}

// Kill ends all that is in the group, waits for that and removes the group. It may be called more than once.
func (g *Group) Kill() error {
	if g == nil || len(g.folders) == 0 {
		return nil
	}
	_, err := end(unique(g.version, g.folders))
	return err
}

// Remove ends what is in groups of a server that was killed, and in those inside of them, removes them all and returns how
// many processes there were. What is no control group is left alone.
func Remove(folders []string) (processes int, err error) {
	for _, f := range folders {
		inside, _ := os.ReadDir(f) // none when it is gone
		var below []string
		for _, e := range inside {
			if e.IsDir() {
				below = append(below, filepath.Join(f, e.Name()))
			}
		}
		n, fault := Remove(below)
		processes += n
		m, fault2 := end([]string{f})
		processes += m
		err = errors.Join(err, fault, fault2)
	}
	return processes, err
}

// end ends what is in a group, which has a folder in each hierarchy, and removes the folders. It returns how many
// processes there were.
func end(folders []string) (int, error) {
	folders = slices.DeleteFunc(slices.Clone(folders), func(f string) bool {
		_, err := os.Stat(filepath.Join(f, "cgroup.procs"))
		return err != nil
	})
	seen := map[int]bool{}
	for last := time.Now().Add(endTime); ; time.Sleep(time.Millisecond) {
		var busy error
		folders = slices.DeleteFunc(folders, func(f string) bool {
			err := unix.Rmdir(f)
			if gone := err == nil || errors.Is(err, os.ErrNotExist); gone {
				return true
			}
			busy = err
			_ = write(filepath.Join(f, "pids.max"), "0") // so that killing overtakes forking; only one folder has it
			for _, pid := range killAll(f) {
				seen[pid] = true
			}
			return false
		})
		if len(folders) == 0 {
			return len(seen), nil
		}
		if time.Now().After(last) {
			return len(seen), fmt.Errorf("end what is in a control group: %w", busy)
		}
	}
}

// killAll kills the processes in a group but this one, and returns those it found. A process that has ended may have left
// its number to another one: only who is still in the group once it is held by its descriptor is killed.
func killAll(folder string) []int {
	found := members(folder)
	if write(filepath.Join(folder, "cgroup.kill"), "1") == nil {
		return found // version 2 since Linux 5.14: all at once, also what is being forked
	}
	held := map[int]int{}
	for _, pid := range found {
		if fd, err := unix.PidfdOpen(pid, 0); err == nil {
			held[pid] = fd
		}
	}
	for _, pid := range members(folder) {
		if fd, is := held[pid]; is {
			_ = unix.PidfdSendSignal(fd, unix.SIGKILL, nil, 0) // ended meanwhile, then
		}
	}
	for _, fd := range held {
		unix.Close(fd)
	}
	return found
}

// members are the processes in a group. A thread of this process is there for a moment while it starts one.
func members(folder string) (list []int) {
	for _, word := range words(filepath.Join(folder, "cgroup.procs")) {
		if pid, err := strconv.Atoi(word); err == nil && pid != os.Getpid() && pid > 0 {
			list = append(list, pid)
		}
	}
	return list
}
