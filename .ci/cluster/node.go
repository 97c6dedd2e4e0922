package main

import (
	"bufio"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"text/template"
)

//go:embed templates
var templates embed.FS

// nodeOrder is what the process of a node needs to know; the templates of its components' settings show it.
type nodeOrder struct {
	Node
	Number     int    // the pods' network is 10.244.Number.0/24
	Dir        string // of the node
	Gateway    string // of the cluster's network, where DNS answers too
	Cgroup     string // all containers are below it
	Reserved   int    // millicores of the machine that are not the node's
	Kubeconfig string // of the kubelet
	Proxy      string // kubeconfig of kube-proxy
	Plugins    string
	Kubernetes string // the binary
	Pause      string // archive of the image
	Log        string // folder
	Others     []peer
}

// peer is another node: its pods are reached by its address.
type peer struct{ Network, Address string }

func podNetwork(number int) string { return fmt.Sprintf("10.244.%d.0/24", number) }

// startNode starts the process of node i and gives it a device on the bridge.
func (c *cluster) startNode(i int, pause string) error {
	n := c.Session.Nodes[i]
	o := nodeOrder{
		Node: n, Number: i + 1, Dir: filepath.Dir(n.Socket), Gateway: c.Place.address(1), Cgroup: c.Place.Name + "/" + n.Name,
		Kubeconfig: c.kubeconfig(n.Name), Proxy: c.kubeconfig("proxy"), Plugins: plugins, Kubernetes: c.Programs.Kubernetes,
		Pause: pause, Log: c.logs,
	}
	if n.CPUs > 0 {
		o.Reserved = max(0, runtime.NumCPU()*1000-int(n.CPUs*1000))
	}
	if err := makeCgroup(o.Cgroup); err != nil {
		return err
	}
	if n.CPUs > 0 {
		if err := limitCPU(o.Cgroup, n.CPUs); err != nil {
			return err
		}
	}
	for other := range c.Session.Nodes {
		if other != i {
			o.Others = append(o.Others, peer{podNetwork(other + 1), c.Session.Nodes[other].Address})
		}
	}
	cmd := exec.Command("/proc/self/exe", "node")
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS | syscall.CLONE_NEWNET}
	orders, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	p, err := c.children.start(n.Name, cmd)
	if err != nil {
		return err
	}
	c.orders[n.Name] = orders
	device := fmt.Sprintf("node%d", o.Number)
	return errors.Join(
		ip("link", "add", device, "type", "veth", "peer", "name", "eth0", "netns", fmt.Sprint(p.cmd.Process.Pid)),
		ip("link", "set", device, "master", "bridge"),
		ip("link", "set", device, "up"),
		ip("route", "add", podNetwork(o.Number), "via", n.Address),
		json.NewEncoder(orders).Encode(o))
}

// node is the process of a node, in namespaces of its own: it owns containerd, the kubelet and kube-proxy. Each further line
// of its input is a word of obey.
func node(ctx context.Context, input io.Reader, _ io.Writer) error {
	var o nodeOrder
	lines := bufio.NewReader(input)
	first, err := lines.ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(first, &o)
	}
	if err != nil {
		return fmt.Errorf("read the order: %w", err)
	}
	c := newChildren(o.Log)
	for _, step := range []func() error{
		o.network, o.mounts,
		// Two kubelets that write the same file read it empty in between.
		func() error { return ownSettings(filepath.Join(o.Dir, "proc")) },
		o.settings,
		func() error { return o.containerd(ctx, c) },
		func() error { return o.kubelet(c) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	words := make(chan string)
	go func() { // it ends with the process
		for scanner := bufio.NewScanner(lines); scanner.Scan(); {
			words <- scanner.Text()
		}
	}()
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-c.failed:
			return err
		case word := <-words:
			if err := o.obey(c, word); err != nil {
				return err
			}
		}
	}
}

// obey restarts the kubelet and kube-proxy, or stops the kubelet as a machine does that hangs: its containers go on, and it
// answers nobody until it is continued.
func (o *nodeOrder) obey(c *children, word string) error {
	kubelet := o.Name + "-kubelet"
	switch word {
	case "stop-kubelet":
		return c.signal(kubelet, syscall.SIGSTOP)
	case "continue-kubelet":
		return c.signal(kubelet, syscall.SIGCONT)
	}
	return errors.Join(c.restart(kubelet), c.restart(o.Name+proxy))
}

