package checks

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
	"sync"
	"testing"
	"time"
)

// upWithin bounds the start of a cluster on a busy machine, and the build of its binary where nothing of it is cached; patience
// is how long anything else is waited for that takes seconds on an idle one, and waitFor the same for kubectl.
const (
	upWithin = 45 * time.Minute
	patience = 5 * time.Minute
	waitFor  = "--timeout=5m"
)

// node and session are what `cluster run` prints when the cluster is up.
type node struct {
	Name, Address, Role, Socket string
	CPUs                        float64
}

type session struct {
	Dir, Kubeconfig, Token, Server string
	Nodes                          []node

	cmd   *exec.Cmd
	input io.WriteCloser
	lines *bufio.Reader
	mu    sync.Mutex

	granting sync.Mutex
}

// program builds one of the project's programs into a folder with a command that is told where, and returns its path.
func program(folder, of string, command ...string) (string, error) {
	path := filepath.Join(folder, of)
	for i := range command {
		command[i] = strings.ReplaceAll(command[i], "PATH", path)
	}
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build %s: %w\n%s", of, err, out)
	}
	return path, nil
}

// root is the project's folder, seen from this one.
const root = "../../.."

// start starts a cluster that lives as long as this process, or until stop.
func start(cluster string) (*session, error) {
	s := &session{cmd: exec.Command(cluster, "run")}
	s.cmd.Dir = root
	var faults strings.Builder
	s.cmd.Stderr = &faults
	var err error
	if s.input, err = s.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	s.lines = bufio.NewReader(out)
	late := time.AfterFunc(upWithin, func() { s.cmd.Process.Kill() })
	line, err := s.lines.ReadBytes('\n')
	if late.Stop(); err == nil {
		err = json.Unmarshal(line, s)
	}
	if err != nil {
		s.input.Close()
		return nil, errors.Join(fmt.Errorf("the cluster did not start: %w", err), s.cmd.Wait(), errors.New(faults.String()))
	}
	return s, nil
}

// stop ends the cluster and waits until everything of it is gone.
func (s *session) stop() error {
	s.input.Close()
	return s.cmd.Wait()
}

// tell sends a command to the processes inside and fails when its answer is not "ok".
func (s *session) tell(t *testing.T, command string) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	fmt.Fprintln(s.input, command)
	answer, err := s.lines.ReadString('\n')
	if err != nil || strings.TrimSpace(answer) != "ok" {
		t.Fatalf("%s: %q, %v", command, answer, err)
	}
}

// kubectl runs kubectl as the administrator, with input as its standard input. It also cleans up, when the test's context is over.
func (s *session) kubectl(t *testing.T, input string, args ...string) string {
	t.Helper()
	out, err := s.try(t, input, args...)
	if err != nil {
		t.Fatalf("kubectl %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

// try runs kubectl, which may say no.
func (s *session) try(t *testing.T, input string, args ...string) (string, error) {
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), shared.kubernetes, append([]string{"kubectl", "--kubeconfig", s.Kubeconfig}, args...)...)
	cmd.Stdin = strings.NewReader(input)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// until looks at something until it is so, and fails with what it saw last when it does not become so.
func until(t *testing.T, what string, look func() (seen string, so bool)) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(100 * time.Millisecond) {
		seen, so := look()
		if so {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("within %s it does not become so that %s: %s", patience, what, seen)
		}
	}
}

// shared is what the tests of the package use together.
var shared struct {
	folder     string // temporary
	cluster    string // the program that starts clusters
	kubernetes string // the binary of the components
	// wskScenario is the program that is tested. Its image is on every node.
	wskScenario string
	*session
}

func TestMain(m *testing.M) {
	code, err := all(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// all starts the shared cluster, runs the tests and stops it.
func all(m *testing.M) (code int, err error) {
	if shared.folder, err = os.MkdirTemp("", "cluster-checks-"); err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(shared.folder)) }()
	if shared.cluster, err = program(shared.folder, "cluster", "go", "build", "-buildvcs=false", "-o", "PATH", "./.ci/cluster"); err != nil {
		return 1, err
	}
	if shared.session, err = start(shared.cluster); err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, shared.stop()) }()
	build := exec.Command(shared.cluster, "build")
	build.Dir = root
	path, err := build.Output()
	if err != nil {
		return 1, fmt.Errorf("find the binary of the components: %w", err)
	}
	shared.kubernetes = strings.TrimSpace(string(path))
	if shared.wskScenario, err = program(shared.folder, "wsk-scenario", "make", "build", "PROGRAM=PATH", "VERSION=dev"); err != nil {
		return 1, err
	}
	if err := loadImage(); err != nil {
		return 1, err
	}
	return m.Run(), nil
}

// loadImage puts the image of the program on every node.
func loadImage() error {
	archive := filepath.Join(shared.folder, "image.tar")
	image := exec.Command("go", "run", "./.ci/image", "-arch", runtime.GOARCH, "-program", shared.wskScenario, "-o", archive)
	image.Dir = root
	if out, err := image.CombinedOutput(); err != nil {
		return fmt.Errorf("make the image: %w\n%s", err, out)
	}
	for _, n := range shared.Nodes {
		out, err := exec.Command("ctr", "-a", n.Socket, "-n", "k8s.io", "images", "import", archive).CombinedOutput()
		if err != nil {
			return fmt.Errorf("load the image into %s: %w\n%s", n.Name, err, out)
		}
	}
	return nil
}
