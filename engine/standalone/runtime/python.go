package runtime

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

//go:embed launcher/launcher.py
var pythonLauncher []byte

// python runs a single file of Python, or a zip with a __main__.py.
type python struct {
	host        *host
	interpreter string
}

func (l *python) detect(stop <-chan struct{}) (string, error) {
	const missing = "install Python 3 (Debian package python3)"
	tool, err := l.host.find("python3")
	if err != nil {
		return "", fmt.Errorf("%s: %w", missing, err)
	}
	// What is found may be a wrapper that chooses among versions; it would cost time at every start.
	const ask = "import sys; print('%d.%d %s' % (*sys.version_info[:2], sys.executable))"
	out, err := l.host.run(stop, job{args: []string{tool, "-c", ask}})
	if err != nil {
		return "", fmt.Errorf("%s: %w", missing, err)
	}
	version, path, found := strings.Cut(strings.TrimSpace(out), " ")
	if !found || !filepath.IsAbs(path) {
		return "", fmt.Errorf("%s: %s: %w", missing, tool, errNoVersion)
	}
	l.interpreter = path
	return version, nil
}

func (l *python) prepare(context.Context) error {
	_, err := l.host.keep("launcher.py", pythonLauncher)
	return err
}

func (l *python) launcher() ([]string, error) {
	file, err := l.host.keep("launcher.py", pythonLauncher)
	return []string{l.interpreter, file}, err
}

func (l *python) program(ctx context.Context, folder string, code Code) (program, error) {
	args, err := l.launcher()
	if err != nil {
		return program{}, err
	}
	prog := program{args: append(args, folder, orDefault(code.Main, "main")), ack: true, actionLoop: true}
	data, err := code.bytesOf()
	switch {
	case err != nil:
		return program{}, err
	case isZip(data):
		return prog, unpack(ctx, data, folder)
	case code.Binary:
		return program{}, initFailure("the code is binary, but no zip")
	}
	return prog, os.WriteFile(filepath.Join(folder, "__main__.py"), data, 0o644)
}
