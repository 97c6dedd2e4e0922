package pool

import (
	"errors"
	"time"
)

// Used is what all containers of a pool use together.
type Used struct {
	CPU    time.Duration // that processors have worked for them so far, also for those that are gone
	Memory int64         // bytes in use
}

// counting is a driver that can tell.
type counting interface{ Used() (Used, error) }

// Used is what all containers use together; the error says why that is not counted.
func (p *Pool) Used() (Used, error) {
	if d, can := p.driver.(counting); can {
		return d.Used()
	}
	return Used{}, errors.New("what holds the containers does not count them together")
}

// Used is counted by the control group that all processes are in.
func (d *processes) Used() (Used, error) {
	if d.groups == nil {
		return Used{}, errors.New("the containers are in no control group together")
	}
	cpu, err := d.groups.CPUTime()
	if err != nil {
		return Used{}, err
	}
	memory, err := d.groups.Memory()
	return Used{cpu, memory}, err
}
