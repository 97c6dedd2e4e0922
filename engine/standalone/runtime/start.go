package runtime

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"time"

	"wsk-scenario/engine/standalone/cgroup"
)

// Place is where a process lives.
type Place struct {
	Folder string
	Group  *cgroup.Group // holds it, and is removed by Kill; nil: nothing does
}

// Start puts the code into the folder, starts it and waits until it is ready or ctx ends. A *Failure is the action's fault.
// When there is an error and a process, the process has been killed and is returned for its log alone.
func (s *Set) Start(ctx context.Context, place Place, code Code, logLimit int64) (*Process, error) {
	if err := s.Prepare(ctx, code.Kind); err != nil {
		return nil, err
	}
	if err := checkVariables(code.Env); err != nil {
		return nil, err
	}
	prog, err := s.languages[code.Kind.Family].program(ctx, place.Folder, code)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, err
	}
	p, err := s.host.launch(prog, place, s.host.environment(code.Env, place.Folder), logLimit)
	if err != nil {
		return nil, err
	}
	if err := p.begin(ctx, code); err != nil {
		p.signal()
		<-p.exited
		return p, err
	}
	return p, nil
}

// checkVariables says which of an action's own variables no environment can hold.
func checkVariables(vars map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(vars)) {
		if name == "" || strings.ContainsAny(name, "=\x00") || strings.Contains(vars[name], "\x00") {
			return initFailure(fmt.Sprintf("the init parameter %q cannot be a variable: names have no = in them, "+
				"and neither names nor values have a NUL", name))
		}
	}
	return nil
}

// environment is what the action's process sees: where programs are, its own variables, and the mark by which what it
// leaves behind is found. The mark is nobody else's to set.
func (h *host) environment(vars map[string]string, folder string) []string {
	env := make([]string, 0, len(vars)+2)
	if _, own := vars["PATH"]; !own {
		env = append(env, "PATH="+h.searchPath)
	}
	for k, v := range vars {
		if k != folderMark {
			env = append(env, k+"="+v)
		}
	}
	return append(env, folderMark+"="+folder)
}

// fileMost is how long a file may be that a container writes, in bytes: one that writes forever must not fill the disk.
const fileMost = 1 << 30

// noLog is the limit of a log that is not opened yet.
const noLog = -1

// launch starts the program with its four pipes.
func (h *host) launch(prog program, place Place, env []string, logLimit int64) (*Process, error) {
	var pipes pipes
	defer pipes.closeTheirs()
	in, out, stderr, answer := pipes.toProcess(), pipes.fromProcess(), pipes.fromProcess(), pipes.fromProcess()
	if pipes.err != nil {
		pipes.closeOurs()
		return nil, fmt.Errorf("make the pipes of a container: %w", pipes.err)
	}
	p := &Process{launched: prog.ack, actionLoop: prog.actionLoop, group: place.Group, in: in, exited: make(chan struct{})}
	if err := p.attach(out, stderr, answer, h.result+numberMost+1); err != nil {
		pipes.closeOurs()
		return nil, err
	}
	p.cmd = exec.Command(prog.args[0], prog.args[1:]...)
	p.cmd.Dir, p.cmd.Env, p.cmd.SysProcAttr = place.Folder, env, processAttributes()
	p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = pipes.theirs[0], pipes.theirs[1], pipes.theirs[2]
	p.cmd.ExtraFiles = pipes.theirs[3:]
	if logLimit != noLog {
		p.journal.begin(logLimit)
	}
	if err := h.starter.start(p.cmd, place.Group); err != nil {
		pipes.closeOurs()
		return nil, startFailure(err)
	}
	bound(p.PID())
	p.watch()
	return p, nil
}

func (p *Process) attach(out, stderr, answer *os.File, kept int) (err error) {
	if p.streams[0], err = newStream("stdout", out, &p.journal); err != nil {
		return err
	}
	if p.streams[1], err = newStream("stderr", stderr, &p.journal); err != nil {
		return err
	}
	p.answers, err = newAnswers(answer, kept)
	return err
}

// lastWords is how long the answer pipe is read after the process has ended. It normally ends at once; a grandchild that
// left the process group may hold it open.
const lastWords = 100 * time.Millisecond

// watch starts the goroutines that live as long as the process. Kill waits for them.
func (p *Process) watch() {
	for _, s := range p.streams {
		p.work.Go(s.follow)
	}
	p.work.Go(func() {
		reap(p.cmd, func() {
			p.mu.Lock()
			defer p.mu.Unlock()
			_ = syscall.Kill(-p.PID(), syscall.SIGKILL) // children that it left behind
			p.reaped = true
			p.group.Signal()
		})
		_ = p.answers.file.SetReadDeadline(time.Now().Add(lastWords))
		close(p.exited)
	})
}

// startFailure tells whether a program that did not start is the action's fault: not a program, its interpreter missing, or
// more init parameters than the system takes.
func startFailure(err error) error {
	var reason syscall.Errno
	if errors.As(err, &reason) {
		switch reason {
		case syscall.ENOEXEC, syscall.EACCES, syscall.EPERM:
			return initFailure("cannot start the action: " + reason.Error())
		case syscall.ENOENT:
			return initFailure("cannot start the action: the interpreter or loader that it names is not there")
		case syscall.E2BIG:
			return initFailure("cannot start the action: its init parameters are larger than an environment may be, " +
				"which is 128 KiB for each and some 2 MiB in all")
		}
	}
	return fmt.Errorf("start a container: %w", err)
}

// pipes collects both ends of the pipes of one process. The first error stays.
type pipes struct {
	ours, theirs []*os.File
	err          error
}

func (p *pipes) toProcess() *os.File {
	r, w := p.open()
	return p.add(w, r)
}

func (p *pipes) fromProcess() *os.File {
	r, w := p.open()
	return p.add(r, w)
}

func (p *pipes) open() (r, w *os.File) {
	if p.err == nil {
		r, w, p.err = os.Pipe()
	}
	return r, w
}

func (p *pipes) add(ours, theirs *os.File) *os.File {
	if p.err == nil {
		p.ours, p.theirs = append(p.ours, ours), append(p.theirs, theirs)
	}
	return ours
}

func (p *pipes) closeOurs()   { closeAll(p.ours) }
func (p *pipes) closeTheirs() { closeAll(p.theirs) }

func closeAll(files []*os.File) {
	for _, f := range files {
		f.Close()
	}
}
