package load

import (
	"context"
	"time"

	"wsk-scenario/engine/loop"
)

// tasks is a crew whose users are tasks of a loop. Whoever hands over a call sends it in the same breath: no other goroutine is
// woken for it, nor for its answer.
type tasks struct {
	users
	loop *loop.Loop
	ctx  context.Context // of the load, for the length of Run

	idle   []*worker // the last one to come is the first to go
	made   int
	alive  int // users that are not home yet
	issued int
	gone   bool
	err    error // the first one of Prepare
}

// worker is one user.
type worker struct {
	user int
	task *loop.Task
	job  *order // the next call; nil when there is none
	room order
}

func (t *tasks) warm(calls func() error) (err error) {
	over := false
	t.loop.Start(func() {
		err = calls()
		over = true
	})
	t.loop.While(func() bool { return !over })
	return err
}

func (t *tasks) begin(spare int) bool {
	for range spare {
		t.add(nil)
	}
	t.loop.While(func() bool { return len(t.idle) < spare && t.err == nil && t.ctx.Err() == nil })
	return t.err == nil && t.ctx.Err() == nil
}

func (t *tasks) hand(call Call, due time.Time) bool {
	last := len(t.idle) - 1
	if last < 0 {
		if t.made == t.limit {
			return false
		}
		t.add(&order{call, due})
		return true
	}
	w := t.idle[last]
	t.idle = t.idle[:last]
	w.room = order{call, due}
	w.job = &w.room
	w.task.Resume()
	return true
}

// add makes a user, with its first call if there is one.
func (t *tasks) add(first *order) {
	w := &worker{user: t.share.nth(t.made), job: first}
	t.made++
	t.alive++
	w.task = t.loop.Start(func() {
		defer func() { t.alive-- }()
		t.work(w)
	})
}

// work prepares the user's next call, waits until it is due and makes it, again and again.
func (t *tasks) work(w *worker) {
	for t.ctx.Err() == nil && (w.job != nil || !t.gone) {
		if err := t.shooter.Prepare(t.ctx, w.user); err != nil {
			if t.err == nil {
				t.err = err
			}
			t.loop.End()
			return
		}
		if w.job == nil && !t.wait(w) {
			return
		}
		job := *w.job
		w.job = nil
		t.issued++
		t.shoot(w.user, job)
	}
}

// wait makes the user idle until it has a call; false when the load is over.
func (t *tasks) wait(w *worker) bool {
	if t.gone {
		return false
	}
	t.idle = append(t.idle, w)
	t.loop.Pause()
	return w.job != nil
}

func (t *tasks) rest() (issued, made int, err error) {
	t.gone = true
	for _, w := range t.idle {
		w.task.Resume()
	}
	t.idle = nil
	t.loop.While(func() bool { return t.alive > 0 })
	return t.issued, t.made, t.err
}
