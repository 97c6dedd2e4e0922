package runtime

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// host is what the languages share: the cache folder, the tools of the machine and the one thread that starts processes.
type host struct {
	cache      string
	searchPath string
	starter    *starter
	result     int // bytes of the longest result
}

// What can be wrong with a tool.
var (
	errNotInstalled = errors.New("not installed")
	errNoVersion    = errors.New("it names no version")
)

// find returns the path of a tool.
func (h *host) find(tool string) (string, error) {
	for _, dir := range filepath.SplitList(h.searchPath) {
		path := filepath.Join(dir, tool)
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0 {
			return filepath.Abs(path)
		}
	}
	return "", fmt.Errorf("%s is %w", tool, errNotInstalled)
}

// job is one run of a tool, such as a compiler.
type job struct {
	dir  string
	env  []string // nil: our own, which tools that are wrappers need
	args []string
}

// run runs a tool to its end or until stop is closed, and returns what it printed. The error holds the output, too.
func (h *host) run(stop <-chan struct{}, j job) (string, error) {
	var out bytes.Buffer
	cmd := exec.Command(j.args[0], j.args[1:]...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = j.dir, j.env, &out, &out
	cmd.SysProcAttr = processAttributes()
	cmd.WaitDelay = time.Second // a grandchild that keeps our pipe open must not hold us
	if err := h.starter.start(cmd, nil); err != nil {
		return "", fmt.Errorf("start %s: %w", filepath.Base(j.args[0]), err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err := <-ended:
		return out.String(), toolError(j.args[0], out.String(), err)
	case <-stop:
		// The tool and its children; at worst they ended just now and there is no such group any more.
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		<-ended
		return "", fmt.Errorf("%s was stopped", filepath.Base(j.args[0]))
	}
}

// outputKept bounds how much of a compiler's complaint goes into a message.
const outputKept = 4096

func toolError(tool, output string, err error) error {
	if err == nil {
		return nil
	}
	output = strings.TrimSpace(output)
	if len(output) > outputKept {
		output = output[:outputKept] + " …"
	}
	return fmt.Errorf("%s: %w: %s", filepath.Base(tool), err, output)
}

// keep writes content into the cache under a name made of its hash, unless it is there, and returns the path.
func (h *host) keep(name string, content []byte) (string, error) {
	dir := filepath.Join(h.cache, hash(content))
	return dir + "/" + name, h.once(dir, func(tmp string) error {
		return os.WriteFile(filepath.Join(tmp, name), content, 0o644)
	})
}

// once makes the folder dir with what fill puts into it, unless dir exists. Two servers may do so at the same time: each
// fills a folder of its own and the first to rename wins, so dir is never seen half filled.
func (h *host) once(dir string, fill func(tmp string) error) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	tmp, err := os.MkdirTemp(h.cache, "new-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	if err := fill(tmp); err != nil {
		return err
	}
	err = os.Rename(tmp, dir)
	if errors.Is(err, fs.ErrExist) || errors.Is(err, syscall.ENOTEMPTY) {
		return nil
	}
	return err
}

// hash names content in the cache.
func hash(parts ...[]byte) string {
	sum := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(sum, "%d:", len(p))
		sum.Write(p)
	}
	return fmt.Sprintf("%x", sum.Sum(nil)[:10])
}
