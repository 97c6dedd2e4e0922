package command

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestMain lets the test binary be a process that starts a program beside itself and is then killed.
func TestMain(m *testing.M) {
	if file := os.Getenv("WSK_TEST_STARTS"); file != "" {
		if _, err := leaving(file).Start(context.Background(), nil); err != nil {
			os.Exit(1)
		}
		select {}
	}
	os.Exit(m.Run())
}

// leaving is a program that has a child and writes its number into a file.
func leaving(file string) Command {
	return Command{Args: []string{"sleep 600 & echo $! > " + file + ".new; mv " + file + ".new " + file + "; wait"}}
}

func TestAProgramBesideIsStoppedWithItsChildren(t *testing.T) {
	file := filepath.Join(t.TempDir(), "pid")
	running, err := leaving(file).Start(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	child := pidIn(t, file)
	if err := running.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	gone(t, child)
}

func TestAProgramThatEndsByItselfIsSeen(t *testing.T) {
	var out Output
	running, err := Command{Args: []string{"echo no; exit 4"}}.Start(t.Context(), &out)
	if err != nil {
		t.Fatal(err)
	}
	<-running.Ended()
	if running.Status() == nil || out.String() != "no" {
		t.Errorf("got %v and %q", running.Status(), out.String())
	}
	if err := running.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestAProgramBesideEndsWhenItsStarterIsKilled(t *testing.T) {
	file := filepath.Join(t.TempDir(), "pid")
	starter := exec.Command(os.Args[0])
	starter.Env = append(os.Environ(), "WSK_TEST_STARTS="+file)
	if err := starter.Start(); err != nil {
		t.Fatal(err)
	}
	child := pidIn(t, file)
	if err := starter.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = starter.Wait()
	gone(t, child)
}
