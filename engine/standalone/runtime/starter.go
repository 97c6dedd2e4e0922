package runtime

import (
	"os/exec"
	goruntime "runtime"

	"wsk-scenario/engine/standalone/cgroup"
)

// starter starts all processes from one thread. The kernel kills a child with PDEATHSIG when the *thread* that started it
// ends, not the process; a thread of its own, which lives until close, makes the two the same.
type starter struct {
	jobs chan startJob
	done chan struct{}
}

type startJob struct {
	cmd    *exec.Cmd
	group  *cgroup.Group
	result chan<- error
}

func newStarter() *starter {
	s := &starter{jobs: make(chan startJob), done: make(chan struct{})}
	go s.loop()
	return s
}

func (s *starter) loop() {
	defer close(s.done)
	goruntime.LockOSThread()
	for j := range s.jobs {
		j.result <- j.group.Start(j.cmd)
	}
}

// start starts a program in a group, or in none.
func (s *starter) start(cmd *exec.Cmd, group *cgroup.Group) error {
	result := make(chan error, 1)
	s.jobs <- startJob{cmd, group, result}
	return <-result
}

// close ends the thread, and with it whatever it started and is still alive.
func (s *starter) close() {
	close(s.jobs)
	<-s.done
}
