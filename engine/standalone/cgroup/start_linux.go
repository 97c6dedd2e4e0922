package cgroup

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"
)

// supported reports whether the kernel has what this package cannot do without.
func supported() error {
	fd, err := unix.PidfdOpen(os.Getpid(), 0)
	if err != nil {
		return fmt.Errorf("control groups need Linux 5.3 or newer: %w", err)
	}
	return unix.Close(fd)
}

// Start starts a program in the group, so that nothing of it was ever outside. The caller must be locked to its thread:
// in version 1 the thread goes into the group itself, where the child is born, and back. A nil group is none.
//
//	thread  ── in ──▶ fork ── back ──▶
//	child             └─ exec ─────────▶   all its life in the group
func (g *Group) Start(cmd *exec.Cmd) error {
	switch {
	case g == nil:
		return cmd.Start()
	case g.version == 2:
		return g.startInto(cmd)
	}
	err := enter(unique(g.version, g.folders))
	if err == nil {
		err = cmd.Start()
	}
	if back := enter(g.outside); back != nil {
		// The thread would be taken for a part of the container. Nothing can be started any more, and that is said.
		if err == nil {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
		}
		return errors.Join(err, back)
	}
	return err
}

// enter puts this thread into the group with the folders, one in each hierarchy.
func enter(folders []string) error {
	for _, f := range folders {
		if err := write(filepath.Join(f, "tasks"), "0"); err != nil {
			return fmt.Errorf("enter a control group: %w", err)
		}
	}
	return nil
}

// startInto has the kernel make the child in the group of version 2.
func (g *Group) startInto(cmd *exec.Cmd) error {
	folder, err := os.Open(g.any())
	if err != nil {
		return fmt.Errorf("enter a control group: %w", err)
	}
	defer folder.Close()
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.UseCgroupFD, cmd.SysProcAttr.CgroupFD = true, int(folder.Fd())
	return cmd.Start()
}

// enterable reports whether processes can be started in the group: what confines this process may forbid the one call of
// version 2 that does it. A program that does not exist tells, for it is looked for when the child is in the group.
func (g *Group) enterable() error {
	if g.version != 2 {
		return nil
	}
	if err := g.startInto(&exec.Cmd{Path: filepath.Join(g.any(), "no-program")}); !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("start a process in a control group: %w", err)
	}
	return nil
}
