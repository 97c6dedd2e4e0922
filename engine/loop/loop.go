// Package loop runs many tasks in one goroutine: each is written as if it blocked, and goes on when its socket can. Where a
// call wakes nobody but the goroutine that sends, it costs half of what it costs with a goroutine of its own.
package loop

import (
	"context"
	"iter"
	"runtime"
	"sync"
	"time"
)

// Loop is the tasks of one goroutine, which alone may call its methods.
//
//	Until(due)   │ sleep │ task 3 reads its answer │ sleep │ due
//	Start, Resume                                          │ task 5 sends
type Loop struct {
	ctx     context.Context // ends Until; the tasks see it for themselves
	stop    func() bool
	poll    *poller
	running *Task
	ready   []*Task // can go on
	ended   bool
	yielded time.Time

	mu     sync.Mutex
	landed []*Task // whose Await is over
}

// Task is one piece of work that can pause.
type Task struct {
	loop  *Loop
	next  func() (struct{}, bool)
	yield func(struct{}) bool
}

// New makes a loop whose Until ends with ctx; errors.ErrUnsupported where there is none.
func New(ctx context.Context) (*Loop, error) {
	poll, err := newPoller()
	if err != nil {
		return nil, err
	}
	l := &Loop{ctx: ctx, poll: poll}
	l.stop = context.AfterFunc(ctx, poll.wake)
	return l, nil
}

// Close frees what the loop holds of the system. No task may be under way, and its sockets are closed by who opened them.
func (l *Loop) Close() error {
	l.stop()
	return l.poll.close()
}

// Name is what a report calls the way of waiting.
func (l *Loop) Name() string { return "timerfd and epoll" }

// Start runs f as a task, until it pauses for the first time.
func (l *Loop) Start(f func()) *Task {
	t := &Task{loop: l}
	t.next, _ = iter.Pull(func(yield func(struct{}) bool) {
		t.yield = yield
		f()
	})
	t.Resume()
	return t
}

// Resume lets a task that called Pause go on, until it pauses again or ends.
func (t *Task) Resume() {
	before := t.loop.running
	t.loop.running = t
	t.next()
	t.loop.running = before
}

// Pause stops the running task until somebody resumes it.
func (l *Loop) Pause() { l.running.yield(struct{}{}) }

// End ends Until as the end of the loop's context does.
func (l *Loop) End() { l.ended = true }

// Until runs the tasks that can go on, until a moment; false when the loop ended first. At least one of those that
// wait gets its turn, also when the moment is over already.
func (l *Loop) Until(due time.Time) bool {
	for {
		l.turn(due)
		if l.ended || l.ctx.Err() != nil {
			return false
		}
		now := time.Now()
		if now.Sub(l.yielded) > yieldAfter {
			l.yielded = now
			runtime.Gosched()
		}
		if !now.Before(due) {
			return true
		}
	}
}

// yieldAfter is less than the 10 ms after which the runtime's watchdog finds that a goroutine has run for too long. From then on
// it takes away the processor at each system call, and neither of them finds rest: a third of all work was that.
const yieldAfter = 7 * time.Millisecond

// While runs the tasks that can go on for as long as a condition holds, also beyond the end of the loop's context.
func (l *Loop) While(holds func() bool) {
	for holds() {
		l.turn(time.Now().Add(time.Hour))
	}
}

// turn waits, unless a task can go on, and then runs those that can until it is due.
func (l *Loop) turn(due time.Time) {
	if len(l.ready) == 0 {
		l.ready = l.poll.wait(due, l.ready)
		l.mu.Lock()
		l.ready = append(l.ready, l.landed...)
		l.landed = l.landed[:0]
		l.mu.Unlock()
	}
	done := 0
	for _, t := range l.ready {
		t.Resume()
		if done++; !time.Now().Before(due) {
			break
		}
	}
	l.ready = l.ready[:copy(l.ready, l.ready[done:])]
}

// Await pauses the running task while f, which may block, runs in a goroutine of its own.
func (l *Loop) Await(f func()) {
	t := l.running
	go func() { // the task waits for it, and whoever runs the loop for the task
		f()
		l.mu.Lock()
		l.landed = append(l.landed, t)
		l.mu.Unlock()
		l.poll.wake()
	}()
	l.Pause()
}
