package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// root is the folder of all clusters of this machine. It is not in a user's own temporary folder: who looks for what a
// crash left must find it, and the paths of sockets below it must be short.
const root = "/tmp/wsk-scenario-clusters"

// needed are the programs of Debian that a node consists of beside Kubernetes: containerd, runc, iproute2, iptables.
var needed = []string{"containerd", "ctr", "runc", "ip", "iptables"}

// plugins is where Debian's containernetworking-plugins are.
const plugins = "/usr/lib/cni"

// permitted says why no cluster can be started here.
func permitted() error {
	if runtime.GOOS != "linux" {
		return errors.New("a cluster needs Linux")
	}
	if os.Geteuid() != 0 {
		return errors.New("a cluster needs root: namespaces, mounts and cgroups are made")
	}
	for _, program := range needed {
		if _, err := exec.LookPath(program); err != nil {
			return fmt.Errorf("%s is missing (.ci/needs test installs it)", program)
		}
	}
	if !exists(filepath.Join(plugins, "bridge")) {
		return fmt.Errorf("%s/bridge is missing: install containernetworking-plugins", plugins)
	}
	probe := exec.Command("/bin/true")
	probe.SysProcAttr = &syscall.SysProcAttr{Cloneflags: namespaces}
	if err := probe.Run(); err != nil {
		return fmt.Errorf("this machine does not permit namespaces: %w", err)
	}
	if err := probeCgroup(); err != nil {
		return fmt.Errorf("this machine does not permit cgroups: %w", err)
	}
	return nil
}

// probeCgroup makes a cgroup and removes it, one process at a time: they all have the same name.
func probeCgroup() error {
	if err := os.MkdirAll(root, 0o755); err != nil {
		return err
	}
	folder, err := os.Open(root)
	if err != nil {
		return err
	}
	defer folder.Close()
	if err := syscall.Flock(int(folder.Fd()), syscall.LOCK_EX); err != nil {
		return err
	}
	const name = "wskcprobe"
	return errors.Join(makeCgroup(name), removeCgroup(name))
}

// place is one cluster's share of what the machine has only once: a folder, a network, a name. It is held by the lock.
type place struct {
	Name   string // of the network device on this machine and of the cgroups
	Number int    // the network is 10.250.Number.0/24
	Dir    string
	lock   *os.File
}

// address is one of the cluster's network: 1 is the control plane, 1N is node N, 254 is this machine.
func (p place) address(host int) string { return fmt.Sprintf("10.250.%d.%d", p.Number, host) }

// claim takes the first place that is free, and removes what clusters that were killed have left in the others.
func claim() (place, error) {
	if err := os.MkdirAll(root, 0o755); err != nil {
		return place{}, err
	}
	if err := sweep(); err != nil {
		return place{}, err
	}
	for number := range 250 {
		p := placeOf(number)
		if networkInUse(p) {
			continue
		}
		if err := os.MkdirAll(p.Dir, 0o755); err != nil {
			return place{}, err
		}
		lock, err := lockFile(filepath.Join(p.Dir, "lock"), false)
		if errors.Is(err, syscall.EWOULDBLOCK) {
			continue
		}
		p.lock = lock
		return p, err
	}
	return place{}, errors.New("all networks from 10.250.0.0 to 10.250.249.0 are in use")
}

func placeOf(number int) place {
	name := "wskc" + strconv.Itoa(number)
	return place{Name: name, Number: number, Dir: filepath.Join(root, name)}
}

func networkInUse(p place) bool {
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return true
	}
	_, ours, _ := net.ParseCIDR(p.address(0) + "/24")
	for _, a := range addresses {
		if other, ok := a.(*net.IPNet); ok && (ours.Contains(other.IP) || other.Contains(ours.IP)) {
			return true
		}
	}
	return false
}

// sweep removes what clusters have left that nobody holds any more.
func sweep() error {
	entries, err := os.ReadDir(root)
	if err != nil {
		return err
	}
	for _, e := range entries {
		number, err := strconv.Atoi(strings.TrimPrefix(e.Name(), "wskc"))
		if err != nil {
			continue
		}
		p := placeOf(number)
		if p.lock, err = lockFile(filepath.Join(p.Dir, "lock"), false); err != nil {
			continue // it runs
		}
		if err := p.remove(); err != nil {
			return fmt.Errorf("remove what an earlier cluster left: %w", err)
		}
	}
	return nil
}

// remove frees the place. The cluster's processes have ended, and with them its mounts and its network.
func (p place) remove() error {
	_ = ip("link", "delete", p.Name) // it goes with the cluster's network, a moment after it
	err := removeCgroup(p.Name)
	if err == nil {
		err = os.RemoveAll(p.Dir)
	}
	return errors.Join(err, p.lock.Close())
}

// lockFile locks a file, which is made if need be; when wait is false and another holds it, the error is EWOULDBLOCK.
func lockFile(path string, wait bool) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR|syscall.O_CLOEXEC, 0o644)
	if err != nil {
		return nil, err
	}
	how := syscall.LOCK_EX
	if !wait {
		how |= syscall.LOCK_NB
	}
	if err := syscall.Flock(int(f.Fd()), how); err != nil {
		f.Close()
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	held, errHeld := f.Stat()
	named, errNamed := os.Stat(path)
	if errHeld != nil || errNamed != nil || !os.SameFile(held, named) {
		f.Close() // who had it has removed it meanwhile
		return nil, fmt.Errorf("lock %s: %w", path, syscall.EWOULDBLOCK)
	}
	return f, nil
}

// removeCgroup removes a cgroup of every hierarchy with all below it. The last of its processes may still be ending.
func removeCgroup(name string) error {
	var err error
	for deadline := time.Now().Add(comesWithin); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if err = removeCgroupOnce(name); err == nil {
			return nil
		}
	}
	return err
}

func removeCgroupOnce(name string) error {
	for _, hierarchy := range hierarchies() {
		var folders []string
		err := filepath.WalkDir(filepath.Join(hierarchy, name), func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() {
				folders = append(folders, path)
			}
			return nil // a folder that has gone meanwhile is as we want it
		})
		if err != nil {
			return err
		}
		for i := len(folders) - 1; i >= 0; i-- {
			if err := syscall.Rmdir(folders[i]); err != nil && !errors.Is(err, syscall.ENOENT) {
				return fmt.Errorf("remove the cgroup %s: %w", folders[i], err)
			}
		}
	}
	return nil
}
