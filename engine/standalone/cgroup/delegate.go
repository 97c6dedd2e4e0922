package cgroup

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// In version 2 only leaves hold processes: a group that hands controllers down to groups inside must hold none itself, so
// this process first goes into a leaf of its own:
//
//	scope            held every process, and now none
//	├── wsk-server   this process
//	└── wsk-…        a group that holds others, such as all containers of a pool
//	    └── …        one container
//
// That works where the group was given to this process alone, as by systemd-run --scope -p Delegate=yes.
const leaf = "wsk-server"

// newHome2 is the home in version 2. A process that is in the leaf already, because it or its parent went there, is at
// home above it.
func newHome2(folder string, controllers []string) *Home {
	if filepath.Base(folder) == leaf {
		folder = filepath.Dir(folder)
	}
	h := &Home{version: 2, folders: map[string]string{}, missing: map[string]error{}}
	for _, c := range wanted[2] {
		if !slices.Contains(controllers, c) {
			h.missing[c] = fmt.Errorf("the control group %s was not given the controller %s", folder, c)
			continue
		}
		h.folders[c] = folder
	}
	return h
}

// delegate hands the controllers of the home down to the groups in it.
func (h *Home) delegate() error {
	home := unique(h.version, h.folders)[0]
	var controllers []string
	for _, c := range wanted[2] {
		if _, is := h.folders[c]; is {
			controllers = append(controllers, c)
		}
	}
	refused := enable(home, controllers)
	if refused == nil {
		return nil
	}
	inner := filepath.Join(home, leaf)
	if err := os.Mkdir(inner, 0o755); err != nil && !errors.Is(err, os.ErrExist) {
		return refused
	}
	me := strconv.Itoa(os.Getpid())
	if err := write(filepath.Join(inner, "cgroup.procs"), me); err != nil {
		return errors.Join(refused, os.Remove(inner))
	}
	if refused = enable(home, controllers); refused == nil {
		return nil
	}
	// Other processes are there, and they are not ours to move. What was moved goes back.
	back := write(filepath.Join(home, "cgroup.procs"), me)
	if errors.Is(refused, syscall.EBUSY) {
		refused = fmt.Errorf("%w: other processes are in the same control group; "+
			"start this one in its own, as by systemd-run --user --scope -p Delegate=yes", refused)
	}
	return errors.Join(refused, back, os.Remove(inner))
}

// enable hands controllers down to the groups in a folder.
func enable(folder string, controllers []string) error {
	file := filepath.Join(folder, "cgroup.subtree_control")
	have, want := words(file), ""
	for _, c := range controllers {
		if !slices.Contains(have, c) {
			want += " +" + c
		}
	}
	if want == "" {
		return nil
	}
	if err := write(file, strings.TrimSpace(want)); err != nil {
		return fmt.Errorf("hand controllers down in a control group: %w", err)
	}
	return nil
}

// Release takes this process out of the leaf and removes it, once no group of ours is left. Where others still need it, it
// stays.
func (h *Home) Release() {
	if h.version != 2 {
		return
	}
	home := unique(h.version, h.folders)[0]
	inner := filepath.Join(home, leaf)
	members := words(filepath.Join(inner, "cgroup.procs"))
	if !slices.Contains(members, strconv.Itoa(os.Getpid())) || len(members) != 1 {
		return
	}
	var off []string
	for _, c := range words(filepath.Join(home, "cgroup.subtree_control")) {
		off = append(off, "-"+c)
	}
	// The kernel refuses while a group in the home hands its controllers down itself: another pool of this process.
	if write(filepath.Join(home, "cgroup.subtree_control"), strings.Join(off, " ")) != nil {
		return
	}
	if write(filepath.Join(home, "cgroup.procs"), strconv.Itoa(os.Getpid())) == nil {
		_ = os.Remove(inner)
	}
}
