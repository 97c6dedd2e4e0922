package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

const cgroups = "/sys/fs/cgroup"

// quotaPeriod is the kernel's usual period of a CPU quota, in µs.
const quotaPeriod = 100_000

// hierarchies are the folders that cgroups are made in: one of cgroup v2, one for each controller of v1.
func hierarchies() []string {
	if unified() {
		return []string{cgroups}
	}
	var folders []string
	for _, controller := range []string{"cpu", "cpuacct", "cpuset", "memory", "devices", "freezer", "blkio", "pids", "systemd", "unified"} {
		if folder := filepath.Join(cgroups, controller); exists(folder) {
			folders = append(folders, folder)
		}
	}
	return folders
}

func unified() bool { return exists(filepath.Join(cgroups, "cgroup.controllers")) }

// makeCgroup makes a cgroup, a path, in every hierarchy, able to hold containers.
func makeCgroup(name string) error {
	for _, hierarchy := range hierarchies() {
		folder := filepath.Join(hierarchy, name)
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
		if unified() {
			if err := enable(filepath.Dir(folder)); err != nil {
				return err
			}
			continue
		}
		// A cpuset of v1 begins empty, and takes no process until it has processors and memory: those of its parent.
		for _, set := range []string{"cpuset.cpus", "cpuset.mems"} {
			text, err := os.ReadFile(filepath.Join(filepath.Dir(folder), set))
			if err != nil {
				continue // not the hierarchy of cpuset
			}
			if err := os.WriteFile(filepath.Join(folder, set), text, 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}

// enable gives the children of a cgroup of v2 the controllers that kubelets want.
func enable(folder string) error {
	text, err := os.ReadFile(filepath.Join(folder, "cgroup.controllers"))
	if err != nil {
		return err
	}
	var plus []string
	for _, controller := range strings.Fields(string(text)) {
		plus = append(plus, "+"+controller)
	}
	return os.WriteFile(filepath.Join(folder, "cgroup.subtree_control"), []byte(strings.Join(plus, " ")), 0o644)
}

// limitCPU gives a cgroup so many processors. It must be done before containers with larger limits are in it.
func limitCPU(name string, cpus float64) error {
	quota := strconv.Itoa(int(cpus * quotaPeriod))
	if unified() {
		return os.WriteFile(filepath.Join(cgroups, name, "cpu.max"), []byte(quota+" "+strconv.Itoa(quotaPeriod)), 0o644)
	}
	return os.WriteFile(filepath.Join(cgroups, "cpu", name, "cpu.cfs_quota_us"), []byte(quota), 0o644)
}
