package runtime

import (
	"context"
	"errors"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

func startNative(t *testing.T, script string) *Process {
	t.Helper()
	set, err := New(Config{CacheDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(set.Close)
	kind, err := Find(set.Kinds(), "native")
	if err != nil {
		t.Fatal(err)
	}
	p, err := set.Start(t.Context(), Place{Folder: t.TempDir()}, Code{Kind: kind, Data: []byte("#!/bin/sh\n" + script)}, 1000)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Kill)
	return p
}

const echo = "while read -r l; do printf '%s\\n' \"$l\" >&3; done"

func TestRequestIsOneLineWithAllThatAnActionIsTold(t *testing.T) {
	p := startNative(t, echo)
	a := Activation{ID: "1", Namespace: "guest", ActionName: "/guest/a", Version: "0.0.1", Transaction: "t", APIKey: "u:k",
		Deadline: time.UnixMilli(1234)}
	got, err := p.Run(t.Context(), a, []byte("{\n \"a\": \"b\\nc\"\n}"))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"value":{  "a": "b\nc" },"namespace":"guest","action_name":"/guest/a","action_version":"0.0.1",` +
		`"activation_id":"1","transaction_id":"t","deadline":"1234","api_key":"u:k"}`
	if string(got.Line) != want || got.Size != len(want) {
		t.Errorf("got  %s\nwant %s", got.Line, want)
	}
}

// What a program says before it is asked is awaited here, and not for the moment that ready gives it: on a busy machine it
// may come later.
func TestProgramThatNeedNotSayThatItIsReadyMaySaySo(t *testing.T) {
	for said, want := range map[string]string{
		`{"ok":true}`:   "",
		`{"ok": true}`:  "",
		`{"ok":"true"}`: "The action failed during initialization: it wrote on file descriptor 3 before it was asked",
	} {
		// It says so when it is told to by a first line, of which nobody waits for the answer.
		p := startNative(t, "read -r l; echo '"+said+"' >&3; "+echo)
		if _, err := p.in.WriteString("\n"); err != nil {
			t.Fatal(err)
		}
		waitFor(t, p.answers.pending)
		err := p.readyUnasked()
		if (err == nil) != (want == "") || err != nil && err.Error() != want {
			t.Errorf("%s: got %v, want %q", said, err, want)
		}
		if err != nil {
			continue
		}
		if got, err := p.Run(t.Context(), Activation{ID: "1"}, nil); err != nil || !strings.Contains(string(got.Line), `"activation_id":"1"`) {
			t.Errorf("%s: then got %s, %v; want the answer to the request", said, got.Line, err)
		}
	}
}

func TestEmptyParametersAreAnEmptyObject(t *testing.T) {
	p := startNative(t, echo)
	got, err := p.Run(t.Context(), Activation{}, nil)
	if err != nil || !strings.HasPrefix(string(got.Line), `{"value":{},`) {
		t.Errorf("got %s, %v", got.Line, err)
	}
}

func TestProcessKilledBeforeItReadTheRequestIsGone(t *testing.T) {
	p := startNative(t, echo)
	if err := syscall.Kill(p.PID(), syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	waitFor(t, func() bool { return state(p.PID()) == "T" })
	result := make(chan error, 1)
	go func() {
		_, err := p.Run(context.WithoutCancel(t.Context()), Activation{}, nil)
		result <- err
	}()
	waitFor(t, func() bool { return p.unread() > 0 })
	if err := syscall.Kill(p.PID(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if err := <-result; !errors.Is(err, ErrGone) {
		t.Errorf("got %v, want ErrGone: nobody has read the request", err)
	}
}

func TestProcessThatReadTheRequestIsNotGone(t *testing.T) {
	p := startNative(t, "read -r l")
	if _, err := p.Run(t.Context(), Activation{}, nil); errors.Is(err, ErrGone) || !errors.Is(err, errCommandExited) {
		t.Errorf("got %v, want a failure that must not be repeated", err)
	}
}

func TestGrandchildOutsideOfTheGroupDoesNotHoldTheAnswer(t *testing.T) {
	p := startNative(t, "setsid sleep 1 & read -r l") // it inherits descriptor 3 and all other pipes
	begin := time.Now()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if _, err := p.Run(ctx, Activation{}, nil); !errors.Is(err, errCommandExited) {
		t.Errorf("got %v after %v, want the end of the process", err, time.Since(begin))
	}
}

func TestKillMayComeTwiceAndAtAnyTime(t *testing.T) {
	p := startNative(t, echo)
	done := make(chan struct{})
	go func() {
		defer close(done)
		p.Kill()
	}()
	p.Kill()
	<-done
	if p.Alive() {
		t.Error("it is alive after Kill")
	}
	if _, err := p.Run(t.Context(), Activation{}, nil); err == nil {
		t.Error("it answered after Kill")
	}
}

func state(pid int) string {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return ""
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	return rest[:1]
}

func waitFor(t *testing.T, what func() bool) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); !what(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it did not happen")
		}
	}
}
