package cluster

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// lifeMark is a file that a run holds the lock of while it lives: the kernel gives it back when the process ends, however it ends.
type lifeMark struct{ file *os.File }

// makeMark marks id as alive; nil, which is no mark, where there is no folder for it.
func makeMark(folder, id string) (*lifeMark, error) {
	path := markOf(folder, id)
	if path == "" {
		return nil, nil
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("mark this run as alive: %w", err)
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("mark this run as alive: %w", err)
	}
	if err := lock(file); err != nil && !errors.Is(err, errors.ErrUnsupported) {
		return nil, fmt.Errorf("mark this run as alive: %w", errors.Join(err, file.Close()))
	}
	return &lifeMark{file}, nil
}

// markOf is where the mark of id is; empty when it can be nowhere. An id comes from the cluster, and names no other folder.
func markOf(folder, id string) string {
	if folder == "" || id == "" || strings.ContainsAny(id, `/\`) || id == "." || id == ".." {
		return ""
	}
	return filepath.Join(folder, id)
}

// abandoned reports whether id has lived on this machine and has ended: its mark is there, and nobody holds the lock. Of a
// run elsewhere nothing is known.
func abandoned(folder, id string) bool {
	path := markOf(folder, id)
	if path == "" {
		return false
	}
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return false
	}
	defer func() { _ = file.Close() }()
	return lock(file) == nil
}

// forget removes the mark of a run that has ended.
func forget(folder, id string) {
	if abandoned(folder, id) {
		_ = os.Remove(markOf(folder, id))
	}
}

func (m *lifeMark) remove() {
	if m == nil {
		return
	}
	_ = os.Remove(m.file.Name()) // one that stays says of a run that has ended that it has
	_ = m.file.Close()
}
