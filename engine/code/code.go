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

// maxSize is OpenWhisk's limit for an action's code, before base64.
const maxSize = 48 << 20

// sources are the endings of single-file sources by family. Java has none: it is compiled.
var sources = map[string][]string{
	"nodejs": {".js", ".mjs", ".cjs"}, "python": {".py"}, "go": {".go"}, "php": {".php"}, "ruby": {".rb"},
	"blackbox": {".js", ".mjs", ".cjs", ".py", ".go", ".php", ".rb"}, // what an image takes is known to it alone
}

// Pack reads the source at path for an action of kind, such as nodejs:default. A folder with one source file is that file; a
// folder with Java sources is compiled; any other folder is archived. cache is where compiled code is kept.
func Pack(ctx context.Context, path, kind, cache string) (Package, error) {
	family, _, _ := strings.Cut(kind, ":")
	root, files, err := Files(path)
	if err != nil {
		return Package{}, err
	}
	if len(files) == 1 && files[0] == "." {
		return packFile(root, family)
	}
	if len(files) == 0 {
		return Package{}, fmt.Errorf("the folder %s is empty", path)
	}
	if family == "java" {
		return packJava(ctx, root, files, cache)
	}
	if one := only(files, sources[family]); one != "" {
		return packFile(filepath.Join(root, one), family)
	}
	return archive(root, files)
}

func packFile(path, family string) (Package, error) {
	if info, err := os.Stat(path); err == nil && info.Size() > maxSize {
		return Package{}, fmt.Errorf("%s has %d bytes; OpenWhisk takes at most %d", path, info.Size(), maxSize)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return Package{}, readable(err)
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
	if family == "java" && ext == ".java" {
		return Package{}, fmt.Errorf("%s is compiled with its folder: write %s as code", path, filepath.Dir(path))
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

// Files returns the files that an action's code is made of: the file at path itself, as ".", or the files below the folder,
// by path relative to it, in order. Hidden files are left out. What is no plain file is an error: a link or a pipe that was
// left out silently would be missed only when the action runs.
func Files(path string) (root string, files []string, err error) {
	root, err = filepath.EvalSymlinks(path)
	if err != nil {
		return "", nil, readable(err)
	}
	var size int64
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch hidden := path != root && strings.HasPrefix(d.Name(), "."); {
		case err != nil:
			return err
		case hidden && d.IsDir():
			return filepath.SkipDir
		case hidden || d.IsDir():
			return nil
		case !d.Type().IsRegular():
			return fmt.Errorf("%s is no plain file but %s", path, typeName(d.Type()))
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if size += info.Size(); len(files) == maxFiles || size > maxTotal {
			return fmt.Errorf("%s holds more than %d files or %d MB: that is no action's code", root, maxFiles, maxTotal>>20)
		}
		rel, err := filepath.Rel(root, path)
		files = append(files, rel)
		return err
	})
	return root, files, readable(err)
}

// What a folder of code may hold, before it is archived.
const (
	maxFiles = 20_000
	maxTotal = 512 << 20
)

func typeName(mode fs.FileMode) string {
	switch {
	case mode&fs.ModeSymlink != 0:
		return "a symbolic link"
	case mode&fs.ModeNamedPipe != 0:
		return "a pipe"
	case mode&fs.ModeDevice != 0:
		return "a device"
	}
	return "something else"
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
