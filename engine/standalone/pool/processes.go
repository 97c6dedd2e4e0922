package pool

import (
	"context"
	"fmt"
	"log/slog"
	goruntime "runtime"
	"strings"

	"wsk-scenario/engine/standalone/cgroup"
	"wsk-scenario/engine/standalone/runtime"
)

// processes is the driver whose containers are processes of this machine, each in a control group of its own where that is
// permitted.
type processes struct {
	*runtime.Set
	log    *slog.Logger
	home   *cgroup.Home
	groups *cgroup.Group // holds those of all containers; nil where nothing is held
	name   string        // of groups
	memory int64         // MB of all containers, of which one has its share of the processors
	limits Limits
}

// processesMost is how many processes and threads one container may have: a JVM has some fifty, a fork bomb wants all.
const processesMost = 512

// newProcesses returns the driver. Where control groups are not permitted, it says so and goes on without.
func newProcesses(cfg Config, home *cgroup.Home, name string, why error) (*processes, error) {
	set, err := runtime.New(runtime.Config{CacheDir: cfg.CacheDir, SearchPath: cfg.SearchPath, Result: cfg.Result})
	if err != nil {
		return nil, err
	}
	d := &processes{Set: set, log: cfg.Log, home: home, name: name, memory: cfg.UserMemory}
	if home != nil {
		d.groups, why = home.Make(name, cgroup.Limits{
			Memory: cfg.Bound.Memory << 20,
			CPUs:   cfg.Bound.CPUs,
			// All together weigh as much as one busy thread on every processor, as they would without groups.
			Shares: int64(wholeShare * goruntime.NumCPU()),
		})
	}
	if d.groups != nil {
		d.limits.Held = []string{}
		for _, c := range d.groups.Held() {
			d.limits.Held = append(d.limits.Held, strings.Replace(c, "pids", "processes", 1))
		}
		d.limits.By = fmt.Sprintf("control groups, version %d", d.groups.Version())
		why = d.groups.Missing()
	}
	if why != nil {
		d.limits.Reason = why.Error()
		cfg.Log.Warn("containers are not held to all their limits", "limits", d.limits.String(), "reason", d.limits.Reason)
	}
	return d, nil
}

// Limits is what the processes are held to.
func (d *processes) Limits() Limits { return d.limits }

// Start starts a process.
func (d *processes) Start(ctx context.Context, s Spec) (Container, error) {
	place, err := d.place(s)
	if err != nil {
		return nil, err
	}
	process, err := d.Set.Start(ctx, place, s.Code, s.LogSize)
	if process == nil {
		d.leave(place)
		return nil, err // not a Container that holds a nil
	}
	return process, err
}

// Prewarm starts a process that waits for its code.
func (d *processes) Prewarm(ctx context.Context, kind runtime.Kind, s Spec) (Stem, error) {
	place, err := d.place(s)
	if err != nil {
		return nil, err
	}
	stem, err := d.Set.Prewarm(ctx, place, kind)
	if stem == nil {
		d.leave(place)
		return nil, err
	}
	return stem, err
}

// place is where a process will live.
func (d *processes) place(s Spec) (runtime.Place, error) {
	place := runtime.Place{Folder: s.Folder}
	if d.groups == nil {
		return place, nil
	}
	var err error
	place.Group, err = d.groups.Make(s.ID, cgroup.Limits{
		Memory: s.Memory << 20, Processes: processesMost, Shares: shareScale * cpuShare(s.Memory, d.memory),
	})
	return place, err
}

// leave removes the group of a process that was not started.
func (d *processes) leave(place runtime.Place) {
	if err := place.Group.Kill(); err != nil {
		d.log.Warn("remove the control group of a container", "error", err)
	}
}

// What Docker takes for the whole processor, and for the least part of one.
const (
	wholeShare = 1024
	leastShare = 2
)

// cpuShare is what OpenWhisk's invoker hands to Docker: of the processor as large a part as of the memory. It divides in
// whole numbers.
func cpuShare(memory, all int64) int64 {
	return max(wholeShare/max(all/max(memory, 1), 1), leastShare)
}

// shareScale makes shares so large that the kernel reckons well with them. Containers are only weighed among themselves, so
// their parts stay what they are on OpenWhisk.
const shareScale = 16

// Close ends what the processes left behind, and removes their groups.
func (d *processes) Close() {
	d.Set.Close()
	if d.groups == nil {
		return
	}
	if _, err := cgroup.Remove(d.home.Folders(d.name)); err != nil {
		d.log.Warn("remove the control groups of the containers", "error", err)
	}
	d.home.Release()
}
