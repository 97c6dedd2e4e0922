package runtime

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

//go:embed launcher/launcher.rb
var rubyLauncher []byte

// ruby runs a single file of Ruby, or a zip with a main.rb.
type ruby struct {
	host        *host
	interpreter string
}

func (l *ruby) detect(stop <-chan struct{}) (string, error) {
	const missing = "install Ruby (Debian package ruby)"
	tool, err := l.host.find("ruby")
	if err != nil {
		return "", fmt.Errorf("%s: %w", missing, err)
	}
	// What is found may be a wrapper that chooses among versions; it would cost time at every start.
	const ask = "require 'rbconfig'; puts RUBY_VERSION + ' ' + RbConfig.ruby"
	out, err := l.host.run(stop, job{args: []string{tool, "--disable-gems", "-e", ask}})
	if err != nil {
		return "", fmt.Errorf("%s: %w", missing, err)
	}
	version, path, found := strings.Cut(strings.TrimSpace(out), " ")
	parts := strings.Split(version, ".")
	if !found || len(parts) < 2 || !filepath.IsAbs(path) {
		return "", fmt.Errorf("%s: %s: %w", missing, tool, errNoVersion)
	}
	l.interpreter = path
	return parts[0] + "." + parts[1], nil
}

func (l *ruby) prepare(context.Context) error {
	_, err := l.host.keep("launcher.rb", rubyLauncher)
	return err
}

func (l *ruby) program(ctx context.Context, folder string, code Code) (program, error) {
	launcher, err := l.host.keep("launcher.rb", rubyLauncher)
	if err != nil {
		return program{}, err
	}
	// The process has no locale, and Ruby would take all text for ASCII.
	args := []string{l.interpreter, "-E", "UTF-8", launcher, folder, orDefault(code.Main, "main")}
	prog := program{args: args, ack: true, actionLoop: true}
	data, err := code.bytesOf()
	switch {
	case err != nil:
		return program{}, err
	case isZip(data):
		return prog, unpack(ctx, data, folder)
	case code.Binary:
		return program{}, initFailure("the code is binary, but no zip")
	}
	return prog, os.WriteFile(filepath.Join(folder, "main.rb"), data, 0o644)
}
