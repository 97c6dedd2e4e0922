package runtime

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

//go:embed launcher/launcher.js
var nodejsLauncher []byte

// nodejs runs a single file of JavaScript, or a zip with an index.js or a package.json.
type nodejs struct {
	host *host
	node string // path of the interpreter
}

func (l *nodejs) detect(stop <-chan struct{}) (string, error) {
	const missing = "install Node.js (Debian package nodejs)"
	tool, err := l.host.find("node")
	if err != nil {
		return "", fmt.Errorf("%s: %w", missing, err)
	}
	// What is found may be a wrapper that chooses among versions; it would cost time at every start.
	out, err := l.host.run(stop, job{args: []string{tool, "-p", "process.versions.node+' '+process.execPath"}})
	if err != nil {
		return "", fmt.Errorf("%s: %w", missing, err)
	}
	version, path, found := strings.Cut(strings.TrimSpace(out), " ")
	major, _, dotted := strings.Cut(version, ".")
	if !found || !dotted {
		return "", fmt.Errorf("%s: %s: %w", missing, tool, errNoVersion)
	}
	l.node = path
	return major, nil
}

func (l *nodejs) prepare(context.Context) error {
	_, err := l.host.keep("launcher.js", nodejsLauncher)
	return err
}

func (l *nodejs) launcher() ([]string, error) {
	file, err := l.host.keep("launcher.js", nodejsLauncher)
	return []string{l.node, file}, err
}

func (l *nodejs) program(ctx context.Context, folder string, code Code) (program, error) {
	args, err := l.launcher()
	if err != nil {
		return program{}, err
	}
	args = append(args, folder, orDefault(code.Main, "main"))
	data, err := code.bytesOf()
	switch {
	case err != nil:
		return program{}, err
	case isZip(data):
		return program{args: args, ack: true}, unpack(ctx, data, folder)
	case code.Binary:
		return program{}, initFailure("the code is binary, but no zip")
	}
	// Not index.js: the launcher tells a single file, which is evaluated, from a package by this name.
	file := filepath.Join(folder, "action.js")
	return program{args: append(args, file), ack: true}, os.WriteFile(file, data, 0o644)
}

func orDefault(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
