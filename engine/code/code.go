// Package code turns the source of an action, as it stands on disk, into what OpenWhisk stores: text, or an archive in
// base64. It knows the languages' customs and nothing of servers.
package code

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Package is an action's code as it is sent.
type Package struct {
	Code   string // source text, or base64 when Binary
	Binary bool
	Main   string // the entry point that the source shows; empty where the kind has a usual one
}

// MaxSize is OpenWhisk's limit for an action's code, before base64.
const MaxSize = 48 << 20

// sources are the endings of single-file sources by family. Java has none: it is compiled.
var sources = map[string][]string{"nodejs": {".js", ".mjs", ".cjs"}, "python": {".py"}, "go": {".go"}, "php": {".php"}, "ruby": {".rb"}}

// Pack reads the source at path for an action of kind, such as nodejs:default. A folder with one source file is that file; a
// folder with Java sources is compiled; any other folder is archived. cache is where compiled code is kept.
func Pack(ctx context.Context, path, kind, cache string) (Package, error) {
	family, _, _ := strings.Cut(kind, ":")
	info, err := os.Stat(path)
	if err != nil {
		return Package{}, readable(err)
	}
	if !info.IsDir() {
		return packFile(path, family)
	}
	files, err := list(path)
	if err != nil {
		return Package{}, err
	}
	if len(files) == 0 {
		return Package{}, fmt.Errorf("the folder %s is empty", path)
	}
	if family == "java" {
		return packJava(ctx, path, files, cache)
	}
	if one := only(files, sources[family]); one != "" {
		return packFile(filepath.Join(path, one), family)
	}
	return archive(path, files)
}

func packFile(path, family string) (Package, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return Package{}, readable(err)
	}
	if len(content) > MaxSize {
		return Package{}, fmt.Errorf("%s has %d bytes; OpenWhisk takes at most %d", path, len(content), MaxSize)
	}
	ext := filepath.Ext(path)
	switch {
	case ext == ".zip" || ext == ".jar":
		return binary(content), nil
	case slices.Contains(sources[family], ext):
		return Package{Code: string(content)}, nil
	case executable(content):
		return zipped([]entry{{name: "exec", mode: 0o755, content: content}})
	}
	return Package{}, fmt.Errorf("%s is no source of kind %s, no .zip, no .jar and no executable", path, family)
}

// executable reports whether a file can be started as it is: an ELF program, or a script that names its interpreter.
func executable(content []byte) bool {
	return strings.HasPrefix(string(content[:min(4, len(content))]), "\x7fELF") || strings.HasPrefix(string(content[:min(2, len(content))]), "#!")
}

func binary(content []byte) Package {
	return Package{Code: base64.StdEncoding.EncodeToString(content), Binary: true}
}

// list returns the files below root, by path relative to it, in order. Links and hidden files are left out.
func list(root string) (files []string, err error) {
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if strings.HasPrefix(d.Name(), ".") && path != root {
			if d.IsDir() {
				return filepath.SkipDir
			}
			return nil
		}
		if d.Type().IsRegular() {
			rel, err := filepath.Rel(root, path)
			files = append(files, rel)
			return err
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read folder %s: %w", root, readable(err))
	}
	return files, nil
}

// only returns the one file of the folder when it has one of the endings, whatever notes stand beside it.
func only(files, endings []string) string {
	code := slices.DeleteFunc(slices.Clone(files), func(f string) bool { return strings.EqualFold(filepath.Ext(f), ".md") })
	if len(code) == 1 && slices.Contains(endings, filepath.Ext(code[0])) {
		return code[0]
	}
	return ""
}

// readable is err in the words of a user.
func readable(err error) error {
	if failed := new(fs.PathError); errors.As(err, &failed) {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return fmt.Errorf("there is no file or folder %s", failed.Path)
		case errors.Is(err, fs.ErrPermission):
			return fmt.Errorf("%s may not be read", failed.Path)
		}
	}
	return err
}
