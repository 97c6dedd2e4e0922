package code

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"wsk-scenario/engine/command"
)

// Build is how code is made before it is packed.
type Build struct {
	Run    string        // a command of the shell
	Output string        // what it makes, relative to the folder
	Inputs []string      // what it reads, relative to the folder; all of it when there are none
	Within time.Duration // how long it may take
}

// FolderOf is the folder of code: a folder itself, or the one in which a file stands.
func FolderOf(path string) string {
	if info, err := os.Stat(path); err == nil && !info.IsDir() {
		return filepath.Dir(path)
	}
	return path
}

// Make runs the build in folder, unless what it made last is there and nothing of its inputs has changed since, and returns
// the path of the output. cache is where it is noted what was made of what.
func Make(ctx context.Context, folder string, b Build, cache string) (output string, err error) {
	output = filepath.Join(folder, b.Output)
	note, err := noteOf(folder, b, cache)
	if err != nil {
		return "", err
	}
	before, err := b.inputs(folder)
	if err != nil {
		return "", err
	}
	if known, err := os.ReadFile(note); err == nil && string(known) == before+digest(output) {
		return output, nil
	}
	if err := b.run(ctx, folder); err != nil {
		return "", err
	}
	if _, err := os.Stat(output); err != nil {
		return "", fmt.Errorf("the build %q did not make %s", b.Run, output)
	}
	if len(b.Inputs) == 0 { // the whole folder, with what the build left there
		if before, err = b.inputs(folder); err != nil {
			return "", err
		}
	}
	if err := os.MkdirAll(filepath.Dir(note), 0o755); err != nil {
		return "", fmt.Errorf("make cache: %w", err)
	}
	return output, os.WriteFile(note, []byte(before+digest(output)), 0o644)
}

// noteOf is the file that says what was made of what, by folder and command.
func noteOf(folder string, b Build, cache string) (string, error) {
	whole, err := filepath.Abs(folder)
	if err != nil {
		return "", err
	}
	name := sha256.Sum256([]byte(whole + "\x00" + b.Run + "\x00" + b.Output))
	return filepath.Join(cache, "build", hex.EncodeToString(name[:12])), nil
}

// inputs is a hash of what the build reads.
func (b Build) inputs(folder string) (string, error) {
	hash := sha256.New()
	for _, input := range b.reads() {
		root, files, err := Files(filepath.Join(folder, input))
		if err != nil {
			return "", fmt.Errorf("read what is built: %w", err)
		}
		for _, file := range files {
			path := filepath.Join(root, file)
			if b.makes(folder, path) {
				continue
			}
			fmt.Fprintf(hash, "%s\x00%s\x00", filepath.ToSlash(filepath.Join(input, file)), digest(path))
		}
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// reads are the inputs: all of the folder when none is named.
func (b Build) reads() []string {
	if len(b.Inputs) == 0 {
		return []string{"."}
	}
	return b.Inputs
}

// makes reports whether a file is part of the output.
func (b Build) makes(folder, path string) bool {
	output := filepath.Join(folder, b.Output)
	if real, err := filepath.EvalSymlinks(output); err == nil {
		output = real
	}
	return path == output || strings.HasPrefix(path, output+string(filepath.Separator))
}

// digest is a hash of a file, or of all files of a folder; empty when it cannot be read.
func digest(path string) string {
	root, files, err := Files(path)
	if err != nil {
		return ""
	}
	slices.Sort(files)
	hash := sha256.New()
	for _, name := range files {
		file, err := os.Open(filepath.Join(root, name))
		if err != nil {
			return ""
		}
		_, err = io.Copy(hash, file)
		if errors.Join(err, file.Close()) != nil {
			return ""
		}
		fmt.Fprintf(hash, "\x00%s\x00", name)
	}
	return hex.EncodeToString(hash.Sum(nil))
}

// run runs the command. What it wrote is part of its error: nobody finds a fault of a build without it.
func (b Build) run(ctx context.Context, folder string) error {
	limited, cancel := context.WithTimeout(ctx, b.Within)
	defer cancel()
	var out command.Output
	exit, err := command.Command{Args: []string{b.Run}, Dir: folder}.Run(limited, &out, &out)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case limited.Err() != nil:
		return fmt.Errorf("the build %q was not over after %v:\n%s", b.Run, b.Within, &out)
	case err != nil:
		return fmt.Errorf("the build %q: %w", b.Run, err)
	case exit != 0:
		return fmt.Errorf("the build %q ended with exit code %d:\n%s", b.Run, exit, &out)
	}
	return nil
}
