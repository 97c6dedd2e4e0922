package cgroup

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Memory returns how many bytes the group has in use, those of groups inside included, without files that are cached and could
// be dropped at once: what the kubelet calls the working set.
func (g *Group) Memory() (int64, error) {
	folder, is := g.folders[memory]
	if !is {
		return 0, fmt.Errorf("memory is not counted: %w", g.missing[memory])
	}
	usage, inactive := "memory.usage_in_bytes", "total_inactive_file"
	if g.version == 2 {
		usage, inactive = "memory.current", "inactive_file"
	}
	text, err := os.ReadFile(filepath.Join(folder, usage))
	if err != nil {
		return 0, err
	}
	used, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	if err != nil {
		return 0, err
	}
	cached, err := counter(filepath.Join(folder, "memory.stat"), inactive)
	return max(used-cached, 0), err
}
