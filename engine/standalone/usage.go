package standalone

import (
	"cmp"
	"errors"
	"fmt"
	"runtime"
	"time"
)

// Usage is what a node has used.
type Usage struct {
	Node   string
	Source string        // who counts
	CPU    time.Duration // that processors have worked so far
	Memory int64         // bytes in use
	// What the node has.
	CPUs        float64
	MemoryTotal int64 // bytes
}

// machine is the node that nobody described: all of this machine, with whatever else runs on it.
const machine = "this machine"

// Usage is what each node has used so far: the containers of an emulated one, or this machine with everything on it. The error
// says of which node that is not known, and why.
func (s *Server) Usage() (list []Usage, err error) {
	if len(s.invokers.emulated) == 0 {
		one, err := machineUsage()
		if err != nil {
			return nil, fmt.Errorf("what %s uses: %w", machine, err)
		}
		return []Usage{one}, nil
	}
	for i, p := range s.invokers.pools {
		n := s.invokers.nodes[i]
		used, fault := p.Used()
		if fault != nil {
			err = errors.Join(err, fmt.Errorf("what node %s uses: %w", n.Name, fault))
			continue
		}
		list = append(list, Usage{
			Node: n.Name, Source: "the control group of its containers", CPU: used.CPU, Memory: used.Memory,
			CPUs: cmp.Or(n.CPUs, float64(runtime.NumCPU())), MemoryTotal: n.Memory << 20,
		})
	}
	return list, err
}