func (o *nodeOrder) network() error {
	err := errors.Join(
		ip("link", "set", "lo", "up"),
		ip("address", "add", o.Address+"/24", "dev", "eth0"),
		ip("link", "set", "eth0", "up"),
		ip("route", "add", "default", "via", o.Gateway),
		os.WriteFile("/proc/sys/net/ipv4/ip_forward", []byte("1"), 0o644))
	for _, p := range o.Others {
		err = errors.Join(err, ip("route", "add", p.Network, "via", p.Address))
	}
	return err
}

// mounts gives the node folders of its own where Kubernetes has fixed ones. What it writes to /etc and /var stays in memory
// and goes with the node; nothing is made on the machine.
func (o *nodeOrder) mounts() error {
	scratch := filepath.Join(o.Dir, "scratch")
	err := errors.Join(
		syscall.Mount("", "/", "", syscall.MS_PRIVATE|syscall.MS_REC, ""),
		os.MkdirAll(scratch, 0o755),
		syscall.Mount("tmpfs", scratch, "tmpfs", 0, ""))
	for _, path := range []string{"/etc", "/var"} {
		upper, work := filepath.Join(scratch, path, "upper"), filepath.Join(scratch, path, "work")
		err = errors.Join(err, os.MkdirAll(upper, 0o755), os.MkdirAll(work, 0o755),
			syscall.Mount("overlay", path, "overlay", 0, "lowerdir="+path+",upperdir="+upper+",workdir="+work))
	}
	if err != nil {
		return fmt.Errorf("make /etc and /var the node's own: %w", err)
	}
	const kubelet = "/var/lib/kubelet"
	return errors.Join(
		os.MkdirAll("/etc/cni/net.d", 0o755),
		os.MkdirAll(kubelet, 0o755),
		syscall.Mount(kubelet, kubelet, "", syscall.MS_BIND, ""),
		syscall.Mount("", kubelet, "", syscall.MS_SHARED, ""),
		syscall.Mount("tmpfs", "/run", "tmpfs", 0, ""),
		syscall.Mount("", "/run", "", syscall.MS_SHARED, ""),
		os.MkdirAll("/run/netns", 0o755))
}

// settings writes the files that the node's components read.
func (o *nodeOrder) settings() error {
	parsed, err := template.ParseFS(templates, "templates/*")
	if err != nil {
		return err
	}
	for _, t := range parsed.Templates() {
		folder := o.Dir
		if t.Name() == "network.conflist" {
			folder = "/etc/cni/net.d"
		}
		f, err := os.Create(filepath.Join(folder, t.Name()))
		if err != nil {
			return err
		}
		if err := errors.Join(t.Execute(f, o), f.Close()); err != nil {
			return err
		}
	}
	return nil
}

func (o *nodeOrder) containerd(ctx context.Context, c *children) error {
	name := o.Name + "-containerd"
	if _, err := c.start(name, exec.Command("containerd", "-c", filepath.Join(o.Dir, "containerd.toml"))); err != nil {
		return err
	}
	return c.until(ctx, "containerd", comesWithin, []string{name}, func(ctx context.Context) error {
		out, err := exec.CommandContext(ctx, "ctr", "-a", o.Socket, "-n", "k8s.io", "images", "import", o.Pause).CombinedOutput()
		if err != nil {
			return fmt.Errorf("%w: %s", err, lastLines(string(out), 3))
		}
		return nil
	})
}

func (o *nodeOrder) kubelet(c *children) error {
	kubelet := exec.Command(o.Kubernetes, "kubelet", "--config", filepath.Join(o.Dir, "kubelet.yaml"), "--kubeconfig", o.Kubeconfig,
		"--hostname-override", o.Name, "--node-ip", o.Address, "--node-labels", "hardware="+o.Role)
	forwarder := exec.Command(o.Kubernetes, "kube-proxy", "--config", filepath.Join(o.Dir, "proxy.yaml"))
	_, err := c.start(o.Name+"-kubelet", kubelet)
	if err == nil {
		_, err = c.start(o.Name+proxy, forwarder)
	}
	return err
}
