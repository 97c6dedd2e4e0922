package main

import (
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"
)

// pseudoTerminal returns the two ends of a terminal: what a program writes to the second is read from the first.
func pseudoTerminal(t *testing.T, columns uint16) (reader, terminal *os.File) {
	t.Helper()
	reader, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { reader.Close() })
	fd := int(reader.Fd())
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 40, Col: columns}); err != nil {
		t.Fatal(err)
	}
	terminal, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	return reader, terminal
}

// onTerminal returns everything that show writes to a terminal.
func onTerminal(t *testing.T, columns uint16, show func(*os.File)) string {
	t.Helper()
	reader, terminal := pseudoTerminal(t, columns)
	var text strings.Builder
	var reading sync.WaitGroup
	reading.Go(func() { io.Copy(&text, reader) }) // ends with an error when the other end is closed
	show(terminal)
	terminal.Close()
	reading.Wait()
	return text.String()
}

var escapes = regexp.MustCompile(`\x1b\[[0-9;]*[A-Za-z]`)

func TestBarsLeaveALineForEachPhaseThatIsDone(t *testing.T) {
	text := onTerminal(t, 100, func(terminal *os.File) {
		s := Machine{Env: func(string) string { return "" }}.screen(terminal, false)
		if !s.terminal || !s.color || s.width != 100 {
			t.Errorf("the screen is %+v, want a terminal of 100 columns in colour", s)
		}
		p := newProgress(s, false)
		for _, e := range twoPhases() {
			p.event(e)
		}
		p.close()
	})
	text = strings.ReplaceAll(escapes.ReplaceAllString(text, ""), "\r", "")
	for _, line := range []string{
		"target: a server",
		"[1/2] lang=java cold: 10 of 10 calls, 1 error, 40s",
		"[2/2] lang=nodejs warm: 1234 calls, 0 errors, 20s",
		"note: nobody can prove the node",
	} {
		if strings.Count(text, line+"\n") != 1 {
			t.Errorf("the line %q is not on the terminal once:\n%s", line, text)
		}
	}
}

func TestEveryWriteOfABarBeginsAtTheMargin(t *testing.T) {
	var text strings.Builder
	n, err := fmt.Fprint(fromMargin{&text}, "bar")
	if got := text.String(); n != 3 || err != nil || got != "\rbar" {
		t.Errorf("wrote %q, reported %d bytes and %v; want \"\\rbar\", 3 and no error", got, n, err)
	}
}

func TestColourIsForTerminalsOfThoseWhoWantIt(t *testing.T) {
	onTerminal(t, 80, func(terminal *os.File) {
		for _, c := range []struct {
			says    string
			env     map[string]string
			noColor bool
			want    bool
		}{
			{"a terminal", nil, false, true},
			{"--no-color", nil, true, false},
			{"NO_COLOR", map[string]string{"NO_COLOR": "1"}, false, false},
			{"a terminal that can nothing", map[string]string{"TERM": "dumb"}, false, false},
		} {
			m := Machine{Env: func(name string) string { return c.env[name] }}
			if got := m.screen(terminal, c.noColor).color; got != c.want {
				t.Errorf("%s: colour is %t, want %t", c.says, got, c.want)
			}
		}
	})
	if s := (Machine{Env: os.Getenv}).screen(io.Discard, false); s.color || s.terminal || s.width != 0 {
		t.Errorf("what is no terminal is taken for one: %+v", s)
	}
}
