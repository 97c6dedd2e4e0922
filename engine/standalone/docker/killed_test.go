package docker_test

import (
	"bufio"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/moby/moby/client"

	"wsk-scenario/engine/standalone/pool"
)

func killedAreReplaced(t *testing.T) {
	p, done := newPool(t, pool.Config{})
	defer done()
	out, first := succeed(t, p, action("x"), `{}`)
	if _, err := engineOfTests.Client.ContainerKill(t.Context(), "wsk-"+out.Container, client.ContainerKillOptions{Signal: "KILL"}); err != nil {
		t.Fatal(err)
	}
	next, again := succeed(t, p, action("x"), `{}`)
	if next.Start != pool.Cold || again.Began == first.Began || next.Container == out.Container {
		t.Errorf("start %s in container %s", next.Start, next.Container)
	}
}

func killedServersAreSwept(t *testing.T) {
	server := exec.Command(os.Args[0])
	server.Env = append(os.Environ(), "DOCKER_POOL_OF_A_SERVER="+engineOfTests.Host, "TMPDIR="+t.TempDir())
	in, err := server.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || !strings.Contains(line, `"runs":1`) {
		t.Fatalf("the server said %q: %v", line, err)
	}
	living, done := newPool(t, pool.Config{})
	defer done()
	_, before := succeed(t, living, action("x"), `{}`)
	if n := len(left(t)); n != 4 {
		t.Errorf("two servers have %d containers and networks; the living one was swept, or sweeps", n)
	}
	if err := server.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = server.Wait() // it was killed: the error says so
	if n := len(left(t)); n != 4 {
		t.Fatalf("%d containers and networks are left to clean up", n)
	}
	_, doneNext := newPool(t, pool.Config{})
	defer doneNext()
	if n := len(left(t)); n != 3 {
		t.Errorf("%d containers and networks are left, not those of the living one and the network of the next", n)
	}
	if _, after := succeed(t, living, action("x"), `{}`); after.Began != before.Began {
		t.Error("a living server lost its container")
	}
}
