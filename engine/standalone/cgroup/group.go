package cgroup

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Group is a control group of ours.
type Group struct {
	version int
	folders map[string]string // by controller; in version 2 all the same
	outside []string          // the folders of the group that this process is in
	missing map[string]error
}

// Make makes a group inside of this one, which must hold no process itself.
func (g *Group) Make(name string, l Limits) (*Group, error) {
	if g.version == 2 {
		if err := enable(g.any(), g.Held()); err != nil {
			return nil, err
		}
	}
	child := &Group{version: g.version, folders: map[string]string{}, outside: g.outside, missing: g.missing}
	for c, folder := range g.folders {
		child.folders[c] = filepath.Join(folder, name)
	}
	for _, folder := range unique(child.version, child.folders) {
		if err := os.Mkdir(folder, 0o755); err != nil {
			return nil, errors.Join(fmt.Errorf("make a control group: %w", err), child.Kill())
		}
	}
	if err := child.limit(l); err != nil {
		return nil, errors.Join(err, child.Kill())
	}
	return child, nil
}

// limit writes the limits of those controllers that can be used.
func (g *Group) limit(l Limits) error {
	for _, s := range l.settings(g.version) {
		folder, is := g.folders[s.controller]
		if !is {
			continue
		}
		err := write(filepath.Join(folder, s.file), s.value)
		if err != nil && (!s.optional || !errors.Is(err, os.ErrNotExist)) {
			return fmt.Errorf("limit a control group: %w", err)
		}
	}
	return nil
}

// write writes a file that the kernel made: it is never created, and each value is one write.
func write(file, value string) error {
	f, err := os.OpenFile(file, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString(value)
	return errors.Join(err, f.Close())
}

// any is one folder of the group; the processes are the same in all.
func (g *Group) any() string {
	list := unique(g.version, g.folders)
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// Version is that of the control groups, 1 or 2.
func (g *Group) Version() int { return g.version }

// Held returns what the group can limit, of memory, pids and cpu.
func (g *Group) Held() (list []string) {
	for _, c := range wanted[2] {
		if _, is := g.folders[c]; is {
			list = append(list, c)
		}
	}
	return list
}

// Missing is why the group cannot limit the rest; nil when it limits all.
func (g *Group) Missing() error {
	var all []error
	seen := map[string]bool{} // in version 2 the reason is often the same for all
	for _, c := range wanted[2] {
		if err := g.missing[c]; err != nil && !seen[err.Error()] {
			seen[err.Error()] = true
			all = append(all, err)
		}
	}
	return errors.Join(all...)
}

// OOMKills returns how many processes of the group the kernel has killed because the memory was exhausted; none of a nil
// group.
func (g *Group) OOMKills() int64 {
	if g == nil || g.folders[memory] == "" {
		return 0
	}
	file := "memory.oom_control"
	if g.version == 2 {
		file = "memory.events"
	}
	n, _ := counter(filepath.Join(g.folders[memory], file), "oom_kill") // a group that is gone has killed nobody
	return n
}

// CPUTime returns how long the processors have worked for the group, those of groups inside included.
func (g *Group) CPUTime() (time.Duration, error) {
	if g.version == 2 {
		us, err := counter(filepath.Join(g.any(), "cpu.stat"), "usage_usec")
		return time.Duration(us) * time.Microsecond, err
	}
	folder, is := g.folders[cpuacct]
	if !is {
		return 0, fmt.Errorf("processor time is not counted: %w", g.missing[cpuacct])
	}
	text, err := os.ReadFile(filepath.Join(folder, "cpuacct.usage"))
	if err != nil {
		return 0, err
	}
	ns, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	return time.Duration(ns), err
}

// Bandwidth is how often the kernel has given out processor time to a group with a bound of CPUs, and in how many of these
// periods it was held back because it had used up its part.
type Bandwidth struct{ Periods, Throttled int64 }

// Bandwidth returns zeros for a group without a bound.
func (g *Group) Bandwidth() (b Bandwidth) {
	file := filepath.Join(g.folders[cpu], "cpu.stat")
	b.Periods, _ = counter(file, "nr_periods")
	b.Throttled, _ = counter(file, "nr_throttled")
	return b
}

// counter reads one number of a file of lines "name number".
func counter(file, name string) (int64, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return 0, err
	}
	for line := range bytes.Lines(text) {
		if value, is := bytes.CutPrefix(line, []byte(name+" ")); is {
			return strconv.ParseInt(string(bytes.TrimSpace(value)), 10, 64)
		}
	}
	return 0, fmt.Errorf("%s has no %s", file, name)
}
