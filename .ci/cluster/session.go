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
	"runtime"
	"strings"
	"syscall"
	"time"
)

// namespaces are those of a cluster. The first process in them is process 1: when it ends, the kernel ends all others, and
// mounts and networks go with the last process that sees them.
const namespaces = syscall.CLONE_NEWPID | syscall.CLONE_NEWNS | syscall.CLONE_NEWNET

// startDeadline bounds the start of a cluster, which takes 8 s when the machine is idle, and comesWithin what is waited for in it
// or later: on a machine that tests keep busy, each takes many times as long.
const (
	startDeadline = 15 * time.Minute
	comesWithin   = 5 * time.Minute
)

// Session is what run prints, in one line of JSON, when the cluster is up.
type Session struct {
	Dir        string `json:"dir"`        // all files of the cluster; log holds one file for every component
	Kubeconfig string `json:"kubeconfig"` // of the administrator
	Token      string `json:"token"`      // of the user "runner", who may do nothing yet
	Server     string `json:"server"`     // URL of the API server
	Nodes      []Node `json:"nodes"`
}

// Node is a real node. Its containerd is reached by ctr on its socket, also from outside.
type Node struct {
	Name    string  `json:"name"`
	Address string  `json:"address"`
	Role    string  `json:"role"` // what it is for; nodes know it by their label hardware
	CPUs    float64 `json:"cpus"` // quota of all containers together; 0 is all that the machine has
	Socket  string  `json:"socket"`
}

// order is what the process inside needs to know.
type order struct {
	Session  Session
	Place    place
	Programs programs
}

// run starts a cluster, says so on output, and keeps it until ctx or input ends. A line of input is a command for the
// processes inside (see obey in inside.go); its answer is a line of output.
func run(ctx context.Context, input io.Reader, output io.Writer) error {
	if err := permitted(); err != nil {
		return err
	}
	p, err := claim()
	if err != nil {
		return err
	}
	built, err := build(ctx, os.Stderr)
	if err == nil {
		err = keep(ctx, order{Session: sessionOf(p), Place: p, Programs: built}, input, output)
	}
	return errors.Join(err, p.remove())
}

func sessionOf(p place) Session {
	s := Session{
		Dir: p.Dir, Kubeconfig: filepath.Join(p.Dir, "admin.kubeconfig"), Server: "https://" + p.address(1) + ":6443",
		Nodes: []Node{{Name: "vm-1", Role: "cloud"}, {Name: "pi-1", Role: "edge", CPUs: 0.4}},
	}
	for i := range s.Nodes {
		s.Nodes[i].Address = p.address(11 + i)
		s.Nodes[i].Socket = filepath.Join(p.Dir, s.Nodes[i].Name, "containerd.sock")
	}
	return s
}

// keep starts process 1 in new namespaces, connects their network to this machine's, and waits for the end of either.
func keep(ctx context.Context, o order, input io.Reader, output io.Writer) error {
	if err := makeCgroup(o.Place.Name); err != nil {
		return err
	}
	// The kernel kills process 1 when the thread that started it ends: this goroutine keeps its thread.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	cmd := exec.Command("/proc/self/exe", "reap", "inside")
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: namespaces, Pdeathsig: syscall.SIGKILL, Setpgid: true}
	cmd.Stdout, cmd.Stderr = output, os.Stderr
	orders, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start in new namespaces: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	stop := func() error { cmd.Process.Kill(); <-ended; return nil }
	if err := errors.Join(o.Place.connect(cmd.Process.Pid), json.NewEncoder(orders).Encode(o)); err != nil {
		return errors.Join(err, stop())
	}
	closed := make(chan struct{})
	go func() { // it ends with the process at the latest, as input has no other reader
		defer close(closed)
		for lines := bufio.NewScanner(input); lines.Scan(); {
			fmt.Fprintln(orders, lines.Text())
		}
	}()
	select {
	case err := <-ended:
		return fmt.Errorf("the cluster ended: %w", err)
	case <-closed:
	case <-ctx.Done():
	}
	return stop()
}

// connect makes a pair of network devices, one here and one in the namespace of the process. They vanish with it.
func (p place) connect(pid int) error {
	return errors.Join(
		ip("link", "add", p.Name, "type", "veth", "peer", "name", "uplink", "netns", fmt.Sprint(pid)),
		ip("address", "add", p.address(254)+"/24", "dev", p.Name),
		ip("link", "set", p.Name, "up"))
}

// ip runs the program of that name, of iproute2.
func ip(args ...string) error {
	out, err := exec.Command("ip", args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("ip %s: %w: %s", strings.Join(args, " "), err, strings.TrimSpace(string(out)))
	}
	return nil
}
