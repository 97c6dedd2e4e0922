package runtime

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

//go:embed launcher/launcher.go.txt
var goLauncher []byte

// golang compiles Go source at init, as OpenWhisk's Go runtime does, or runs a program that was compiled before.
type golang struct {
	host *host
	tool string
	root string
	mu   sync.Mutex // guards the first compilation of the standard library
	warm bool
}

func (l *golang) detect(stop <-chan struct{}) (string, error) {
	const missing = "install Go (Debian package golang-go, or a toolchain from go.dev)"
	tool, err := l.host.find("go")
	if err != nil {
		return "", fmt.Errorf("%s: %w", missing, err)
	}
	out, err := l.host.run(stop, job{args: []string{tool, "env", "GOVERSION", "GOROOT"}})
	if err != nil {
		return "", fmt.Errorf("%s: %w", missing, err)
	}
	version, root, found := strings.Cut(strings.TrimSpace(out), "\n")
	parts := strings.Split(strings.TrimPrefix(version, "go"), ".")
	if !found || len(parts) < 2 {
		return "", fmt.Errorf("%s: %s: %w", missing, tool, errNoVersion)
	}
	l.root, l.tool = root, filepath.Join(root, "bin", "go")
	return parts[0] + "." + parts[1], nil
}

// prepare compiles an empty action once, and with it all of the standard library that the launcher needs: on a new cache
// that takes many seconds, which are not the action's.
func (l *golang) prepare(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.warm {
		return nil
	}
	dir, err := os.MkdirTemp(l.host.cache, "new-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	const empty = "package main\n\nfunc Main(m map[string]interface{}) map[string]interface{} { return m }\n"
	if err := os.WriteFile(filepath.Join(dir, "action.go"), []byte(empty), 0o644); err != nil {
		return err
	}
	if _, err := l.build(ctx, dir, "Main"); err != nil {
		return err
	}
	l.warm = true
	return nil
}

func (l *golang) program(ctx context.Context, folder string, code Code) (program, error) {
	data, err := code.bytesOf()
	if err != nil {
		return program{}, err
	}
	switch {
	case isZip(data):
		if err := unpack(ctx, data, folder); err != nil {
			return program{}, err
		}
		if _, err := os.Stat(filepath.Join(folder, "exec")); err == nil {
			return unpackedProgram(folder)
		}
	case isExecutable(data):
		return native{}.program(ctx, folder, code)
	case code.Binary:
		return program{}, initFailure("the code is neither a zip nor a program")
	default:
		if err := os.WriteFile(filepath.Join(folder, "action.go"), data, 0o644); err != nil {
			return program{}, err
		}
	}
	exec, err := l.build(ctx, folder, exported(orDefault(code.Main, "Main")))
	if err != nil {
		return program{}, initFailure(err.Error())
	}
	return program{args: []string{exec}, ack: true, actionLoop: true}, nil
}

// build compiles the package in dir together with the launcher, without the network, and returns the program.
func (l *golang) build(ctx context.Context, dir, main string) (string, error) {
	entry := fmt.Sprintf("package main\n\nvar entryOfAction = %s\n", main)
	files := map[string][]byte{"launcher_of_action.go": goLauncher, "entry_of_action.go": []byte(entry)}
	if _, err := os.Stat(filepath.Join(dir, "go.mod")); err != nil {
		files["go.mod"] = []byte("module action\n")
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
			return "", err
		}
	}
	exec := filepath.Join(dir, "exec")
	// Without symbols the linker is quicker; trimmed paths let builds in different folders share the cache.
	args := []string{l.tool, "build", "-trimpath", "-ldflags=-s -w", "-o", exec, "."}
	_, err := l.host.run(ctx.Done(), job{dir: dir, args: args, env: l.environment(dir)})
	return exec, err
}

func (l *golang) environment(dir string) []string {
	cache := filepath.Join(l.host.cache, "go")
	return []string{
		"GOCACHE=" + filepath.Join(cache, "build"), "GOPATH=" + filepath.Join(cache, "path"), "HOME=" + dir,
		"GOFLAGS=-mod=mod", "GOPROXY=off", "GOTOOLCHAIN=local", "GOTELEMETRY=off", "GOENV=off", "GOWORK=off", "CGO_ENABLED=0",
		"PATH=" + l.host.searchPath,
	}
}

// exported makes the first letter a capital, as OpenWhisk's Go runtime does with main.
func exported(name string) string {
	r, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(r)) + name[size:]
}
