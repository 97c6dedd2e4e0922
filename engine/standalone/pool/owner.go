package pool

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"wsk-scenario/engine/standalone/cgroup"
	"wsk-scenario/engine/standalone/runtime"
)

// A pool's folder holds this file from the moment it has its name, so that one whose server was killed is known as such.
const ownerFile = "owner.json"

// How the folders of pools are called: the first until the owner is written.
const (
	newPrefix  = "wsk-new-"
	poolPrefix = "wsk-containers-"
)

// owner is the process that a pool's folder belongs to.
type owner struct {
	PID   int    `json:"pid"`
	Began string `json:"began"` // of the process, as the kernel counts
	Boot  string `json:"boot"`  // of the machine
	Space string `json:"space"` // the namespace in which the number is good
	// Groups are the folders of the control group of all containers.
	Groups []string `json:"groups,omitempty"`
}

// self is this process as an owner.
func self() (o owner, err error) {
	o.PID = os.Getpid()
	if o.Began, err = runtime.BeganAt(o.PID); err != nil {
		return o, err
	}
	o.Boot, o.Space, err = here()
	return o, err
}

// here is which boot of which machine this is, and in which namespace processes have their numbers.
func here() (boot, space string, err error) {
	id, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return "", "", err
	}
	space, err = os.Readlink("/proc/self/ns/pid")
	return strings.TrimSpace(string(id)), space, err
}

// gone reports whether the owner does not live any more. Where that cannot be known, it lives.
func (o owner) gone(boot, space string) bool {
	switch {
	case o.PID <= 0 || o.Began == "" || o.Boot == "":
		return false
	case o.Boot != boot:
		return true
	case o.Space != space:
		return false
	}
	began, err := runtime.BeganAt(o.PID)
	return errors.Is(err, os.ErrNotExist) || err == nil && began != o.Began
}

// makeOwned makes the folder of a pool with its owner in it. Where there is no /proc it has none, and is never taken for
// one that was left behind.
func makeOwned(dir string, home *cgroup.Home) (string, error) {
	folder, err := os.MkdirTemp(dir, newPrefix)
	if err != nil {
		return "", err
	}
	named := filepath.Join(dir, poolPrefix+strings.TrimPrefix(filepath.Base(folder), newPrefix))
	if me, err := self(); err == nil {
		if home != nil {
			me.Groups = home.Folders(filepath.Base(named)) // before they are made, so that none is forgotten
		}
		text, err := json.Marshal(me)
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, ownerFile), text, 0o600)
		}
		if err != nil {
			return "", errors.Join(err, os.RemoveAll(folder))
		}
	}
	if err := os.Rename(folder, named); err != nil {
		return "", errors.Join(err, os.RemoveAll(folder))
	}
	return named, nil
}

// sweepTime bounds how long the end of killed processes is waited for.
const sweepTime = 2 * time.Second

// sweep removes what servers that were killed have left in dir: processes of their containers, and their folders. It
// returns how much that was. Folders without an owner, of one that lives or that may live, and of other users stay.
func sweep(dir string) (processes, folders int, err error) {
	boot, space, here := here()
	if here != nil {
		return 0, 0, nil // there is no /proc: nothing here has an owner
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return 0, 0, err
	}
	for _, e := range entries {
		if !e.IsDir() || !strings.HasPrefix(e.Name(), poolPrefix) && !strings.HasPrefix(e.Name(), newPrefix) {
			continue
		}
		folder := filepath.Join(dir, e.Name())
		if !ours(folder) {
			continue
		}
		o, is := ownerOf(folder)
		if !is || !o.gone(boot, space) {
			continue
		}
		n, fault := cgroup.Remove(o.groups(e.Name()))
		processes += n + endAll(folder)
		if fault == nil { // else the next server still finds what is left
			fault = removeTree(folder)
		}
		if fault != nil {
			err = errors.Join(err, fmt.Errorf("remove what a killed server left: %w", fault))
			continue
		}
		folders++
	}
	return processes, folders, err
}

// ownerOf reads who a folder belongs to.
func ownerOf(folder string) (o owner, is bool) {
	text, err := os.ReadFile(filepath.Join(folder, ownerFile))
	return o, err == nil && json.Unmarshal(text, &o) == nil
}

// groups are the control groups of a folder's containers: only those that bear its name.
func (o owner) groups(name string) (list []string) {
	for _, g := range o.Groups {
		if filepath.IsAbs(g) && filepath.Base(g) == strings.Replace(name, newPrefix, poolPrefix, 1) {
			list = append(list, g)
		}
	}
	return list
}

// endAll kills the processes of the containers below a folder until there are none, and returns how many there were.
func endAll(folder string) int {
	seen := map[int]bool{}
	for end := time.Now().Add(sweepTime); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		left := runtime.MarkedBelow(folder)
		if len(left) == 0 {
			break
		}
		for _, m := range left {
			seen[m.PID] = true
			m.Kill()
		}
	}
	return len(seen)
}
