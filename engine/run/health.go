package run

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// health is what the generator itself used from a moment on. With the embedded OpenWhisk, that is part of it.
type health struct {
	began  time.Time
	cpu    time.Duration
	paused time.Duration
	gcs    int64

	stalls  stalls // of all processes of the machine
	counted bool   // the system tells them
}

func healthNow() health {
	var gc debug.GCStats
	debug.ReadGCStats(&gc)
	h := health{began: time.Now(), paused: gc.PauseTotal, gcs: gc.NumGC}
	h.stalls, h.counted = stallsNow()
	var used unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &used) == nil {
		h.cpu = time.Duration(used.Utime.Nano() + used.Stime.Nano())
	}
	return h
}

// since says what was used, for people: how near the generator came to what this machine gives.
func (h health) since(now health) string {
	elapsed := max(now.began.Sub(h.began), time.Millisecond)
	share := 100 * float64(now.cpu-h.cpu) / float64(elapsed) / float64(runtime.NumCPU())
	pressure := "whether the machine was pressed is not known"
	if h.counted && now.counted {
		pressure = h.stalls.since(now.stalls, elapsed)
	}
	return fmt.Sprintf("%.0f%% of the CPUs, %s of garbage that paused it %v in all; %s", share, counted(int(now.gcs-h.gcs), "collection"),
		(now.paused - h.paused).Round(10*time.Microsecond), pressure)
}

// counted is a number with its noun: 1 call, 2 calls.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}
