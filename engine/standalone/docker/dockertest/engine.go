// Package dockertest gives tests a real Docker Engine: the one of the machine, or one that is started for the test and
// stopped after it. What it needs is in the Debian packages docker.io and iptables; without them, or without the right to
// start an engine, the test fails and says so.
package dockertest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/moby/moby/client"
)

// Bounds of starting and stopping.
const (
	startTime = 5 * time.Minute
	stopTime  = 2 * time.Minute
)

// Engine is a Docker Engine for the length of a test.
type Engine struct {
	Host   string // as in DOCKER_HOST
	Client *client.Client
}

// Start returns an engine that answers. The one that DOCKER_HOST names, or that listens at the usual place, is used and left
// as it was; otherwise one is started that keeps everything in a folder of the test, and touches neither the firewall nor
// the forwarding of the machine.
func Start(t testing.TB) Engine {
	t.Helper()
	for _, host := range []string{os.Getenv("DOCKER_HOST"), "unix:///var/run/docker.sock"} {
		if e, err := reach(t.Context(), host); err == nil {
			t.Cleanup(func() { e.Client.Close() })
			return e
		}
	}
	return start(t)
}

func reach(ctx context.Context, host string) (Engine, error) {
	if !strings.HasPrefix(host, "unix://") {
		return Engine{}, errors.New("no local engine")
	}
	c, err := client.New(client.WithHost(host))
	if err != nil {
		return Engine{}, err
	}
	if _, err := c.Ping(ctx, client.PingOptions{}); err != nil {
		c.Close()
		return Engine{}, err
	}
	return Engine{host, c}, nil
}

func start(t testing.TB) Engine {
	t.Helper()
	program, err := exec.LookPath("dockerd")
	if err != nil {
		t.Fatalf("no Docker Engine runs, and there is none to start: %v; apt-get install docker.io iptables", err)
	}
	if os.Geteuid() != 0 {
		t.Fatal("no Docker Engine runs, and only root can start one: run the tests as root, or start an engine")
	}
	dir, err := os.MkdirTemp("", "wsk-docker-") // the path of a socket must be short
	if err != nil {
		t.Fatal(err)
	}
	log := &tail{}
	host, group := "unix://"+dir+"/docker.sock", "/wsk-test-"+filepath.Base(dir)
	daemon := exec.Command(program, "--host", host, "--data-root", dir+"/data", "--exec-root", dir+"/exec",
		"--pidfile", dir+"/pid", "--cgroup-parent", group, "--default-address-pool", addresses(),
		"--iptables=false", "--ip6tables=false", "--ip-masq=false", "--ip-forward=false", "--bridge=none")
	daemon.Stdout, daemon.Stderr = log, log
	// When the test is killed, the engine stops as if it had been asked to, and takes its containers with it.
	daemon.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
	ended := make(chan error, 1)
	launch(t, daemon, ended)
	t.Cleanup(func() { stop(t, daemon, ended, dir, group) })
	deadline, cancel := context.WithTimeout(t.Context(), startTime)
	defer cancel()
	for {
		if e, err := reach(deadline, host); err == nil {
			t.Cleanup(func() { e.Client.Close() })
			return e
		}
		select {
		case err := <-ended:
			ended <- err
			t.Fatalf("the Docker Engine cannot run here: %v\n%s", err, log)
		case <-deadline.Done():
			t.Fatalf("the Docker Engine did not answer in %s\n%s", startTime, log)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// Left is what the engine still has of the containers and networks of embedded servers.
func (e Engine) Left(t testing.TB) (list []string) {
	t.Helper()
	ctx, ours := context.WithoutCancel(t.Context()), make(client.Filters).Add("label", "wsk-scenario.server")
	containers, err := e.Client.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: ours})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range containers.Items {
		list = append(list, fmt.Sprint("container ", c.Names, " ", c.State))
	}
	networks, err := e.Client.NetworkList(ctx, client.NetworkListOptions{Filters: ours})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range networks.Items {
		list = append(list, "network "+n.Name)
	}
	return list
}

// launch starts the daemon from a thread that lives as long as it: the kernel takes the end of that thread for ours.
func launch(t testing.TB, daemon *exec.Cmd, ended chan<- error) {
	t.Helper()
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with this
		err := daemon.Start()
		started <- err
		if err == nil {
			ended <- daemon.Wait()
		}
	}()
	if err := <-started; err != nil {
		t.Fatalf("start %s: %v", daemon.Path, err)
	}
}

// addresses are the networks that the engine gives out: others than those of an engine that another test has started.
func addresses() string {
	return fmt.Sprintf("base=10.%d.0.0/16,size=24", 100+os.Getpid()%90)
}

// stop ends the daemon as a system would, and removes what it kept.
func stop(t testing.TB, daemon *exec.Cmd, ended <-chan error, dir, group string) {
	_ = daemon.Process.Signal(syscall.SIGTERM)
	select {
	case <-ended:
	case <-time.After(stopTime):
		_ = syscall.Kill(-daemon.Process.Pid, syscall.SIGKILL)
		<-ended
		t.Errorf("the Docker Engine did not stop in %s", stopTime)
	}
	for _, left := range cgroups(group) {
		_ = os.Remove(left) // the deepest comes first; one that is not empty stays
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Errorf("remove what the Docker Engine kept: %v", err)
	}
}

// cgroups are the folders of a cgroup in all hierarchies, the deepest first.
func cgroups(group string) (list []string) {
	tops, _ := filepath.Glob("/sys/fs/cgroup/*" + group)
	for _, top := range append(tops, "/sys/fs/cgroup"+group) {
		_ = filepath.WalkDir(top, func(path string, entry os.DirEntry, err error) error {
			if err == nil && entry.IsDir() {
				list = append([]string{path}, list...)
			}
			return nil
		})
	}
	return list
}

// tail is the last of what is written to it.
type tail struct {
	mu   sync.Mutex
	text []byte
}

// tailSize is how much of it is kept.
const tailSize = 8192

func (l *tail) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = append(l.text, p...)
	l.text = l.text[max(0, len(l.text)-tailSize):]
	return len(p), nil
}

func (l *tail) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return string(bytes.TrimSpace(l.text))
}
