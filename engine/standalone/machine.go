package standalone

import (
	"errors"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// tick is the unit in which Linux counts the time of processors for programs, on all architectures that Go knows.
const tick = 10 * time.Millisecond

// machineUsage is what this machine has used, by /proc.
func machineUsage() (Usage, error) {
	stat, err := os.ReadFile("/proc/stat")
	if err != nil {
		return Usage{}, err
	}
	memory, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return Usage{}, err
	}
	u := Usage{Node: machine, Source: "/proc, with everything that runs on it", CPUs: float64(runtime.NumCPU())}
	if u.CPU, err = busy(string(stat)); err != nil {
		return Usage{}, err
	}
	u.MemoryTotal, u.Memory, err = inUse(string(memory))
	return u, err
}

// busy is how long the processors have worked, all together: the first line of /proc/stat is user, nice, system, idle, iowait,
// irq, softirq and steal; what guests took is in user.
func busy(stat string) (time.Duration, error) {
	line, _, _ := strings.Cut(stat, "\n")
	fields := strings.Fields(line)
	if len(fields) < 8 || fields[0] != "cpu" {
		return 0, errors.New("/proc/stat has no line of all processors")
	}
	sum := time.Duration(0)
	for _, i := range []int{1, 2, 3, 6, 7} {
		n, err := strconv.ParseInt(fields[i], 10, 64)
		if err != nil {
			return 0, err
		}
		sum += time.Duration(n) * tick
	}
	return sum, nil
}

// inUse is the memory of the machine and what of it is in use, in bytes.
func inUse(meminfo string) (total, used int64, err error) {
	found := map[string]int64{}
	for line := range strings.Lines(meminfo) {
		name, rest, _ := strings.Cut(line, ":")
		if fields := strings.Fields(rest); name == "MemTotal" || name == "MemAvailable" {
			n, err := strconv.ParseInt(fields[0], 10, 64)
			if err != nil {
				return 0, 0, err
			}
			found[name] = n << 10
		}
	}
	if len(found) < 2 {
		return 0, 0, errors.New("/proc/meminfo does not say what is available")
	}
	return found["MemTotal"], found["MemTotal"] - found["MemAvailable"], nil
}
