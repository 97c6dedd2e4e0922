// Package cgroup holds containers with the control groups of Linux, version 1 or 2. It finds where this process may make
// groups, makes them with limits, starts processes inside of them, counts what they took and ends all that is in one. It
// makes folders of its own and writes no limit into a group that it did not make. It knows nothing of actions.
package cgroup

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// The controllers that hold a container; cpuacct only counts, and is part of cpu in version 2.
const (
	memory  = "memory"
	pids    = "pids"
	cpu     = "cpu"
	cpuacct = "cpuacct"
)

var wanted = [3][]string{1: {memory, pids, cpu, cpuacct}, 2: {memory, pids, cpu}}

// Home is the group that this process is in: its own groups lie below it, so no limit that holds this process is escaped.
type Home struct {
	version int
	folders map[string]string // of the group, by controller; in version 2 all the same
	missing map[string]error  // why a controller cannot be used
}

// Find returns the home of this process, or why it has none. It changes nothing.
func Find() (*Home, error) {
	if err := supported(); err != nil {
		return nil, err
	}
	groups, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return nil, fmt.Errorf("find the control groups of this process: %w", err)
	}
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return nil, fmt.Errorf("find where control groups are mounted: %w", err)
	}
	return find(string(groups), string(mounts))
}

// find reads /proc/self/cgroup and /proc/self/mountinfo. Where both versions are mounted, the one that has the memory
// counts: a controller is in one of them at a time.
func find(groups, mounts string) (*Home, error) {
	own, mounted := ownGroups(groups), parseMounts(mounts)
	if folder, err := place(own, mounted, ""); err == nil {
		controllers := words(filepath.Join(folder, "cgroup.controllers"))
		if slices.Contains(controllers, memory) {
			return newHome2(folder, controllers), nil
		}
	}
	h := &Home{version: 1, folders: map[string]string{}, missing: map[string]error{}}
	for _, c := range wanted[1] {
		folder, err := place(own, mounted, c)
		if err != nil {
			h.missing[c] = err
			continue
		}
		h.folders[c] = folder
	}
	if len(h.folders) == 0 {
		return nil, errors.New("no control groups are mounted")
	}
	return h, nil
}

// ownGroups returns the path of this process's group by controller; that of version 2 is under the empty name.
func ownGroups(text string) map[string]string {
	own := map[string]string{}
	for line := range strings.Lines(text) {
		fields := strings.SplitN(strings.TrimSuffix(line, "\n"), ":", 3)
		if len(fields) != 3 {
			continue
		}
		for _, c := range strings.Split(fields[1], ",") {
			own[c] = fields[2]
		}
	}
	return own
}

// mount is one line of mountinfo that is of use here.
type mount struct {
	root, point string   // what part of the hierarchy is mounted, and where
	controllers []string // of version 1; one empty name for version 2
}

// parseMounts reads "36 31 0:33 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory"; before the dash there may
// be further fields.
func parseMounts(text string) (mounts []mount) {
	for line := range strings.Lines(text) {
		front, back, found := strings.Cut(line, " - ")
		fields, super := strings.Fields(front), strings.Fields(back)
		if !found || len(fields) < 5 || len(super) < 3 {
			continue
		}
		m := mount{root: unescape(fields[3]), point: unescape(fields[4])}
		switch super[0] {
		case "cgroup":
			m.controllers = strings.Split(super[2], ",")
		case "cgroup2":
			m.controllers = []string{""}
		default:
			continue
		}
		mounts = append(mounts, m)
	}
	return mounts
}

// unescape undoes how mountinfo writes what would break a line into other fields.
func unescape(s string) string {
	return strings.NewReplacer(`\040`, " ", `\011`, "\t", `\012`, "\n", `\134`, `\`).Replace(s)
}

// place is the folder of this process's group for a controller. A container sees only a part of the hierarchy, and its
// own path may be told from the root of that part or of the whole.
func place(own map[string]string, mounts []mount, controller string) (string, error) {
	path, is := own[controller]
	if !is {
		return "", fmt.Errorf("the kernel has no controller for %s in control groups of version 1", controller)
	}
	for _, m := range mounts {
		if !slices.Contains(m.controllers, controller) {
			continue
		}
		below, err := filepath.Rel(m.root, path)
		if err != nil || !filepath.IsLocal(below) {
			return "", fmt.Errorf("the control group %s of this process is not in %s, which is mounted at %s", path, m.root, m.point)
		}
		return filepath.Join(m.point, below), nil
	}
	return "", fmt.Errorf("the control groups for %s are not mounted", controller)
}

// words returns the words of a file; none when it cannot be read.
func words(file string) []string {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	return strings.Fields(string(text))
}

// Folders is where a group of that name is, once it is made: a folder for each hierarchy.
func (h *Home) Folders(name string) (list []string) {
	for _, f := range unique(h.version, h.folders) {
		list = append(list, filepath.Join(f, name))
	}
	return list
}

// unique returns each folder once, in the order of the controllers: two controllers may be mounted together.
func unique(version int, folders map[string]string) (list []string) {
	for _, c := range wanted[version] {
		if f, is := folders[c]; is && !slices.Contains(list, f) {
			list = append(list, f)
		}
	}
	return list
}

// Make makes a group in the home, to hold others. Controllers that this process may not use are left out of it and of all
// below; Held and Missing tell. When none is left, that is an error.
func (h *Home) Make(name string, l Limits) (*Group, error) {
	if h.version == 2 {
		if err := h.delegate(); err != nil {
			return nil, err
		}
	}
	g := &Group{version: h.version, folders: map[string]string{}, missing: maps.Clone(h.missing)}
	used := map[string]string{}
	for _, c := range wanted[h.version] {
		if _, is := h.folders[c]; !is {
			continue
		}
		folder := filepath.Join(h.folders[c], name)
		if err := os.Mkdir(folder, 0o755); err != nil && !errors.Is(err, os.ErrExist) {
			g.missing[c] = err
			continue
		}
		g.folders[c], used[c] = folder, h.folders[c]
	}
	g.outside = unique(h.version, used)
	if len(g.Held()) == 0 {
		return nil, errors.Join(g.Missing(), g.Kill())
	}
	if err := cmp.Or(g.limit(l), g.enterable()); err != nil {
		return nil, errors.Join(err, g.Kill())
	}
	return g, nil
}
