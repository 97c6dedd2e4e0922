package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// scenariosIn puts in the place of each folder the YAML files below it, in the order of their names. What begins with a
// dot is left out, as shells do.
func scenariosIn(paths []string) (list []string, err error) {
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil || !info.IsDir() { // whoever reads a file that is not there says so
			list = append(list, path)
			continue
		}
		found, err := below(path)
		if err != nil {
			return nil, wrong(fmt.Errorf("look for scenarios: %w", err))
		}
		if len(found) == 0 {
			return nil, wrong(fmt.Errorf("there is no scenario in %s: it holds no .yaml files", path))
		}
		list = append(list, found...)
	}
	return list, nil
}

func below(folder string) (list []string, err error) {
	err = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		hidden := path != folder && strings.HasPrefix(entry.Name(), ".")
		switch {
		case err != nil:
			return err
		case hidden && entry.IsDir():
			return fs.SkipDir
		case hidden || entry.IsDir():
		case filepath.Ext(path) == ".yaml" || filepath.Ext(path) == ".yml":
			list = append(list, path)
		}
		return nil
	})
	return list, err
}
