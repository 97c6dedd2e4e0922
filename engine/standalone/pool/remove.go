package pool

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
)

// removeTree removes a folder with all that is in it, whatever an action made of it: os.RemoveAll alone holds a file
// descriptor for each level of folders, of which there may be more than the server can have, and cannot empty a folder that
// its owner may not read or change.
func removeTree(folder string) error {
	fault := flatten(folder)
	if err := os.RemoveAll(folder); err != nil {
		return errors.Join(fault, err)
	}
	return nil
}

// flatten empties and removes the folders in a folder: what lies in them is removed, or moved up when it is a folder itself.
func flatten(folder string) error {
	below, err := foldersIn(folder)
	if err != nil || len(below) == 0 {
		return err
	}
	aside, err := os.MkdirTemp(folder, "") // no action knows its name
	if err != nil {
		return err
	}
	for moved := 0; len(below) > 0; {
		last := below[len(below)-1]
		below = below[:len(below)-1]
		inside, err := foldersIn(last)
		if err != nil {
			return err
		}
		for _, path := range inside {
			up := filepath.Join(aside, strconv.Itoa(moved))
			if err := errors.Join(os.Chmod(path, 0o700), os.Rename(path, up)); err != nil { // moving it changes its ..
				return err
			}
			below, moved = append(below, up), moved+1
		}
		if err := os.RemoveAll(last); err != nil { // there are only files in it now
			return err
		}
	}
	return nil
}

// foldersIn are the folders in a folder, which can be read and changed from now on. A link in its place leads to what is
// none of ours, and has none.
func foldersIn(folder string) (below []string, err error) {
	if info, err := os.Lstat(folder); err != nil || !info.IsDir() {
		return nil, err
	}
	if err := os.Chmod(folder, 0o700); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(folder)
	for _, e := range entries {
		if e.IsDir() {
			below = append(below, filepath.Join(folder, e.Name()))
		}
	}
	return below, err
}
