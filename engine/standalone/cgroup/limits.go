package cgroup

import (
	"fmt"
	"strconv"
)

// Limits is what a group may take. A zero is no limit.
type Limits struct {
	Memory    int64   // bytes, and no swap beyond them
	Processes int64   // with their threads
	Shares    int64   // of the processors when they are short, beside the groups next to it; 1024 is what one has unasked
	CPUs      float64 // processors, at most, also when others idle
}

// setting is one file of a group to write. An optional one is not there on every kernel.
type setting struct {
	controller, file, value string
	optional                bool
}

// settings are the files of kernel documentation cgroup-v1/*.rst and cgroup-v2.rst. The order counts: memory with swap
// cannot be less than memory.
func (l Limits) settings(version int) (list []setting) {
	add := func(controller, file string, value int64, optional bool) {
		list = append(list, setting{controller, file, strconv.FormatInt(value, 10), optional})
	}
	two := version == 2
	switch {
	case l.Memory > 0 && two:
		add(memory, "memory.max", l.Memory, false)
		add(memory, "memory.swap.max", 0, true)
	case l.Memory > 0:
		add(memory, "memory.limit_in_bytes", l.Memory, false)
		add(memory, "memory.memsw.limit_in_bytes", l.Memory, true)
	}
	if l.Processes > 0 {
		add(pids, "pids.max", l.Processes, false)
	}
	switch {
	case l.Shares > 0 && two:
		add(cpu, "cpu.weight", weight(l.Shares), false)
	case l.Shares > 0:
		add(cpu, "cpu.shares", max(l.Shares, leastShares), false)
	}
	if l.CPUs <= 0 {
		return list
	}
	quota, period := bandwidth(l.CPUs)
	if two {
		return append(list, setting{cpu, "cpu.max", fmt.Sprintf("%d %d", quota, period), false})
	}
	add(cpu, "cpu.cfs_period_us", period, false)
	add(cpu, "cpu.cfs_quota_us", quota, false)
	return list
}

// The bounds of shares in version 1.
const (
	leastShares = 2
	mostShares  = 1 << 18
)

// weight is version 2's word for shares: 2 … 262144 become 1 … 10000, in proportion.
func weight(shares int64) int64 {
	shares = min(max(shares, leastShares), mostShares)
	return 1 + (shares-leastShares)*9999/(mostShares-leastShares)
}

// The kernel gives processor time out by the period, here of 10 ms: with the usual 100 ms, a slow processor would be one that
// is fast and then stands still for a time that callers see. It takes no quota below 1 ms, and no period above 1 s.
const (
	usualPeriod = 10_000 // µs
	leastQuota  = 1_000
	mostPeriod  = 1_000_000
)

// bandwidth is how many µs of each period a group may run on so many processors.
func bandwidth(cpus float64) (quota, period int64) {
	if quota = int64(cpus * usualPeriod); quota >= leastQuota {
		return quota, usualPeriod
	}
	return leastQuota, min(int64(leastQuota/cpus), mostPeriod)
}
