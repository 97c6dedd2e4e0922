package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// children are the processes that one process has started and answers for. Each writes a log of its own.
type children struct {
	logs   string // folder
	failed chan error
	list   []*child
}

type child struct {
	name    string
	cmd     *exec.Cmd
	ended   chan struct{}
	stopped chan struct{} // closed before we end it ourselves
	mayEnd  bool          // its end is nobody's failure
}

// proxy is how the names of kube-proxies end. One ends by itself when its node is deleted.
const proxy = "-proxy"

func newChildren(logs string) *children { return &children{logs: logs, failed: make(chan error, 16)} }

// start starts a process; when it ends by itself, whatever is waited for then fails with its last words.
func (c *children) start(name string, cmd *exec.Cmd) (*child, error) {
	log, err := os.OpenFile(c.log(name), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	if cmd.Stdout == nil {
		cmd.Stdout = log
	}
	cmd.Stderr = log
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	p := &child{name: name, cmd: cmd, ended: make(chan struct{}), stopped: make(chan struct{}), mayEnd: strings.HasSuffix(name, proxy)}
	c.list = append(c.list, p)
	go func() {
		err := cmd.Wait()
		close(p.ended)
		select {
		case <-p.stopped:
		default:
			if p.mayEnd {
				return
			}
			c.failed <- fmt.Errorf("%s ended (%v):\n%s", name, err, c.tail(name))
		}
	}()
	return p, nil
}

// kill ends a child at once, and waits for its end.
func (c *children) kill(p *child) {
	close(p.stopped)
	p.cmd.Process.Kill()
	<-p.ended
	c.list = slices.DeleteFunc(c.list, func(other *child) bool { return other == p })
}

// restart kills a child and starts it again as it was.
func (c *children) restart(name string) error {
	for _, p := range c.list {
		if p.name == name {
			c.kill(p)
			again := exec.Command(p.cmd.Path, p.cmd.Args[1:]...)
			again.Dir = p.cmd.Dir
			_, err := c.start(name, again)
			return err
		}
	}
	return fmt.Errorf("there is no component %s", name)
}

// signal sends a signal to a child.
func (c *children) signal(name string, s os.Signal) error {
	for _, p := range c.list {
		if p.name == name {
			return p.cmd.Process.Signal(s)
		}
	}
	return fmt.Errorf("there is no component %s", name)
}

func (c *children) log(name string) string { return filepath.Join(c.logs, name+".log") }

// tail is the end of a log, for people.
func (c *children) tail(name string) string {
	f, err := os.Open(c.log(name))
	if err != nil {
		return err.Error()
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.Size() > 32<<10 {
		f.Seek(-32<<10, io.SeekEnd)
	}
	text, _ := io.ReadAll(f)
	return lastLines(string(text), 15)
}

func lastLines(text string, n int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}

// until waits for a condition to hold, at most for as long as is given, while no child ends. The error says what was waited
// for, what was wrong last, and how the logs of the named children end.
func (c *children) until(ctx context.Context, what string, atMost time.Duration, logs []string, holds func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, atMost)
	defer cancel()
	for {
		err := holds(ctx)
		if err == nil {
			return nil
		}
		select {
		case dead := <-c.failed:
			return fmt.Errorf("waiting for %s: %w", what, dead)
		case <-time.After(30 * time.Millisecond):
			continue
		case <-ctx.Done():
		}
		texts := []error{fmt.Errorf("%s did not come within %s: %w", what, atMost, err)}
		for _, name := range logs {
			texts = append(texts, fmt.Errorf("the log of %s ends with\n%s", name, c.tail(name)))
		}
		return errors.Join(texts...)
	}
}
