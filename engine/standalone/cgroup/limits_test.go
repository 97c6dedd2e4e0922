package cgroup

import (
	"slices"
	"testing"
)

func TestLimitsAreTheFilesOfTheirVersion(t *testing.T) {
	all := Limits{Memory: 1 << 20, Processes: 9, Shares: 64, CPUs: 2.5}
	for _, row := range []struct {
		name    string
		limits  Limits
		version int
		want    []setting
	}{
		{"none, version 1", Limits{}, 1, nil},
		{"none, version 2", Limits{}, 2, nil},
		{"all, version 1", all, 1, []setting{
			{memory, "memory.limit_in_bytes", "1048576", false}, {memory, "memory.memsw.limit_in_bytes", "1048576", true},
			{pids, "pids.max", "9", false}, {cpu, "cpu.shares", "64", false},
			{cpu, "cpu.cfs_period_us", "10000", false}, {cpu, "cpu.cfs_quota_us", "25000", false}}},
		{"all, version 2", all, 2, []setting{
			{memory, "memory.max", "1048576", false}, {memory, "memory.swap.max", "0", true},
			{pids, "pids.max", "9", false}, {cpu, "cpu.weight", "3", false}, {cpu, "cpu.max", "25000 10000", false}}},
		{"shares below what there is", Limits{Shares: 1}, 1, []setting{{cpu, "cpu.shares", "2", false}}},
		{"shares beyond what there is", Limits{Shares: 1 << 30}, 2, []setting{{cpu, "cpu.weight", "10000", false}}},
		{"a processor so slow that the period must be longer", Limits{CPUs: 0.02}, 2, []setting{{cpu, "cpu.max", "1000 50000", false}}},
		{"a processor as slow as can be", Limits{CPUs: 1e-9}, 2, []setting{{cpu, "cpu.max", "1000 1000000", false}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := row.limits.settings(row.version); !slices.Equal(got, row.want) {
				t.Errorf("got %v, want %v", got, row.want)
			}
		})
	}
}
