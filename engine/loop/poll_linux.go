package loop

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// poller waits for sockets and for moments with one system call. All descriptors are reported by edge: what is reported once
// is not reported again, so that none has to be reset.
type poller struct {
	began              time.Time
	epoll, timer, bell int
	armed              time.Time // what the timer is set to; zero when to nothing
	events             [128]unix.EpollEvent
	sockets            map[int32]*Socket
	earliest           time.Time   // no deadline of a waiting task is before it; zero when there is none
	expired            atomic.Bool // a deadline was set to the past from elsewhere

	ringing sync.Mutex // of bell: who rings late must not write to what has its number then
}

func newPoller() (*poller, error) {
	p := &poller{began: time.Now(), epoll: -1, timer: -1, bell: -1, sockets: map[int32]*Socket{}}
	var errs [3]error
	p.epoll, errs[0] = unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	p.timer, errs[1] = unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_NONBLOCK|unix.TFD_CLOEXEC)
	p.bell, errs[2] = unix.Eventfd(0, unix.EFD_NONBLOCK|unix.EFD_CLOEXEC)
	err := errors.Join(errs[:]...)
	for _, fd := range []int{p.timer, p.bell} {
		if err == nil {
			err = p.add(fd, unix.EPOLLIN)
		}
	}
	if err != nil {
		_ = p.close()
		return nil, fmt.Errorf("make an event loop: %w", err)
	}
	return p, nil
}

func (p *poller) add(fd int, events uint32) error {
	return unix.EpollCtl(p.epoll, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: events | unix.EPOLLET, Fd: int32(fd)})
}

func (p *poller) close() error {
	p.ringing.Lock()
	defer p.ringing.Unlock()
	var errs []error
	for _, fd := range []int{p.epoll, p.timer, p.bell} {
		if fd >= 0 {
			errs = append(errs, unix.Close(fd))
		}
	}
	p.epoll, p.timer, p.bell = -1, -1, -1
	return errors.Join(errs...)
}

// wake ends a wait, from any goroutine, also after the end of the loop.
func (p *poller) wake() {
	p.ringing.Lock()
	defer p.ringing.Unlock()
	_, _ = unix.Write(p.bell, []byte{1, 0, 0, 0, 0, 0, 0, 0})
}

// wait sleeps until a task can go on, somebody wakes it, or it is due, and appends the tasks that can go on.
func (p *poller) wait(due time.Time, ready []*Task) []*Task {
	if !p.earliest.IsZero() && p.earliest.Before(due) {
		due = p.earliest
	}
	timeout := -1
	if left := time.Until(due); left <= 0 || p.expired.Load() {
		timeout = 0
	} else if !due.Equal(p.armed) {
		spec := unix.ItimerSpec{Value: unix.NsecToTimespec(int64(left))}
		if unix.TimerfdSettime(p.timer, 0, &spec, nil) != nil {
			timeout = 1 // which does not happen with a timer and a time that are there
		}
		p.armed = due
	}
	n, _ := unix.EpollWait(p.epoll, p.events[:], timeout) // interrupted by a signal, it is called again
	for i := range max(0, n) {
		e := &p.events[i]
		switch e.Fd {
		case int32(p.timer):
			p.armed = time.Time{}
		case int32(p.bell):
		default:
			if s := p.sockets[e.Fd]; s != nil {
				ready = s.happened(e.Events, ready)
			}
		}
	}
	return p.expire(ready)
}

// expire lets the tasks go on whose deadline is over. With one time-out for all, it looks at them no more than once in its
// length.
func (p *poller) expire(ready []*Task) []*Task {
	forced := p.expired.Swap(false)
	if !forced && (p.earliest.IsZero() || time.Now().Before(p.earliest)) {
		return ready
	}
	p.earliest = time.Time{}
	now := time.Now()
	for _, s := range p.sockets {
		if s.waiting == nil {
			continue
		}
		at := s.deadline.Load()
		if at == 0 {
			continue
		}
		if deadline := p.began.Add(time.Duration(at)); deadline.After(now) {
			p.expect(deadline)
		} else {
			ready = append(ready, s.waiting)
			s.waiting, s.late = nil, true
		}
	}
	return ready
}

// expect sees to it that a deadline is noticed.
func (p *poller) expect(deadline time.Time) {
	if p.earliest.IsZero() || deadline.Before(p.earliest) {
		p.earliest = deadline
	}
}
