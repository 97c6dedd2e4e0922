//go:build !linux

package runtime

import "errors"

const folderMark = "__OW_CONTAINER"

// Marked is a process that was started in a container.
type Marked struct {
	PID    int
	Folder string
}

// MarkedBelow finds no process here: there is no /proc to look into.
func MarkedBelow(string) []Marked { return nil }

// Kill does nothing here.
func (Marked) Kill() {}

// BeganAt is not known here.
func BeganAt(int) (string, error) { return "", errors.ErrUnsupported }
