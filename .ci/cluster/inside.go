package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// private are the settings of the whole machine that a kubelet writes. In a cluster they are files of its own.
var private = []string{
	"/proc/sys/vm/overcommit_memory", "/proc/sys/vm/panic_on_oom", "/proc/sys/kernel/panic", "/proc/sys/kernel/panic_on_oops",
	"/proc/sys/kernel/keys/root_maxkeys", "/proc/sys/kernel/keys/root_maxbytes",
}

// reap is process 1 of the namespaces: it makes mounts private, starts this program again with args, and waits for every
// process that loses its parent. It ends when the started one does.
func reap(args []string) error {
	if os.Getpid() != 1 {
		return errors.New("reap is for the first process of new namespaces")
	}
	err := errors.Join(
		syscall.Mount("", "/", "", syscall.MS_PRIVATE|syscall.MS_REC, ""),
		syscall.Mount("proc", "/proc", "proc", 0, ""))
	if err != nil {
		return fmt.Errorf("make mounts private: %w", err)
	}
	child, err := os.StartProcess("/proc/self/exe", append([]string{"cluster"}, args...),
		&os.ProcAttr{Files: []*os.File{os.Stdin, os.Stdout, os.Stderr}, Env: os.Environ()})
	if err != nil {
		return err
	}
	for {
		var status syscall.WaitStatus
		switch pid, err := syscall.Wait4(-1, &status, 0, nil); {
		case errors.Is(err, syscall.EINTR):
		case err != nil:
			return err
		case pid == child.Pid && status.ExitStatus() != 0:
			return errors.New("stopped") // it has said why
		case pid == child.Pid:
			return nil
		}
	}
}

// ownSettings puts files over the machine's settings.
func ownSettings(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, path := range private {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // this kernel has no such setting
		}
		own := filepath.Join(dir, strings.ReplaceAll(strings.TrimPrefix(path, "/proc/"), "/", "."))
		if err := os.WriteFile(own, text, 0o644); err != nil {
			return err
		}
		if err := syscall.Mount(own, path, "", syscall.MS_BIND, ""); err != nil {
			return fmt.Errorf("make %s private: %w", path, err)
		}
	}
	return nil
}

// inside is the owner of the control plane and of the nodes. It says on output when all of them are ready.
func inside(ctx context.Context, input io.Reader, output io.Writer) error {
	lines := bufio.NewReader(input)
	first, err := lines.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("read the order: %w", err)
	}
	var o order
	if err := json.Unmarshal(first, &o); err != nil {
		return fmt.Errorf("read the order: %w", err)
	}
	c := &cluster{order: o, orders: map[string]io.Writer{}, children: newChildren(filepath.Join(o.Place.Dir, "log"))}
	if err := c.start(ctx); err != nil {
		return err
	}
	if err := json.NewEncoder(output).Encode(c.Session); err != nil {
		return err
	}
	commands := make(chan string)
	go func() {
		defer close(commands)
		for scanner := bufio.NewScanner(lines); scanner.Scan(); {
			commands <- scanner.Text()
		}
	}()
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-c.failed:
			return err
		case command, open := <-commands:
			if !open {
				return nil
			}
			fmt.Fprintln(output, c.obey(ctx, command))
		}
	}
}

// obey does what a line of input asks for and answers "ok" or what went wrong: restart COMPONENT of the control plane;
// restart-kubelet NODE, which registers the node anew when it was deleted; stop-kubelet NODE, and continue-kubelet NODE; quota NODE CPUS for all of its containers together.
func (c *cluster) obey(ctx context.Context, command string) string {
	verb, name, _ := strings.Cut(command, " ")
	do := map[string]func(context.Context, string) error{
		"restart": c.restart, "quota": c.quota, "restart-kubelet": c.bringKubelet(verb), "continue-kubelet": c.bringKubelet(verb),
		"stop-kubelet": func(_ context.Context, node string) error { return c.tell(node, verb) },
	}[verb]
	if do == nil {
		return "unknown command " + verb
	}
	if err := do(ctx, name); err != nil {
		return strings.ReplaceAll(err.Error(), "\n", " | ")
	}
	return "ok"
}

// cluster is the control plane and what it needs, as seen from inside the namespaces.
type cluster struct {
	order
	*children
	tokens map[string]string    // by user
	orders map[string]io.Writer // to the process of each node
	api    *api
}

func (c *cluster) start(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startDeadline)
	defer cancel()
	for _, folder := range []string{c.logs, filepath.Join(c.Place.Dir, "pki")} {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
	}
	for _, step := range []func(context.Context) error{
		func(context.Context) error { return ownSettings(filepath.Join(c.Place.Dir, "proc")) },
		c.network, c.credentials, c.controlPlane, c.fakes, c.nodes,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// network makes the bridge that nodes and this machine are on.
func (c *cluster) network(context.Context) error {
	return errors.Join(
		ip("link", "set", "lo", "up"),
		ip("link", "add", "bridge", "type", "bridge"),
		ip("address", "add", c.Place.address(1)+"/24", "dev", "bridge"),
		ip("link", "set", "bridge", "up"),
		ip("link", "set", "uplink", "master", "bridge"),
		ip("link", "set", "uplink", "up"),
		os.WriteFile("/proc/sys/net/ipv4/ip_forward", []byte("1"), 0o644))
}

// nodes starts every node in a network and mount namespace of its own, all at once, and waits until they are ready.
func (c *cluster) nodes(ctx context.Context) error {
	pause := filepath.Join(c.Place.Dir, "pause.tar")
	if err := writeImage("localhost/pause:1", c.Programs.Pause, pause); err != nil {
		return err
	}
	for i := range c.Session.Nodes {
		if err := c.startNode(i, pause); err != nil {
			return err
		}
	}
	return c.nodesReady(ctx)
}

func (c *cluster) nodesReady(ctx context.Context) error {
	var logs []string
	for _, n := range c.Session.Nodes {
		logs = append(logs, n.Name, n.Name+"-containerd", n.Name+"-kubelet")
	}
	return c.until(ctx, "ready nodes", comesWithin, logs, func(ctx context.Context) error { return c.api.nodesReady(ctx, c.Session.Nodes) })
}

// quota limits the containers of a node from now on.
func (c *cluster) quota(_ context.Context, words string) error {
	node, number, _ := strings.Cut(words, " ")
	cpus, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return err
	}
	return limitCPU(c.Place.Name+"/"+node, cpus)
}

// tell gives the process of a node a word to obey.
func (c *cluster) tell(node, word string) error {
	to, ok := c.orders[node]
	if !ok {
		return fmt.Errorf("there is no node %s", node)
	}
	_, err := fmt.Fprintln(to, word)
	return err
}

// bringKubelet has a node bring its kubelet back, and waits until all nodes are ready.
func (c *cluster) bringKubelet(how string) func(context.Context, string) error {
	return func(ctx context.Context, node string) error {
		if err := c.tell(node, how); err != nil {
			return err
		}
		return c.nodesReady(ctx)
	}
}
