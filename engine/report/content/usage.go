package content

import "wsk-scenario/engine/result"

// Usage is what one node used while the run went on: a reading at each of the moments At.
type Usage struct {
	Node   string    `json:"node"`
	Source string    `json:"source"` // who has measured it
	Text   string    `json:"text"`   // what it comes to, for people
	CPUs   float64   `json:"cpus,omitempty"`
	Memory float64   `json:"memory_bytes,omitempty"` // both: that the node has, where it is known
	At     []float64 `json:"at_seconds"`             // since the run began
	CPU    []float64 `json:"cpu"`                    // processors in use, on average over the time before that the source sums up over
	InUse  []float64 `json:"in_use_bytes"`           // memory
}

func usageOf(r *result.Result) []Usage {
	list := []Usage{}
	for i := range r.Usage {
		u := &r.Usage[i]
		made := Usage{Node: u.Node, Source: u.Source, Text: u.Text(), CPUs: u.CPUs, Memory: float64(u.Memory)}
		for k, at := range u.At {
			made.At = append(made.At, float64(at)/1000)
			made.CPU, made.InUse = append(made.CPU, float64(u.Milli[k])/1000), append(made.InUse, float64(u.InUse[k])*1024)
		}
		list = append(list, made)
	}
	return list
}
