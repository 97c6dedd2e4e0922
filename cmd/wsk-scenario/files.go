package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"wsk-scenario/dsl"
)

// expand replaces each folder by the YAML files in it and below it, in order. A file that is named twice is read once.
func expand(paths []string) (files []string, err error) {
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil || !info.IsDir() {
			files = append(files, path) // what is not there is told when it is read
			continue
		}
		below, err := yamlBelow(path)
		if err != nil {
			return nil, wrong(fmt.Errorf("read the folder: %w", err))
		}
		if len(below) == 0 {
			return nil, wrong(fmt.Errorf("the folder %s holds no .yaml file", path))
		}
		files = append(files, below...)
	}
	seen := make(map[string]bool)
	return slices.DeleteFunc(files, func(file string) bool {
		again := seen[filepath.Clean(file)]
		seen[filepath.Clean(file)] = true
		return again
	}), nil
}

// toRun are the files that are run: of a folder the scenarios. The cluster profiles that stand among them are left; one that
// was named by itself is no such, and told as wrong where it is read.
func toRun(paths []string) (files, left []string, err error) {
	all, err := expand(paths)
	if err != nil {
		return nil, nil, err
	}
	for _, file := range all {
		text, err := readText(file)
		if err == nil && dsl.IsProfile(text) && !slices.Contains(paths, file) {
			left = append(left, file)
			continue
		}
		files = append(files, file)
	}
	if len(files) == 0 {
		return nil, nil, wrong(fmt.Errorf("there is no scenario in %s, only cluster profiles: %s", strings.Join(paths, ", "), strings.Join(left, ", ")))
	}
	return files, left, nil
}

// yamlBelow leaves out what begins with a dot, as shells do, and what is Kubernetes': charts and manifests stand beside the
// scenarios and profiles that use them.
func yamlBelow(folder string) (files []string, err error) {
	err = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		hidden := path != folder && strings.HasPrefix(entry.Name(), ".")
		switch ext := filepath.Ext(path); {
		case err != nil:
			return err
		case entry.IsDir() && (hidden || isChart(path)):
			return filepath.SkipDir
		case hidden || entry.IsDir():
		case (ext == ".yaml" || ext == ".yml") && !isManifest(path):
			files = append(files, path)
		}
		return nil
	})
	return files, err
}

func isChart(folder string) bool {
	_, err := os.Stat(filepath.Join(folder, "Chart.yaml"))
	return err == nil
}

// manifest is how an object of Kubernetes begins.
var manifest = regexp.MustCompile(`(?m)^apiVersion:`)

// isManifest reports whether a file holds objects of Kubernetes. One that cannot be read is told when it is read.
func isManifest(file string) bool {
	text, err := readText(file)
	return err == nil && manifest.Match(text)
}

// maxText bounds what is read as a scenario; the language's own limit is far below it.
const maxText = 64 << 20

// readText reads a file that a user named. What is no plain file is refused: a pipe or a device would be read for ever.
func readText(file string) ([]byte, error) {
	info, err := os.Stat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("there is no file %s", file)
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, fmt.Errorf("%s is a folder", file)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is no plain file", file)
	case info.Size() > maxText:
		return nil, fmt.Errorf("%s has %d MB: that is no scenario", file, info.Size()>>20)
	}
	return os.ReadFile(file)
}
