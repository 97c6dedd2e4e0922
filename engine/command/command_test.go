package command

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestACommandRunsToItsEnd(t *testing.T) {
	for _, row := range []struct {
		name string
		c    Command
		code int
		out  string
	}{
		{"one text is given to the shell", Command{Args: []string{"echo a b; exit 3"}}, 3, "a b"},
		{"several are the program and its arguments", Command{Args: []string{"echo", "a  b"}}, 0, "a  b"},
		{"its environment has what was added", Command{Args: []string{"echo $MODE"}, Env: []string{"MODE=bench"}}, 0, "bench"},
		{"what it left behind does not hold it", Command{Args: []string{"sleep 600 & echo done"}}, 0, "done"},
	} {
		t.Run(row.name, func(t *testing.T) {
			var out Output
			code, err := row.c.Run(t.Context(), &out, &out)
			if err != nil || code != row.code || out.String() != row.out {
				t.Errorf("got %d, %v and %q, want %d and %q", code, err, out.String(), row.code, row.out)
			}
		})
	}
}

func TestWhatCannotBeStartedIsSaid(t *testing.T) {
	_, err := Command{Args: []string{"no-such-program", "x"}}.Run(t.Context(), nil, nil)
	if err == nil || !strings.Contains(err.Error(), "no-such-program") {
		t.Errorf("got %v", err)
	}
}

func TestACommandIsStoppedWithItsChildren(t *testing.T) {
	file := filepath.Join(t.TempDir(), "pid")
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() {
		_, err := Command{Args: []string{"sleep 600 & echo $! > " + file + ".new; mv " + file + ".new " + file + "; wait"}}.Run(ctx, nil, nil)
		ended <- err
	}()
	child := pidIn(t, file)
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	gone(t, child)
}

// pidIn waits until a file holds the number of a process.
func pidIn(t *testing.T, file string) int {
	t.Helper()
	for {
		if text, err := os.ReadFile(file); err == nil && len(text) > 0 { // there is a moment before it is written
			pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
			if err != nil {
				t.Fatal(err)
			}
			return pid
		}
		select {
		case <-t.Context().Done():
			t.Fatal("the file was not written")
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// gone waits until a process is no more, or a zombie that nobody has reaped.
func gone(t *testing.T, pid int) {
	t.Helper()
	for {
		stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
		if err != nil && syscall.Kill(pid, 0) != nil || strings.Contains(string(stat), ") Z ") {
			return
		}
		select {
		case <-t.Context().Done():
			t.Fatalf("process %d still runs", pid)
		case <-time.After(5 * time.Millisecond):
		}
	}
}
