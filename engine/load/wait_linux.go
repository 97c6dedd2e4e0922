package load

import (
	"context"
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// Kernel waits on a timerfd: the kernel wakes the goroutine at the moment itself, where a timer of the runtime is as coarse
// as the poll it is found by.
func Kernel(ctx context.Context) (Waiter, error) {
	fd, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_NONBLOCK|unix.TFD_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("make timerfd: %w", err)
	}
	k := &kernel{ctx: ctx, fd: fd, file: os.NewFile(uintptr(fd), "timerfd")}
	// A deadline in the past ends the read that is under way.
	k.stop = context.AfterFunc(ctx, func() { _ = k.file.SetReadDeadline(time.Unix(1, 0)) })
	return k, nil
}

type kernel struct {
	ctx  context.Context // its life is that of the waiter
	fd   int
	file *os.File
	stop func() bool
	word [8]byte // how often the timer fired; always once
}

func (k *kernel) Name() string { return "timerfd" }

func (k *kernel) Until(due time.Time) bool {
	wait := time.Until(due)
	if wait <= 0 {
		return k.ctx.Err() == nil
	}
	spec := unix.ItimerSpec{Value: unix.NsecToTimespec(int64(wait))}
	if unix.TimerfdSettime(k.fd, 0, &spec, nil) != nil {
		return false
	}
	_, err := k.file.Read(k.word[:])
	return err == nil
}

func (k *kernel) Close() error {
	k.stop()
	return k.file.Close()
}
