package runtime

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

//go:embed launcher/launcher.php
var phpLauncher []byte

// php runs a single file of PHP, or a zip with an index.php and, when it needs any, the libraries that Composer put into
// vendor.
type php struct {
	host        *host
	interpreter string
}

func (l *php) detect(stop <-chan struct{}) (string, error) {
	const missing = "install PHP (Debian package php-cli)"
	tool, err := l.host.find("php")
	if err != nil {
		return "", fmt.Errorf("%s: %w", missing, err)
	}
	const ask = "echo PHP_MAJOR_VERSION, '.', PHP_MINOR_VERSION, ' ', PHP_BINARY;"
	out, err := l.host.run(stop, job{args: []string{tool, "-n", "-r", ask}})
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

func (l *php) prepare(context.Context) error {
	_, err := l.host.keep("launcher.php", phpLauncher)
	return err
}

func (l *php) program(ctx context.Context, folder string, code Code) (program, error) {
	launcher, err := l.host.keep("launcher.php", phpLauncher)
	if err != nil {
		return program{}, err
	}
	// Errors go to the log as text: the machine's own settings, made for a web server, may say something else.
	args := []string{l.interpreter, "-d", "display_errors=stderr", "-d", "html_errors=0", "-d", "log_errors=0", launcher}
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
	return prog, os.WriteFile(filepath.Join(folder, "index.php"), data, 0o644)
}
