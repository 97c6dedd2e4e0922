package doctor

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"wsk-scenario/engine/plan"
)

// What a run needs of this machine, rounded up.
const (
	filesBeside     = 100 // that the process has open anyhow
	filesContainer  = 10  // of a container of the embedded OpenWhisk: pipes, sockets, its control group
	bytesOfSample   = 100 // on disk; an ordinary one has less than 40
	smallestMB      = 128 // a container
	callsPerSecond  = 50_000
	enoughDiskTimes = 2
)

// connections compares the limit of open files with what the plan opens. The embedded OpenWhisk has the other ends, too.
func (e *examination) connections() {
	const check = "machine.open_files"
	most, err := openFiles()
	if err != nil {
		e.unchecked(check, "read the limit of open files: %v", err)
		return
	}
	need, n := filesBeside, e.plan.Need()
	need += n.Users
	if e.embedded() {
		need += n.Users + n.WarmMB/smallestMB*filesContainer
	}
	if uint64(need) <= most {
		e.fine(check, "about %d, of %d", need, most)
		return
	}
	e.add(Finding{Check: check, Verdict: Spoils, Found: fmt.Sprintf("the plan may open %d files and connections, and this process is allowed %d", need, most),
		Costs: "connections fail: outcome network", Fix: fmt.Sprintf("ulimit -n %d before the run, or a smaller max_in_flight", roomy(need))})
}

// disk compares the free space with the samples.
func (e *examination) disk() {
	const check = "machine.disk"
	folder := existing(e.opts.Results)
	free, err := freeSpace(folder)
	if err != nil {
		e.unchecked(check, "read the free space of %s: %v", folder, err)
		return
	}
	calls, exact := samplesOf(e.plan)
	need, about := uint64(calls)*bytesOfSample, ""
	if !exact {
		about = "at most about "
	}
	if free >= enoughDiskTimes*need {
		e.fine(check, "%s%s of samples, and %s has %s free", about, sizeText(int64(need)), folder, sizeText(int64(free)))
		return
	}
	f := Finding{Check: check, Verdict: Warning, Found: fmt.Sprintf("%s%s of samples, and %s has %s free", about, sizeText(int64(need)), folder, sizeText(int64(free))),
		Costs: "the run breaks when the disk is full, and what came after is lost", Fix: "--results FOLDER on another disk, or make room"}
	if exact && free < need {
		f.Verdict = Spoils
	}
	e.add(f)
}

// samplesOf is how many samples a plan leaves: exactly, or at most what this generator could send in the time.
func samplesOf(p *plan.Plan) (n int, exact bool) {
	estimate := p.Estimate()
	if estimate.Exact {
		return estimate.Invocations, true
	}
	timed := time.Duration(0)
	for _, cell := range p.Cells {
		for _, ph := range cell.Phases {
			if ph.Load.Open == nil && ph.Wait == 0 {
				timed += ph.Load.For + ph.Warmup.For
			}
		}
	}
	return estimate.Invocations + int(timed.Seconds()*callsPerSecond), false
}

// existing is the folder itself or the nearest above it that is there.
func existing(folder string) string {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return "."
	}
	for {
		if _, err := os.Stat(folder); err == nil || filepath.Dir(folder) == folder {
			return folder
		}
		folder = filepath.Dir(folder)
	}
}
