package cgroup

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	goruntime "runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// groups returns a group of each kind that this machine permits to make: the one that holds containers, and one of
// version 2 without controllers where such a hierarchy is mounted beside version 1. Without any, the reason must be told.
func groups(t *testing.T) map[string]*Group {
	t.Helper()
	made, name := map[string]*Group{}, fmt.Sprintf("wsk-test-%d-%d", os.Getpid(), len(t.Name()))
	home, err := Find()
	if err == nil {
		t.Cleanup(home.Release)
		made["holding"], err = home.Make(name, Limits{})
	}
	if err != nil {
		delete(made, "holding")
		if err.Error() == "" {
			t.Error("it is not told why there can be no groups")
		}
		t.Logf("no groups here: %v", err)
	}
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range parseMounts(string(mounts)) {
		folder := filepath.Join(m.point, name+"-bare")
		if m.controllers[0] == "" && home != nil && home.version == 1 && os.Mkdir(folder, 0o755) == nil {
			made["of version 2"] = &Group{version: 2, folders: map[string]string{cpu: folder}}
		}
	}
	for _, g := range made {
		t.Cleanup(func() {
			if err := g.Kill(); err != nil {
				t.Error(err)
			}
			if _, err := os.Stat(g.any()); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("the group is left: %v", err)
			}
		})
	}
	return made
}

// startIn starts a shell in a group and returns it with the first line that it writes.
func startIn(t *testing.T, g *Group, script string) (*exec.Cmd, string) {
	t.Helper()
	goruntime.LockOSThread()
	defer goruntime.UnlockOSThread()
	cmd := exec.Command("/bin/sh", "-c", script)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile("/proc/thread-self/cgroup")
	if err != nil {
		t.Fatal(err)
	}
	if err := g.Start(cmd); err != nil {
		t.Fatal(err)
	}
	if after, err := os.ReadFile("/proc/thread-self/cgroup"); err != nil || string(after) != string(before) {
		t.Errorf("the thread that started it is now in\n%s (%v), and was in\n%s", after, err, before)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return cmd, strings.TrimSpace(line)
}

func TestWhatIsStartedInAGroupIsBornThere(t *testing.T) {
	for name, g := range groups(t) {
		t.Run(name, func(t *testing.T) {
			// Nothing ever moves it: where it is found, it was born.
			cmd, _ := startIn(t, g, `echo; exec sleep 1000`)
			found := members(g.any())
			if !slices.Contains(found, cmd.Process.Pid) {
				t.Errorf("in the group are %v, and not %d", found, cmd.Process.Pid)
			}
			own, err := os.ReadFile(fmt.Sprintf("/proc/%d/cgroup", cmd.Process.Pid))
			if err != nil || strings.Count(string(own), "/"+filepath.Base(g.any())) != len(unique(g.version, g.folders)) {
				t.Errorf("the process is in\n%s (%v), want it in %v", own, err, unique(g.version, g.folders))
			}
			if err := g.Kill(); err != nil {
				t.Error(err)
			}
			_ = cmd.Wait() // it was killed: the error says so
		})
	}
}

func TestKillEndsAllThatIsInAGroupAndNothingElse(t *testing.T) {
	for name, g := range groups(t) {
		t.Run(name, func(t *testing.T) {
			beside := exec.Command("/bin/sleep", "1000")
			if err := beside.Start(); err != nil {
				t.Fatal(err)
			}
			cmd, line := startIn(t, g, `env -i setsid sleep 1000 >/dev/null & echo $!; sleep 1000`)
			stray, err := strconv.Atoi(line)
			if err != nil {
				t.Fatal(err)
			}
			if err := g.Kill(); err != nil {
				t.Error(err)
			}
			if state := cmd.Wait(); state == nil || !strings.Contains(state.Error(), "killed") {
				t.Errorf("the shell ended so: %v", state)
			}
			if stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", stray)); err == nil && !strings.Contains(string(stat), ") Z ") {
				t.Errorf("the stray lives: %s", stat)
			}
			if err := beside.Process.Signal(syscall.Signal(0)); err != nil {
				t.Errorf("the process beside: %v", err)
			}
			_ = beside.Process.Kill()
			_ = beside.Wait() // it was killed: the error says so
		})
	}
}

func TestRemoveEndsGroupsInGroups(t *testing.T) {
	g := groups(t)["holding"]
	if g == nil {
		return // the reason has been looked at
	}
	inner, err := g.Make("inner", Limits{Memory: 64 << 20, Processes: 20, Shares: 100})
	if err != nil {
		t.Fatal(err)
	}
	cmd, _ := startIn(t, inner, `sleep 1000 & sleep 1000 & echo; wait`)
	n, err := Remove(unique(g.version, g.folders))
	_ = cmd.Wait() // it was killed: the error says so
	if err != nil || n != 3 {
		t.Errorf("%d processes, %v; want 3", n, err)
	}
	if _, err := os.Stat(g.any()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the group is left: %v", err)
	}
	if n, err := Remove(unique(g.version, g.folders)); n != 0 || err != nil {
		t.Errorf("the second time: %d, %v", n, err)
	}
}

func TestWhatIsNoControlGroupIsLeftAlone(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "inside"), 0o755); err != nil {
		t.Fatal(err)
	}
	if n, err := Remove([]string{dir}); n != 0 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "inside")); err != nil {
		t.Error(err)
	}
}
