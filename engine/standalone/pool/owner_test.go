package pool

import (
	"bufio"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	goruntime "runtime"
	"syscall"
	"testing"
)

// strayScript starts a process that leaves the group and the session of its container, and answers with its number.
const strayScript = `#!/bin/sh
setsid sleep 1000 >/dev/null 2>&1 3>&- </dev/null &
stray=$!
while read -r line; do echo "{\"pid\":$stray}" >&3; done
`

func TestWhatOutlivesItsContainerIsEnded(t *testing.T) {
	if goruntime.GOOS != "linux" {
		return // only Linux tells what environment a process has
	}
	for _, row := range []struct {
		name string
		end  func(p *Pool)
	}{
		{"when the container is removed", func(p *Pool) { p.remove(0) }},
		{"when the pool is closed", func(p *Pool) {
			if err := p.Close(t.Context()); err != nil {
				t.Error(err)
			}
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			p := newPool(t, Config{WorkDir: t.TempDir()})
			stray := pidOf(t, p.Invoke(t.Context(), Request{Action: sized("a", strayScript, 128)}))
			if !running(stray) {
				t.Fatalf("there is no process %d", stray)
			}
			p.endStrays()
			if !running(stray) {
				t.Error("a process of a living container was killed")
			}
			row.end(p)
			eventually(t, "the stray is gone", func() bool { return !running(stray) })
		})
	}
}

func TestTheNextServerCleansUpAfterOneThatWasKilled(t *testing.T) {
	if goruntime.GOOS != "linux" {
		return // only Linux tells which process a folder belongs to
	}
	dir := t.TempDir()
	living := newPool(t, Config{WorkDir: dir})
	other := pidOf(t, living.Invoke(t.Context(), Request{Action: sized("a", strayScript, 128)}))
	foreign := filepath.Join(dir, poolPrefix+"foreign")
	unknown := filepath.Join(dir, poolPrefix+"unknown")
	for folder, text := range map[string]string{foreign: "", unknown: `{"pid":1,"began":"1","boot":"","space":""}`} {
		if err := os.Mkdir(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		if text == "" {
			continue
		}
		if err := os.WriteFile(filepath.Join(folder, ownerFile), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}

	server := exec.Command(os.Args[0])
	server.Env = append(os.Environ(), "POOL_OF_A_SERVER="+dir, "POOL_WITH_STRAY=1")
	out, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	stray := pidOf(t, Outcome{Result: json.RawMessage(line)})
	if err := server.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	// Nobody asks for the dead server, as in a container whose first process is no init.
	t.Cleanup(func() { _ = server.Wait() }) // it was killed: the error says so
	eventually(t, "the server is dead", func() bool { return !running(server.Process.Pid) })
	groups := groupsIn(t, dir, living)
	if held := len(living.Limits().Held) > 0; held != (len(groups) > 0) {
		t.Errorf("control groups are used: %t, and %v are left", held, groups)
	}
	if left := folders(t, dir); left != 4 || !running(stray) {
		t.Fatalf("%d folders and the stray's life %t are left to clean up", left, running(stray))
	}

	next := newPool(t, Config{WorkDir: dir})
	if running(stray) {
		t.Error("a process of the killed server runs")
	}
	for _, g := range groups {
		if _, err := os.Stat(g); err == nil {
			t.Errorf("the control group %s of the killed server is left", g)
		}
	}
	if left := folders(t, dir); left != 4 { // the living one, the two that nobody may touch, and the next
		t.Errorf("%d folders are left", left)
	}
	if !running(other) || living.Invoke(t.Context(), Request{Action: sized("a", strayScript, 128)}).Status != Success {
		t.Error("a living server lost its containers")
	}
	if out := next.Invoke(t.Context(), Request{Action: sized("a", pidScript, 128)}); out.Status != Success {
		t.Errorf("the next server: %s", out.Result)
	}
}

// groupsIn are the control groups there are of the pools in dir, but for those of one pool.
func groupsIn(t *testing.T, dir string, but *Pool) (list []string) {
	t.Helper()
	named, err := filepath.Glob(filepath.Join(dir, poolPrefix+"*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range named {
		o, is := ownerOf(folder)
		if !is || folder == but.folder {
			continue
		}
		for _, g := range o.Groups {
			if _, err := os.Stat(g); err == nil {
				list = append(list, g)
			}
		}
	}
	return list
}

// folders counts those of pools in dir.
func folders(t *testing.T, dir string) int {
	t.Helper()
	named, err := filepath.Glob(filepath.Join(dir, poolPrefix+"*"))
	if err != nil {
		t.Fatal(err)
	}
	return len(named)
}

func TestAnOwnerIsGoneOnlyWhenThatIsCertain(t *testing.T) {
	if goruntime.GOOS != "linux" {
		return // only Linux tells which process a folder belongs to
	}
	me, err := self()
	if err != nil {
		t.Fatal(err)
	}
	boot, space, err := here()
	if err != nil {
		t.Fatal(err)
	}
	changed := func(change func(*owner)) owner {
		o := me
		change(&o)
		return o
	}
	for _, row := range []struct {
		name string
		owner
		gone bool
	}{
		{"this process", me, false},
		{"another process that has the number now", changed(func(o *owner) { o.Began = "1" }), true},
		{"a number that nobody has", changed(func(o *owner) { o.PID = 1 << 30 }), true},
		{"before the machine was started anew", changed(func(o *owner) { o.Boot = "other" }), true},
		{"a process of another namespace", changed(func(o *owner) { o.Space = "pid:[1]"; o.PID = 1 << 30 }), false},
		{"nothing that names a process", owner{}, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := row.owner.gone(boot, space); got != row.gone {
				t.Errorf("gone: %t", got)
			}
		})
	}
}

func BenchmarkEndStrays(b *testing.B) {
	p := newPool(b, Config{WorkDir: b.TempDir()})
	for b.Loop() {
		p.endStrays()
	}
}
