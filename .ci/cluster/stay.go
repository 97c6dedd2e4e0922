package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// stayFile holds the process of a cluster that was started by up, in its folder.
const stayFile = "stay.pid"

// up starts a cluster that stays when this process has ended.
func up(ctx context.Context) error {
	if err := permitted(); err != nil {
		return err
	}
	if _, err := build(ctx, os.Stderr); err != nil { // here, where its progress is seen
		return err
	}
	log, err := os.CreateTemp("", "cluster-*.log")
	if err != nil {
		return err
	}
	defer log.Close()
	read, write, err := os.Pipe()
	if err != nil {
		return err
	}
	cmd := exec.Command("/proc/self/exe", "stay")
	cmd.Stdout, cmd.Stderr = write, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	err = cmd.Start()
	write.Close()
	if err != nil {
		return err
	}
	defer context.AfterFunc(ctx, func() { cmd.Process.Signal(syscall.SIGTERM) })()
	line, err := bufio.NewReader(read).ReadString('\n')
	var s Session
	if err != nil || json.Unmarshal([]byte(line), &s) != nil {
		cmd.Process.Signal(syscall.SIGTERM)
		text, _ := os.ReadFile(log.Name())
		return fmt.Errorf("the cluster did not start: %s", lastLines(string(text), 40))
	}
	fmt.Printf("Kubernetes %s answers at %s\n", kubernetesVersion, s.Server)
	for _, n := range s.Nodes {
		fmt.Printf("  node %s  %s  role=%s\n", n.Name, n.Address, n.Role)
	}
	binary, err := build(ctx, os.Stderr)
	if err != nil {
		return err
	}
	fmt.Printf("\n  export KUBECONFIG=%s\n  alias kubectl='%s kubectl'\n\nmake cluster-down stops it.\n", s.Kubeconfig, binary.Kubernetes)
	return nil
}

// stay is the process that up leaves behind: a run without input, which knows by a file that it shall be found by down.
func stay(ctx context.Context, output io.Writer) error {
	never, write := io.Pipe()
	defer write.Close()
	return run(ctx, never, writerFunc(func(line []byte) (int, error) {
		var s Session
		if json.Unmarshal(line, &s) == nil {
			if err := os.WriteFile(filepath.Join(s.Dir, stayFile), []byte(strconv.Itoa(os.Getpid())), 0o644); err != nil {
				return 0, err
			}
		}
		return output.Write(line)
	}))
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// down stops every cluster that up started and removes what is left of those that were killed.
func down(ctx context.Context) error {
	files, err := filepath.Glob(filepath.Join(root, "*", stayFile))
	if err != nil {
		return err
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // it has just ended
		}
		pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
		if err != nil {
			return fmt.Errorf("%s holds no process: %w", file, err)
		}
		if err := end(ctx, pid, filepath.Join(filepath.Dir(file), "lock")); err != nil {
			return err
		}
	}
	if !exists(root) {
		return nil
	}
	return sweep()
}

// end stops the process, when it still holds the lock, and waits until it does not.
func end(ctx context.Context, pid int, path string) error {
	ctx, cancel := context.WithTimeout(ctx, comesWithin)
	defer cancel()
	for told := false; exists(path); {
		lock, err := lockFile(path, false)
		if err == nil {
			return lock.Close()
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return err
		}
		if !told {
			syscall.Kill(pid, syscall.SIGTERM)
			told = true
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the cluster of process %d does not end", pid)
		case <-time.After(50 * time.Millisecond):
		}
	}
	return nil
}
